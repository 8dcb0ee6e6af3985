// Measures the checker of one checkout and prints the times as JSON: one turn of `npm run bench:check`.
// node --conditions=quadrille-source bench/src/check-turn.ts FOLDER CHANNEL REPEATS
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Checker from "quadrille/check";

/** The times of one workload in milliseconds, and how many states were explored. */
export interface CheckTimes {
  readonly name: string;
  readonly states: number;
  readonly ms: readonly number[];
}

type CheckedJson = Parameters<typeof Checker.check>[0];

const [folder = ".", named = "fifo", repeats = "20"] = process.argv.slice(2);
const root = resolve(folder, "packages/quadrille");
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the checker of either checkout has these
const checker = (await import(pathToFileURL(`${root}/src/check/index.ts`).href)) as typeof Checker;
const channel = (["fifo", "bag", "partition"] as const).find((one) => one === named);
if (channel === undefined) throw new RangeError(`There is no channel mode ${named}.`);
const mode = { channel };

/** A whole check of each contract, then explorations of several sagas: those spend their time on states. */
function* measureAll(): Iterable<CheckTimes> {
  const contracts = `${root}/test/choreographies`;
  const read = (file: string): CheckedJson => {
    const parsed = checker.parseChoreography(JSON.parse(readFileSync(`${contracts}/${file}`, "utf8")));
    if (!parsed.ok) throw new Error(`${file} is malformed`);
    return parsed.choreography;
  };
  for (const file of readdirSync(contracts)) {
    const contract = read(file);
    // A copy each time, as an editor that saves has one: nothing may be remembered of the one before.
    yield timed(file.replace(".json", ""), Number(repeats), () => {
      const copy = structuredClone(contract);
      return () => checker.check(copy, mode).states;
    });
  }
  const plainly = { ...mode, reduce: "never" } as const;
  for (const [file, sagas] of [
    ["create-order.json", 3],
    ["order-lifecycle-with-deadline.json", 2],
  ] as const) {
    const contract = read(file);
    const explore = (): number => checker.explore(contract, { ...plainly, sagas }).space.states;
    yield timed(`${file.replace(".json", "")}, ${sagas} sagas explored`, 2, () => explore);
  }
}

/** Runs twice as often as it measures: the first half warms up. */
function timed(name: string, count: number, prepare: () => () => number): CheckTimes {
  const ms: number[] = [];
  let states = 0;
  for (let index = 0; index < 2 * count; index += 1) {
    const run = prepare();
    const before = performance.now();
    states = run();
    if (index >= count) ms.push(performance.now() - before);
  }
  return { name, states, ms };
}

console.log(JSON.stringify([...measureAll()]));
