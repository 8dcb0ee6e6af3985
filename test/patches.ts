// `npm run patches`: drops each sentence of every clean contract in turn, applies the patch that
// `quadrille check` suggests, and says what is left.
import { check } from "../packages/quadrille/src/check/check.ts";
import type { CheckOptions } from "../packages/quadrille/src/check/model/bound.ts";
import type { ChoreographyJson } from "../packages/quadrille/src/contract/json-form.ts";
import { dropSentences } from "../packages/quadrille/test/dropped-sentences.ts";
import { realistic } from "../packages/quadrille/test/realistic-choreographies.ts";
import { references } from "../packages/quadrille/test/references.ts";

const contracts: readonly (readonly [string, ChoreographyJson])[] = [...references, ...realistic("final")];
const total = { dropped: 0, clean: 0, announced: 0, unannounced: 0, none: 0 };
for (const [name, contract] of contracts) {
  // In any order where it is clean so, and else in the engine's.
  const orders: readonly CheckOptions[] = [{ channel: "bag" }, { channel: "fifo" }];
  const options = orders.find((order) => isClean(contract, order));
  if (options === undefined) continue;
  const own = { dropped: 0, clean: 0, announced: 0, unannounced: 0, none: 0 };
  for (const { result } of dropSentences(contract, options)) {
    own.dropped++;
    own[result]++;
  }
  for (const key of ["dropped", "clean", "announced", "unannounced", "none"] as const) total[key] += own[key];
  process.stdout.write(`${line(name, own)}\n`);
}
process.stdout.write(`${line("all", total)}\n`);
process.exitCode = total.unannounced === 0 ? 0 : 1;

function line(name: string, { dropped, clean, announced, unannounced, none }: typeof total): string {
  const share = dropped === 0 ? "" : ` (${((100 * clean) / dropped).toFixed(0)} %)`;
  return `${name}: ${dropped} dropped, ${clean} restored${share}, ${announced} leave errors that are announced, ${unannounced} that are not, ${none} without a patch`;
}

function isClean(contract: ChoreographyJson, options: CheckOptions): boolean {
  const { findings } = check(contract, { ...options, patches: false, races: false });
  return findings.every(({ severity }) => severity !== "error");
}
