// The checkers of two checkouts measured in turn: minimum and median of each contract's check, and the ratio
// of the minima. On a machine that does other work as well, the minimum is what repeats.
// npm run bench:check -- OLD NEW [--channel NAME] [--old-channel NAME] [--turns N] [--repeats N]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { CheckTimes } from "./check-turn.ts";
import { percentiles } from "./percentiles.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    channel: { type: "string", default: "fifo" },
    "old-channel": { type: "string" },
    turns: { type: "string", default: "4" },
    repeats: { type: "string", default: "20" },
  },
});
const [old, now] = positionals;
if (old === undefined || now === undefined) {
  console.error("Name two checkouts, each with its packages installed: npm run bench:check -- OLD NEW");
  process.exit(2);
}

const turn = fileURLToPath(new URL("check-turn.ts", import.meta.url));

function run(folder: string, channel: string): readonly CheckTimes[] {
  const args = ["--conditions=quadrille-source", turn, folder, channel, values.repeats];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the turn prints this
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as readonly CheckTimes[];
}

const before: CheckTimes[] = [];
const after: CheckTimes[] = [];
for (let count = 0; count < Number(values.turns); count += 1) {
  before.push(...run(old, values["old-channel"] ?? values.channel));
  after.push(...run(now, values.channel));
}

const median = (ms: readonly number[]): string => percentiles(ms).p50.toFixed(2);
console.log("check\told min ms\tnew min ms\tnew / old\told median\tnew median\told states\tnew states");
for (const name of new Set(after.map((one) => one.name))) {
  const [first, second] = [before, after].map((all) => all.filter((one) => one.name === name));
  const [a, b] = [first, second].map((all = []) => all.flatMap(({ ms }) => ms));
  const [x, y] = [Math.min(...(a ?? [])), Math.min(...(b ?? []))];
  const states = [first?.[0]?.states, second?.[0]?.states];
  const medians = [median(a ?? []), median(b ?? [])];
  console.log([name, x.toFixed(2), y.toFixed(2), (y / x).toFixed(2), ...medians, ...states].join("\t"));
}
