// `bench`: the public benchmarks.
import type { Command } from "commander";
import { seconds } from "../ambient/clock.ts";
import { type Instance, type Scores, scoreInstances } from "../bench/inventorybench.ts";
import { embeddedPlanner } from "../planner/embedded.ts";
import { readInstances } from "./bench-codec.ts";
import { readJson } from "./files.ts";
import type { Shell } from "./terminal.ts";
import { table } from "./table.ts";

/** What stands beside every number of the benchmark. */
const inventoryBenchNote =
  "No leak: the planner sees the orders that it placed and the arrivals, each with its order; not which orders are lost.";

/** Adds the command. */
export function addBench(program: Command, shell: Shell): void {
  const bench = program.command("bench").description("run a public benchmark");
  bench
    .command("inventorybench")
    .argument("<file>", "InventoryBench instances, .json or .json.gz")
    .option("--json", "print one JSON object")
    .description("score the embedded planner on InventoryBench: mean of max(0, reward / (p x demand))")
    .addHelpText(
      "after",
      "\nExample:\n  planner bench inventorybench packages/planner/data/synthetic-r1.json.gz --json\n",
    )
    .action((file: string, options: { readonly json?: true }) => {
      const instances = readInstances(readJson(shell.terminal.cwd, file), file);
      const result = timedScores(instances, shell);
      shell.terminal.out(options.json ? `${JSON.stringify(result)}\n` : inventoryBenchTable(result));
    });
}

/** Scores with the seconds that it took. */
interface TimedScores extends Scores {
  readonly seconds: number;
}

/** Scores all instances with a progress line. */
function timedScores(instances: readonly Instance[], { terminal }: Shell): TimedScores {
  const start = seconds();
  const scores = scoreInstances(embeddedPlanner, instances, (count) => {
    if (count % 20 === 0) terminal.progress(`${count} of ${instances.length} instances`);
  });
  terminal.progress("");
  return { ...scores, seconds: Math.round((seconds() - start) * 10) / 10 };
}

function inventoryBenchTable({ overall, batches, instances, seconds }: TimedScores): string {
  const rows = [...Object.entries(batches), ["all", overall] as const].map(([name, score]) => [
    name,
    score.toFixed(4),
  ]);
  return `${table(["batch", "score"], rows)}\n${instances} instances in ${seconds} s. ${inventoryBenchNote}\n`;
}
