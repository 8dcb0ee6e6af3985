// `npm run bench`: measures what the README promises, prints it, and compares it with the numbers kept in
// baseline.json.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import { readBaseline, saveBaseline } from "./baseline.ts";
import { type CheckerResult, runChecker } from "./checker.ts";
import { runCreateOrder, type CreateOrderResult } from "./create-order.ts";
import { type StoreName, storeNames } from "./databases.ts";
import { type ContractName, contractNames, pizzaWorkload } from "./pizza-services.ts";
import { runProcesses, type SagaOrder, sagaOrders } from "./processes.ts";
import { type OwnTableResult, runOwnTable } from "./own-table.ts";
import { checkerTable, createOrderTable, ownTableTable, processesTable } from "./report.ts";

const workloads = ["create-order", "checker", "own-table"] as const;
type Workload = (typeof workloads)[number];

interface Options {
  readonly workload: readonly Workload[];
  readonly store: readonly StoreName[];
  readonly inFlight: readonly number[];
  readonly contract: ContractName;
  readonly seconds: number;
  readonly processes?: readonly number[];
  readonly lanes?: readonly number[];
  readonly order: readonly SagaOrder[];
  readonly turns: number;
  readonly folder: string;
  readonly json: boolean;
  readonly save: boolean;
}

const program = new Command("bench")
  .description(
    "Measures the engine (Create Order sagas on real orders, from the command to the declared end) and the checker.",
  )
  .addOption(
    new Option("--workload <names...>", "what to measure")
      .choices(workloads)
      .default(["create-order", "checker"]),
  )
  .addOption(
    new Option("--store <names...>", "databases to measure")
      .choices(storeNames)
      .default(["postgres", "pglite"]),
  )
  .option("--in-flight <numbers>", "sagas in flight, separated by commas", wholeNumbers, [1, 16, 64, 256])
  .addOption(
    new Option("--contract <name>", "which contract the orders go through")
      .choices(contractNames)
      .default("life"),
  )
  .option("--seconds <n>", "measured time of each run, after warming up", wholeNumber, 5)
  .option(
    "--folder <path>",
    "a folder on the disk to measure",
    fileURLToPath(new URL("../../.quadrille-bench", import.meta.url)),
  )
  .option(
    "--processes <numbers>",
    "instead: the same services in this many processes on PostgreSQL",
    wholeNumbers,
  )
  .option(
    "--lanes <numbers>",
    "with --processes or own-table: this many lanes; as many as processes by default",
    wholeNumbers,
  )
  .addOption(
    new Option("--order <names...>", "with --processes: in one lane from their beginning, or in all lanes")
      .choices(sagaOrders)
      .default(["together"]),
  )
  .option("--turns <n>", "with --processes: how often each is measured, one after the other", wholeNumber, 3)
  .option("--json", "print one JSON document instead of tables", false)
  .option("--save", "keep the results in bench/baseline.json", false)
  .addHelpText(
    "after",
    `
Examples:
  npm run bench                                        all, in some minutes
  npm run bench -- --store postgres --in-flight 64     one run
  npm run bench -- --processes 1,2,3                   one, two and three processes, in turn
  npm run bench:pairs -- OLD . --new-contract create-order   two checkouts in turn, and their ratio
  npm run bench:check -- OLD .                         the checkers of two checkouts in turn
  npm run bench:reset                                  resetting the session after each \`transact\` handler
  npm run bench -- --workload own-table --in-flight 512   a service's own table, order by order and all at once
  npm run bench -- --save                              new baseline`,
  );

await main(program.parse().opts<Options>());

async function main(options: Options): Promise<void> {
  mkdirSync(options.folder, { recursive: true });
  if (options.processes !== undefined) return processesMain(options, options.processes);
  const createOrder = options.workload.includes("create-order") ? await engineResults(options) : [];
  const checker = options.workload.includes("checker") ? checkerResults(options) : [];
  const ownTable = options.workload.includes("own-table") ? await ownTableResults(options) : [];
  if (options.json)
    process.stdout.write(`${JSON.stringify({ createOrder, checker, ownTable }, undefined, 2)}\n`);
  else process.stdout.write(tables(createOrder, checker) + ownTableTable(ownTable));
  if (options.save) saveBaseline({ createOrder, checker });
}

async function processesMain(options: Options, numbers: readonly number[]): Promise<void> {
  const { seconds, folder, turns } = options;
  const inFlight = options.inFlight.at(-1) ?? 64;
  const runs = options.order.flatMap((order) =>
    numbers.flatMap((processes) =>
      (options.lanes ?? [processes]).map((lanes) => ({ processes, lanes, inFlight, order, seconds, folder })),
    ),
  );
  const results = await runProcesses(runs, { turns, onRun: (what) => progress(options, what) });
  process.stdout.write(options.json ? `${JSON.stringify(results, undefined, 2)}\n` : processesTable(results));
}

async function engineResults(options: Options): Promise<readonly CreateOrderResult[]> {
  const workload = pizzaWorkload(options.contract);
  const results: CreateOrderResult[] = [];
  for (const store of options.store) {
    for (const inFlight of options.inFlight) {
      progress(options, `${store}, ${inFlight} in flight …`);
      const warmUpSagas = inFlight === 1 ? 300 : 3_000;
      const { seconds, folder } = options;
      results.push(await runCreateOrder({ store, inFlight, warmUpSagas, seconds, folder }, workload));
    }
  }
  return results;
}

async function ownTableResults(options: Options): Promise<readonly OwnTableResult[]> {
  const results: OwnTableResult[] = [];
  for (const store of options.store) {
    for (const lanes of options.lanes ?? [1]) {
      for (const inFlight of options.inFlight) {
        progress(options, `own table, ${store}, ${lanes} lanes, ${inFlight} in flight …`);
        const { seconds, folder } = options;
        results.push(...(await runOwnTable({ store, lanes, inFlight, seconds, folder })));
      }
    }
  }
  return results;
}

function checkerResults(options: Options): readonly CheckerResult[] {
  progress(options, "checker …");
  return runChecker();
}

function tables(createOrder: readonly CreateOrderResult[], checker: readonly CheckerResult[]): string {
  const kept = readBaseline();
  const parts = [
    ...(createOrder.length > 0 ? [createOrderTable(createOrder, kept.createOrder)] : []),
    ...(checker.length > 0 ? [checkerTable(checker, kept.checker)] : []),
  ];
  return parts.join("\n");
}

function progress(options: Options, text: string): void {
  if (!options.json) process.stderr.write(`${text}\n`);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`"${text}" is not a whole number above zero.`);
}

function wholeNumbers(text: string): readonly number[] {
  return text.split(",").map(wholeNumber);
}
