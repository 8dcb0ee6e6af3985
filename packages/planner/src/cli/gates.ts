// `gates`: every gate in one table.
import type { Command } from "commander";
import { seconds } from "../ambient/clock.ts";
import { type Gate, gateHead, gateRow, standing } from "../bench/gates.ts";
import { embeddedPlanner } from "../planner/embedded.ts";
import type { PlanningSnapshot } from "../planner/snapshot.ts";
import { inventoryBenchNote, oracles, timedErrors, timedScores } from "./bench.ts";
import { readInstances } from "./bench-files.ts";
import { readJson, writeText } from "./files.ts";
import { pizzaYearRun, shippedYear } from "./pizza-year.ts";
import { comparisons, type FinishedRun, plannerNames, runAll, runsPlot, runsTable } from "./runs.ts";
import { table } from "./table.ts";
import type { Shell } from "./terminal.ts";
import { exitCodes } from "./user-error.ts";

interface GatesOptions {
  readonly inventorybench: string;
  readonly carparts: string;
  readonly hospital: string;
  readonly docs?: string;
  readonly json?: true;
}

const data = "packages/planner/data";

/** Adds the command. */
export function addGates(program: Command, shell: Shell): void {
  program
    .command("gates")
    .description("measure everything, and hold it against the gates; the exit code is 1 where one fails")
    .option("--inventorybench <file>", "InventoryBench instances", `${data}/synthetic-r1.json.gz`)
    .option("--carparts <file>", "monthly series, mostly zero", `${data}/carparts-half.json.gz`)
    .option("--hospital <file>", "monthly series with seasons", `${data}/hospital-half.json.gz`)
    .option("--docs <folder>", "write the table and the plot of the documentation")
    .option("--json", "print one JSON object")
    .action((options: GatesOptions) => {
      const start = seconds();
      const { gates, runs } = measure(options, shell);
      const failed = gates.filter((gate) => standing(gate) === "failed").length;
      const took = Math.round(seconds() - start);
      if (options.json)
        shell.terminal.out(
          `${JSON.stringify({ gates: gates.map((gate) => ({ ...gate, standing: standing(gate) })), seconds: took })}\n`,
        );
      else {
        const end = failed === 0 ? "every gate is passed" : `${failed} failed`;
        shell.terminal.out(
          `${table(gateHead, gates.map(gateRow))}\n${inventoryBenchNote}\n${gates.length} gates in ${took} s: ${end}.\n`,
        );
      }
      if (options.docs !== undefined) writeDocs(options.docs, { gates, runs }, shell);
      if (failed > 0) shell.exit(exitCodes.findings);
    });
}

interface Measured {
  readonly gates: readonly Gate[];
  readonly runs: readonly FinishedRun[];
}

function measure(options: GatesOptions, shell: Shell): Measured {
  const { terminal } = shell;
  const year = shippedYear(terminal);
  let seen: PlanningSnapshot | undefined;
  const watch = (snapshot: PlanningSnapshot): void => {
    seen = snapshot;
  };
  const runs = runAll(year, { ...pizzaYearRun(), watch }, { names: plannerNames, terminal });
  const gates = [
    ...inventoryBenchGates(options, shell),
    ...oracleGates(shell),
    ...forecastGates(options, shell),
    ...yearGates(runs),
    repeatGate(seen),
  ];
  return { gates, runs };
}

function inventoryBenchGates({ inventorybench }: GatesOptions, shell: Shell): readonly Gate[] {
  const { overall, batches, instances, busySeconds } = timedScores(
    readInstances(readJson(shell.terminal.cwd, inventorybench), inventorybench),
    shell,
  );
  const batch = (name: string, atLeast: number): Gate => ({
    name: `InventoryBench, ${name}`,
    value: batches[name] ?? Number.NaN,
    must: { atLeast },
    digits: 4,
  });
  return [
    {
      name: "InventoryBench, all",
      value: overall,
      must: { atLeast: 0.68 },
      stretch: { atLeast: 0.7 },
      digits: 4,
    },
    batch("lead_time_0", 0.865),
    batch("lead_time_4", 0.655),
    batch("lead_time_stochastic", 0.505),
    {
      name: "seconds of one core for 1,320 instances",
      value: (busySeconds * 1_320) / instances,
      must: { atMost: 60 },
      stretch: { atMost: 15 },
      digits: 1,
    },
  ];
}

function oracleGates(shell: Shell): readonly Gate[] {
  const { rows, gaps } = oracles(shell);
  const off = (some: typeof rows): number =>
    Math.max(...some.map(({ value, published }) => Math.abs(value - published)));
  const lost = rows.filter(({ name }) => name.startsWith("lost sales"));
  const percent = (shares: readonly number[]): number => 100 * Math.max(...shares);
  const near = { must: { atMost: 2 }, stretch: { atMost: 1.2 }, digits: 2 };
  return [
    {
      name: "textbook policies, largest difference",
      value: off(rows.filter((row) => !lost.includes(row))),
      must: { atMost: 1e-3 },
      digits: 5,
    },
    {
      name: "lost-sales optima (Zipkin), largest difference",
      value: off(lost),
      must: { atMost: 0.005 },
      digits: 4,
    },
    {
      name: "projected inventory level above the optimum, %",
      value: percent(gaps.map((gap) => gap.projectedInventory)),
      ...near,
    },
    {
      name: "capped base-stock above the optimum, %",
      value: percent(gaps.map((gap) => gap.cappedBaseStock)),
      ...near,
    },
  ];
}

function forecastGates({ carparts, hospital }: GatesOptions, shell: Shell): readonly Gate[] {
  const cut = { horizon: 12, season: 12 };
  const parts = timedErrors(carparts, cut, shell);
  const patients = timedErrors(hospital, cut, shell);
  return [
    {
      name: "car parts, WQL",
      value: parts.wql,
      must: { atMost: 0.895 },
      stretch: { atMost: 0.88 },
      digits: 4,
    },
    {
      name: "hospital, WQL",
      value: patients.wql,
      must: { atMost: 0.048 },
      stretch: { atMost: 0.046 },
      digits: 4,
    },
    {
      name: "hospital, 80 % intervals cover, %",
      value: 100 * patients.coverage,
      must: { atLeast: 75, atMost: 85 },
      digits: 1,
    },
  ];
}

function yearGates(runs: readonly FinishedRun[]): readonly Gate[] {
  const own = runs[0]?.summary.fillRate ?? Number.NaN;
  return comparisons(runs).flatMap(({ against, saving }) => {
    const rival = runs.find(({ name }) => name === against)?.summary.fillRate ?? Number.NaN;
    return [
      {
        name: `pizza year, saving against ${against}, %`,
        value: 100 * saving,
        must: { atLeast: 0 },
        stretch: { atLeast: 10 },
        digits: 1,
      },
      {
        name: `pizza year, fill rate over that of ${against}, %`,
        value: 100 * (own - rival),
        must: { atLeast: 0 },
        digits: 2,
      },
    ];
  });
}

/** The same snapshot, read again from its bytes with its keys turned round: the number of differing plans. */
function repeatGate(snapshot: PlanningSnapshot | undefined): Gate {
  const once = snapshot === undefined ? "" : JSON.stringify(embeddedPlanner.plan(snapshot));
  const turned = Object.fromEntries(Object.entries({ ...snapshot }).toReversed());
  const again =
    snapshot === undefined ? "none" : JSON.stringify(embeddedPlanner.plan({ ...snapshot, ...turned }));
  return {
    name: "same snapshot, other bytes in the plan",
    value: once === again ? 0 : 1,
    must: { atMost: 0 },
    digits: 0,
  };
}

function writeDocs(folder: string, { gates, runs }: Measured, { terminal }: Shell): void {
  const rows = gates.map(gateRow);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const page = [
    "# Measured",
    "",
    "Made by `npm run planner -- gates --docs docs/planner`; the numbers are those of that run.",
    "",
    line(gateHead),
    line(gateHead.map(() => "---")),
    ...rows.map(line),
    "",
    `InventoryBench: ${inventoryBenchNote} The files were tuned on; others were not seen.`,
    "",
    "## The pizza place's year",
    "",
    "```",
    runsTable(runs, "USD").trimEnd(),
    "```",
    "",
    "![Costs of the year by planner](pizza-year.svg)",
    "",
  ];
  writeText(terminal.cwd, `${folder}/gates.md`, page.join("\n"));
  writeText(terminal.cwd, `${folder}/pizza-year.svg`, runsPlot(runs, "The pizza place's year", "USD"));
}
