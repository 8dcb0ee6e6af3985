// Two checkouts measured in turn, so that both have the machine as it is, and the medians with their ratio.
// npm run bench:pairs -- OLD NEW [--old-contract NAME] [--new-contract NAME] [--turns N] [--seconds N]
// [--in-flight N]
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import type { CreateOrderResult } from "./create-order.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "old-contract": { type: "string" },
    "new-contract": { type: "string" },
    turns: { type: "string", default: "6" },
    seconds: { type: "string", default: "6" },
    "in-flight": { type: "string", default: "64" },
  },
});
const [old, now] = positionals;
if (old === undefined || now === undefined) {
  console.error("Name two checkouts, each with its packages installed: npm run bench:pairs -- OLD NEW");
  process.exit(2);
}

/** What is compared. */
const measures = {
  "sagas/s": ({ sagasPerSecond }: CreateOrderResult) => sagasPerSecond,
  "p50 ms": ({ latencyMs }: CreateOrderResult) => latencyMs.p50,
  "Node ms/saga": ({ cpuMsPerSaga }: CreateOrderResult) => cpuMsPerSaga,
  "database ms/saga": ({ databaseCpuMsPerSaga = Number.NaN }: CreateOrderResult) => databaseCpuMsPerSaga,
  "WAL B/saga": ({ walBytesPerSaga = Number.NaN }: CreateOrderResult) => walBytesPerSaga,
};

/** A checkout from before there was a choice of contracts is named none. */
function run(folder: string, contract: string | undefined): CreateOrderResult {
  const own = contract === undefined ? [] : ["--contract", contract];
  const fixed = [
    "--workload",
    "create-order",
    "--store",
    "postgres",
    "--json",
    "--in-flight",
    values["in-flight"],
  ];
  const text = execFileSync(
    "npm",
    ["run", "-s", "bench", "--", ...fixed, "--seconds", values.seconds, ...own],
    {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the bench of either checkout prints this
  const { createOrder } = JSON.parse(text) as { readonly createOrder: readonly CreateOrderResult[] };
  const [result] = createOrder;
  if (result === undefined) throw new Error(`the bench in ${folder} printed no result`);
  return result;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const [low = 0, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
}

const pairs: { readonly old: CreateOrderResult; readonly new: CreateOrderResult }[] = [];
console.log("turn\told sagas/s\tnew sagas/s");
for (let turn = 1; turn <= Number(values.turns); turn += 1) {
  const pair = { old: run(old, values["old-contract"]), new: run(now, values["new-contract"]) };
  pairs.push(pair);
  console.log([turn, pair.old.sagasPerSecond.toFixed(0), pair.new.sagasPerSecond.toFixed(0)].join("\t"));
}
console.log("\nmedian of\told\tnew\tnew / old");
for (const [name, of] of Object.entries(measures)) {
  const [before, after] = [
    median(pairs.map((pair) => of(pair.old))),
    median(pairs.map((pair) => of(pair.new))),
  ];
  console.log([name, before.toPrecision(4), after.toPrecision(4), (after / before).toFixed(3)].join("\t"));
}
