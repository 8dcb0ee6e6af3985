// `npm run bench`: measures what the README promises, prints it, and compares it with the numbers kept in baseline.json.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import { readBaseline, saveBaseline } from "./baseline.ts";
import { runCreateOrder, type CreateOrderResult } from "./create-order.ts";
import { type StoreName, storeNames } from "./databases.ts";
import { pizzaWorkload } from "./pizza-services.ts";
import { createOrderTable } from "./report.ts";

interface Options {
  readonly store: readonly StoreName[];
  readonly inFlight: readonly number[];
  readonly seconds: number;
  readonly folder: string;
  readonly json: boolean;
  readonly save: boolean;
}

const program = new Command("bench")
  .description(
    "Measures the engine: Create Order sagas on real orders, from the command to the declared end.",
  )
  .addOption(
    new Option("--store <names...>", "databases to measure")
      .choices(storeNames)
      .default(["postgres", "pglite"]),
  )
  .option("--in-flight <numbers>", "sagas in flight, separated by commas", wholeNumbers, [1, 16, 64, 256])
  .option("--seconds <n>", "measured time of each run, after warming up", wholeNumber, 5)
  .option(
    "--folder <path>",
    "a folder on the disk to measure",
    fileURLToPath(new URL("../../.quadrille-bench", import.meta.url)),
  )
  .option("--json", "print one JSON document instead of tables", false)
  .option("--save", "keep the results in bench/baseline.json", false)
  .addHelpText(
    "after",
    `
Examples:
  npm run bench                                        all, in about a minute
  npm run bench -- --store postgres --in-flight 64     one run
  npm run bench -- --save                              new baseline`,
  );

await main(program.parse().opts<Options>());

async function main(options: Options): Promise<void> {
  mkdirSync(options.folder, { recursive: true });
  const workload = pizzaWorkload();
  const results: CreateOrderResult[] = [];
  for (const store of options.store) {
    for (const inFlight of options.inFlight) {
      if (!options.json) process.stderr.write(`${store}, ${inFlight} in flight …\n`);
      const run = {
        store,
        inFlight,
        warmUpSagas: inFlight === 1 ? 300 : 3_000,
        seconds: options.seconds,
        folder: options.folder,
      };
      results.push(await runCreateOrder(run, workload));
    }
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ createOrder: results }, undefined, 2)}\n`);
  else process.stdout.write(createOrderTable(results, readBaseline().createOrder));
  if (options.save) saveBaseline({ createOrder: results });
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`"${text}" is not a whole number above zero.`);
}

function wholeNumbers(text: string): readonly number[] {
  return text.split(",").map(wholeNumber);
}
