// `pizza-year`: the pizza place's year by ingredient, the embedded planner against its rivals.
import { type Command, InvalidArgumentError } from "commander";
import type { Run } from "../backtest/simulate.ts";
import type { World } from "../backtest/world.ts";
import { type Losing, pizzaYear } from "../pizza-year/year.ts";
import { parseDay } from "../time/day.ts";
import { readMenu, readSold } from "./csv-files.ts";
import { readText, writeText } from "./files.ts";
import { wholeNumber } from "./options.ts";
import { plannerNames, runAll, runsJson, runsPlot, runsTable } from "./runs.ts";
import type { Shell, Terminal } from "./terminal.ts";
import { UserError } from "./user-error.ts";

/** Where the pizza place keeps its year, from the root of the repository. */
const ordersFile = "apps/pizza-place/data/pizzaplace.csv.gz";
const menuFile = "apps/pizza-place/data/pizza-types.csv";

interface PizzaYearOptions {
  readonly orders: string;
  readonly menu: string;
  readonly seed: number;
  readonly days?: number;
  readonly losing?: string;
  readonly losingFrom: string;
  readonly losingShare: number;
  readonly snapshot?: string;
  readonly out?: string;
  readonly only?: true;
  readonly svg?: string;
  readonly json?: true;
}

/** Adds the command. */
export function addPizzaYear(program: Command, { terminal }: Shell): void {
  program
    .command("pizza-year")
    .description(
      "run the pizza place's year by ingredient: embedded planner, min/max, and (s,S) tuned with hindsight",
    )
    .option("--orders <file>", "the year's pizzas, CSV", ordersFile)
    .option("--menu <file>", "the menu, CSV", menuFile)
    .option("--seed <number>", "decides which orders are late or lost", wholeNumber, 1)
    .option("--days <number>", "stop after so many days", wholeNumber)
    .option("--losing <supplier>", "a supplier that begins to lose orders")
    .option("--losing-from <day>", "the day on which that begins", day, "2015-06-01")
    .option("--losing-share <share>", "the share of its orders that is lost from then on", share, 0.33)
    .option(
      "--snapshot <day>",
      "write what the planner sees on that day, for `planner why`; needs --out",
      day,
    )
    .option("--out <file>", "where to write the snapshot")
    .option("--only", "run the embedded planner alone")
    .option("--svg <file>", "draw the costs")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nExamples:\n  planner pizza-year --svg year.svg\n  planner pizza-year --only --losing greengrocer --snapshot 2015-06-20 --out june.json",
    )
    .action((options: PizzaYearOptions) => pizzaYearCommand(options, terminal));
}

function pizzaYearCommand(options: PizzaYearOptions, terminal: Terminal): void {
  if ((options.snapshot === undefined) !== (options.out === undefined))
    throw new UserError("--snapshot and --out go together: the day, and the file that it is written to.");
  const world = readYear(options, terminal);
  let written = false;
  const run: Run = {
    ...pizzaYearRun(options.days),
    watch: (snapshot) => {
      if (snapshot.asOf !== options.snapshot || options.out === undefined) return;
      writeText(terminal.cwd, options.out, `${JSON.stringify(snapshot)}\n`);
      written = true;
    },
  };
  const runs = runAll(world, run, { names: options.only ? ["embedded"] : plannerNames, terminal });
  if (options.snapshot !== undefined && !written)
    throw new UserError(
      `The run has no day ${options.snapshot}; it begins after four weeks of warm-up and ends with the data.`,
    );
  if (options.svg !== undefined)
    writeText(terminal.cwd, options.svg, runsPlot(runs, "The pizza place's year", world.currency));
  terminal.out(options.json ? `${JSON.stringify(runsJson(runs))}\n` : runsTable(runs, world.currency));
}

/** The run of the year: four weeks are known before the first order. */
export function pizzaYearRun(days?: number): Run {
  return { warmUpDays: 28, writeOffDays: 7, ...(days === undefined ? {} : { days }) };
}

/** The world of the year from its files. */
function readYear(
  options: Pick<PizzaYearOptions, "orders" | "menu" | "seed" | "losing" | "losingFrom" | "losingShare">,
  { cwd }: Terminal,
): World {
  const sold = readSold(readText(cwd, options.orders), options.orders);
  const menu = readMenu(readText(cwd, options.menu), options.menu);
  const losing: Losing | undefined =
    options.losing === undefined
      ? undefined
      : { supplier: options.losing, from: options.losingFrom, share: options.losingShare };
  try {
    const world = pizzaYear(sold, menu, { seed: options.seed, ...(losing === undefined ? {} : { losing }) });
    if (losing !== undefined && !world.suppliers.some(({ id }) => id === losing.supplier))
      throw new UserError(
        `No supplier ${losing.supplier}; there are ${world.suppliers.map(({ id }) => id).join(", ")}.`,
      );
    return world;
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${options.orders}: ${error.message}`);
    throw error;
  }
}

/** Orders and menu of the package's own data, with seed 1. */
export function shippedYear(terminal: Terminal): World {
  return readYear(
    { orders: ordersFile, menu: menuFile, seed: 1, losingFrom: "2015-06-01", losingShare: 0 },
    terminal,
  );
}

function day(text: string): string {
  if (parseDay(text) === undefined) throw new InvalidArgumentError("Give a day as YYYY-MM-DD.");
  return text;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError("Give a share between 0 and 1.");
  return value;
}
