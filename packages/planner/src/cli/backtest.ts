// `backtest`: recorded demand of one's own, planned through by two planners.
import { type Command, Option } from "commander";
import { seededTaken, type World } from "../backtest/world.ts";
import { dayOf } from "../planner/prepare.ts";
import { readHistory } from "./csv-files.ts";
import { readText, writeText } from "./files.ts";
import { amount, wholeNumber } from "./options.ts";
import { type PlannerName, plannerNames, runAll, runsJson, runsPlot, runsTable } from "./runs.ts";
import type { Shell, Terminal } from "./terminal.ts";
import { UserError } from "./user-error.ts";

interface BacktestOptions {
  readonly planner: PlannerName;
  readonly against: PlannerName;
  readonly promisedDays: number;
  readonly pack: number;
  readonly packPrice: number;
  readonly orderCost: number;
  readonly holding: number;
  readonly shortage: number;
  readonly shelfLife?: number;
  readonly lost: number;
  readonly late: number;
  readonly seed: number;
  readonly warmUp: number;
  readonly svg?: string;
  readonly json?: true;
}

/** Adds the command. */
export function addBacktest(program: Command, { terminal }: Shell): void {
  program
    .command("backtest")
    .argument("<history>", "CSV with the columns day, item, quantity; a row for every item and day")
    .description(
      "run two planners through recorded demand, in a world with one supplier, and compare what they cost",
    )
    .addOption(new Option("--planner <name>", "the planner").choices(plannerNames).default("embedded"))
    .addOption(new Option("--against <name>", "its rival").choices(plannerNames).default("min-max"))
    .option("--promised-days <days>", "days from order to arrival, as promised", amount, 2)
    .option("--pack <units>", "units in a pack", wholeNumber, 1)
    .option("--pack-price <money>", "minor units of money for a pack", amount, 100)
    .option("--order-cost <money>", "minor units of money for an order", amount, 0)
    .option("--holding <money>", "minor units of money for a unit and night", amount, 1)
    .option("--shortage <money>", "minor units of money for a unit that is missing", amount, 20)
    .option("--shelf-life <days>", "days that a unit can be used", wholeNumber)
    .option("--lost <share>", "share of the orders that never come", amount, 0.02)
    .option("--late <share>", "share of the orders that are up to three days late", amount, 0.1)
    .option("--seed <number>", "decides which orders are late or lost", wholeNumber, 1)
    .option("--warm-up <days>", "days of demand that are known before the first order", wholeNumber, 28)
    .option("--svg <file>", "draw the costs")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nExample:\n  planner backtest history.csv --planner embedded --against min-max --pack 10 --order-cost 500",
    )
    .action((file: string, options: BacktestOptions) => backtest(file, options, terminal));
}

function backtest(file: string, options: BacktestOptions, terminal: Terminal): void {
  const world = worldOf(file, options, terminal);
  const names = options.planner === options.against ? [options.planner] : [options.planner, options.against];
  const runs = runAll(world, { warmUpDays: options.warmUp, writeOffDays: 7 }, { names, terminal });
  if (options.svg !== undefined) writeText(terminal.cwd, options.svg, runsPlot(runs, file, world.currency));
  terminal.out(options.json ? `${JSON.stringify(runsJson(runs))}\n` : runsTable(runs, world.currency));
}

function worldOf(file: string, options: BacktestOptions, { cwd }: Terminal): World {
  const { from, demand } = readHistory(readText(cwd, file), file);
  const length = Math.max(...[...demand.values()].map((days) => days.length));
  if (length <= options.warmUp + 7)
    throw new UserError(
      `${file} has ${length} days; after a warm-up of ${options.warmUp} days a week has to be left, see --warm-up.`,
    );
  const { promisedDays, pack, packPrice, holding, shortage, lost, late } = options;
  const reliability = { from: dayOf(from), lost, late, lateDaysMax: 3 };
  return {
    currency: "USD",
    from,
    items: [...demand].map(([id, days]) => ({
      id,
      unit: "piece",
      demand: days,
      offers: [
        {
          supplier: "supplier",
          pack,
          packPrice: Math.round(packPrice),
          promisedDays: Math.round(promisedDays),
        },
      ],
      costs: { holding, shortage },
      ...(options.shelfLife === undefined ? {} : { shelfLifeDays: options.shelfLife }),
    })),
    suppliers: [
      {
        id: "supplier",
        orderCost: Math.round(options.orderCost),
        taken: seededTaken(options.seed, "supplier", [reliability]),
      },
    ],
  };
}
