// `bench`: the public benchmarks.
import type { Command } from "commander";
import { busySeconds, seconds } from "../ambient/clock.ts";
import { forecastErrors, type ForecastErrors } from "../bench/forecast.ts";
import { type Instance, type Scores, scoreInstances } from "../bench/inventorybench.ts";
import { type Gap, lostSalesOracles, type OracleRow, policyGaps, policyOracles } from "../bench/oracles.ts";
import { embeddedPlanner } from "../planner/embedded.ts";
import { readInstances, readSeries } from "./bench-files.ts";
import { readJson } from "./files.ts";
import { wholeNumber } from "./options.ts";
import { table } from "./table.ts";
import type { Shell } from "./terminal.ts";
import { exitCodes, UserError } from "./user-error.ts";

/** What stands beside every number of the benchmark. */
export const inventoryBenchNote =
  "No leak: the planner sees the orders that it placed and the arrivals, each with its order, and not which orders are lost.";

interface BenchOptions {
  readonly json?: true;
}

interface ForecastOptions extends BenchOptions {
  readonly horizon: number;
  readonly season: number;
}

/** Adds the command. */
export function addBench(program: Command, shell: Shell): void {
  const { terminal } = shell;
  const bench = program.command("bench").description("run a public benchmark");
  bench
    .command("inventorybench")
    .argument("<file>", "InventoryBench instances, .json or .json.gz")
    .option("--json", "print one JSON object")
    .description("score the embedded planner on InventoryBench: mean of max(0, reward / (p x demand))")
    .addHelpText(
      "after",
      "\nExample:\n  planner bench inventorybench packages/planner/data/synthetic-r1.json.gz --json",
    )
    .action((file: string, { json }: BenchOptions) => {
      const result = timedScores(readInstances(readJson(terminal.cwd, file), file), shell);
      terminal.out(json ? `${JSON.stringify(result)}\n` : inventoryBenchTable(result));
    });
  bench
    .command("forecast")
    .argument("<file>", "a list of series, each a list of numbers, .json or .json.gz")
    .option("--horizon <periods>", "periods at the end of each series that are forecast", wholeNumber, 12)
    .option("--season <periods>", "periods of a cycle; 1 for none", wholeNumber, 12)
    .option("--json", "print one JSON object")
    .description("forecast the last periods of each series: WQL, MASE, coverage of the 80 % interval")
    .addHelpText(
      "after",
      "\nExample:\n  planner bench forecast packages/planner/data/hospital-half.json.gz --horizon 12 --season 12",
    )
    .action((file: string, { json, ...cut }: ForecastOptions) => {
      const result = timedErrors(file, cut, shell);
      terminal.out(json ? `${JSON.stringify(result)}\n` : forecastTable(result));
    });
  bench
    .command("oracles")
    .option("--json", "print one JSON object")
    .description("the policies against published values and the lost-sales optimum")
    .action(({ json }: BenchOptions) => {
      const { rows, gaps } = oracles(shell);
      terminal.out(json ? `${JSON.stringify({ rows, gaps })}\n` : oracleTables(rows, gaps));
      if (rows.some((row) => !agrees(row))) shell.exit(exitCodes.findings);
    });
}

/** Whether a computed value is what was published. */
function agrees({ value, published, within }: OracleRow): boolean {
  return Math.abs(value - published) <= within;
}

/** Scores with the seconds that it took. */
export interface TimedScores extends Scores {
  readonly seconds: number;
  /** Of them, those in which a processor was busy. */
  readonly busySeconds: number;
}

/** Scores all instances with a progress line. */
export function timedScores(instances: readonly Instance[], { terminal }: Shell): TimedScores {
  const start = seconds();
  const busy = busySeconds();
  const scores = scoreInstances(embeddedPlanner, instances, (count) => {
    if (count % 20 === 0) terminal.progress(`${count} of ${instances.length} instances`);
  });
  terminal.progress("");
  return { ...scores, seconds: rounded(seconds() - start), busySeconds: rounded(busySeconds() - busy) };
}

/** Errors with the seconds that it took. */
export interface TimedErrors extends ForecastErrors {
  readonly seconds: number;
}

/** Forecasts the series of a file with a progress line. */
export function timedErrors(
  file: string,
  cut: { readonly horizon: number; readonly season: number },
  { terminal }: Shell,
): TimedErrors {
  const series = readSeries(readJson(terminal.cwd, file), file);
  const start = seconds();
  try {
    const errors = forecastErrors(series, cut, (count) => {
      if (count % 100 === 0) terminal.progress(`${count} of ${series.length} series`);
    });
    terminal.progress("");
    return { ...errors, seconds: rounded(seconds() - start) };
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

/** All oracles, with a progress line. */
export function oracles({ terminal }: Shell): {
  readonly rows: readonly OracleRow[];
  readonly gaps: readonly Gap[];
} {
  terminal.progress("lost-sales optima by value iteration");
  const rows = [...policyOracles(), ...lostSalesOracles()];
  terminal.progress("policies against the lost-sales optimum");
  const gaps = policyGaps();
  terminal.progress("");
  return { rows, gaps };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function inventoryBenchTable({ overall, batches, instances, seconds }: TimedScores): string {
  const rows = [...Object.entries(batches), ["all", overall] as const].map(([name, score]) => [
    name,
    score.toFixed(4),
  ]);
  return `${table(["batch", "score"], rows)}\n${instances} instances in ${seconds} s. ${inventoryBenchNote}\n`;
}

function forecastTable({ wql, mase, coverage, series, seconds }: TimedErrors): string {
  const rows = [
    ["WQL", wql.toFixed(4)],
    ["MASE", mase.toFixed(4)],
    ["coverage of .1 to .9", coverage.toFixed(4)],
  ];
  return `${table(["measure", "value"], rows)}\n${series} series in ${seconds} s.\n`;
}

function oracleTables(rows: readonly OracleRow[], gaps: readonly Gap[]): string {
  const values = rows.map((row) => [
    row.name,
    row.value.toFixed(4),
    String(row.published),
    agrees(row) ? "agrees" : `differs by more than ${row.within}`,
  ]);
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  const above = gaps.map((gap) => [
    String(gap.shortage),
    percent(gap.projectedInventory),
    percent(gap.cappedBaseStock),
  ]);
  return [
    table(["value", "ours", "published", ""], values),
    "Above the lost-sales optimum, Poisson demand of mean 5, lead time 4, each policy with its best parameters:\n",
    table(["shortage cost", "projected inventory level", "capped base-stock"], above),
  ].join("\n");
}
