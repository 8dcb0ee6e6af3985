// Runs of planners through a world, as the commands show them: a table, a plot, JSON.
import { costPlot, type PlottedRun } from "../backtest/plot.ts";
import { fixedLevelsPlanner, minMaxPlanner } from "../backtest/rivals.ts";
import { type Run, simulate } from "../backtest/simulate.ts";
import { parts, saving, type Saving, summary } from "../backtest/summary.ts";
import type { World } from "../backtest/world.ts";
import { tunedLevels } from "../backtest/tune.ts";
import { embeddedPlanner } from "../planner/embedded.ts";
import type { InventoryPlanner } from "../planner/result.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** The planners that can be run, by the name that the command line has for them. */
export const plannerNames = ["embedded", "min-max", "tuned"] as const;
/** One of {@link plannerNames}. */
export type PlannerName = (typeof plannerNames)[number];

/** With its days, for the plot, and its sums. */
export type FinishedRun = PlottedRun;

/** A comparison of the first run with each other one. */
export interface Comparison extends Saving {
  readonly against: string;
}

/** Days on which `tuned` finds its levels, after the warm-up: the first quarter. */
const tuningDays = 62;

/** Runs the planners one after another, with a progress line. */
export function runAll(
  world: World,
  run: Run,
  { names, terminal }: { readonly names: readonly PlannerName[]; readonly terminal: Terminal },
): readonly FinishedRun[] {
  const values = world.items.map(({ offers }) =>
    Math.min(...offers.map(({ packPrice, pack }) => packPrice / pack)),
  );
  const finished = names.map((name) => {
    terminal.progress(name === "tuned" ? "tuned: finding levels" : name);
    const planner = plannerOf(name, world, run);
    let days = 0;
    const outcome = simulate(world, planner, {
      ...run,
      watch: (snapshot, day) => {
        days += 1;
        if (days % 10 === 0) terminal.progress(`${name}: ${snapshot.asOf}`);
        if (name === names[0]) run.watch?.(snapshot, day);
      },
    });
    return { name, outcome, summary: summary(outcome, values) };
  });
  terminal.progress("");
  return finished;
}

function plannerOf(name: PlannerName, world: World, run: Run): InventoryPlanner {
  switch (name) {
    case "embedded":
      return embeddedPlanner;
    case "min-max":
      return minMaxPlanner({ safetyDays: 3, cycleDays: 4 });
    case "tuned":
      return fixedLevelsPlanner(
        tunedLevels(world, { ...run, days: Math.min(tuningDays, run.days ?? tuningDays) }),
      );
  }
}

/** How much less the first run cost than each other one. */
export function comparisons([first, ...others]: readonly FinishedRun[]): readonly Comparison[] {
  if (first === undefined) return [];
  return others.map(({ name, outcome }) => ({ against: name, ...saving(first.outcome, outcome) }));
}

/** The runs as a table with the comparisons under it. */
export function runsTable(runs: readonly FinishedRun[], currency: string): string {
  const money = (minor: number): string => Math.round(minor / 100).toLocaleString("en-US");
  const rows = runs.map(({ name, summary: { total, costs, fillRate, turns, bullwhip } }) => [
    name,
    money(total),
    ...parts.map((part) => money(costs[part])),
    `${(fillRate * 100).toFixed(2)} %`,
    turns.toFixed(1),
    bullwhip.toFixed(1),
  ]);
  const head = ["planner", "total", ...parts, "fill rate", "turns", "bullwhip"];
  const lines = comparisons(runs).map(
    ({ against, saving: share, low, high }) =>
      `${runs[0]?.name ?? ""} costs ${percent(Math.abs(share))} ${share < 0 ? "more" : "less"} than ${against} (saving with its 95 % interval: ${percent(low)} to ${percent(high)}, paired bootstrap over weeks).\n`,
  );
  return `${table(head, rows)}\nMoney in ${currency}.\n${lines.join("")}`;
}

/** For `--json`: the sums of each, and the comparisons. */
export function runsJson(runs: readonly FinishedRun[]): object {
  return { runs: runs.map(({ name, summary }) => ({ name, ...summary })), comparisons: comparisons(runs) };
}

/** The runs as a picture. */
export function runsPlot(runs: readonly FinishedRun[], title: string, currency: string): string {
  return costPlot(runs, { title, currency });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
