// `npm run patches`: drops each sentence of every clean contract in turn, applies the patch that
// `quadrille check` suggests, and says what became of it.
import { check } from "../packages/quadrille/src/check/check.ts";
import type { CheckOptions } from "../packages/quadrille/src/check/model/bound.ts";
import type { ChoreographyJson } from "../packages/quadrille/src/contract/json-form.ts";
import { type Dropped, dropSentences, dropResults } from "../packages/quadrille/test/dropped-sentences.ts";
import { shippedContracts } from "./shipped-contracts.ts";

const all: Dropped[] = [];
for (const [name, contract] of shippedContracts()) {
  // In any order where it is clean so, and else in the engine's.
  const orders: readonly CheckOptions[] = [{ channel: "bag" }, { channel: "fifo" }];
  const options = orders.find((order) => isClean(contract, order));
  if (options === undefined) continue;
  const own = [...dropSentences(contract, options)];
  process.stdout.write(`${line(name, own)}\n`);
  all.push(...own);
}
for (const [kind, some] of Map.groupBy(all, ({ sentence }) => sentence.kind))
  process.stdout.write(`${line(`all of kind ${kind}`, some)}\n`);
process.stdout.write(`${line("all", all)}\n`);
const bad = all.filter(({ result }) => result === "errors" || result === "lost");
for (const { sentence, result } of bad) process.stdout.write(`${sentence.at}: ${dropResults[result]}\n`);
process.exitCode = bad.length === 0 ? 0 : 1;

function line(name: string, dropped: readonly Dropped[]): string {
  const noticed = dropped.filter(({ result }) => result !== "unnoticed").length;
  const counts = Object.entries(dropResults).flatMap(([result, words]) => {
    const count = dropped.filter((one) => one.result === result).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const restored = dropped.filter(({ result }) => result === "clean").length;
  const share =
    noticed === 0 ? "" : `; restored of those noticed: ${((100 * restored) / noticed).toFixed(0)} %`;
  return `${name}: ${dropped.length} dropped: ${counts.join(", ")}${share}`;
}

function isClean(contract: ChoreographyJson, options: CheckOptions): boolean {
  const { findings } = check(contract, { ...options, patches: false, races: false });
  return findings.every(({ severity }) => severity !== "error");
}
