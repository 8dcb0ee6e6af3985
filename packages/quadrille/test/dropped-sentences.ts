// What patches are worth: each sentence is dropped from a clean contract, and the patch that the check then
// suggests is applied.
import { isDeepStrictEqual } from "node:util";
import { applyPatch } from "../src/check/findings/apply-patch.ts";
import { check } from "../src/check/check.ts";
import { explore } from "../src/check/explore/explore.ts";
import { fullStateName, restingStates } from "../src/check/explore/view.ts";
import type { CheckOptions } from "../src/check/model/bound.ts";
import type { Patch } from "../src/check/model/finding.ts";
import type { ChoreographyJson } from "../src/contract/json-form.ts";
import { listSentences, type PlacedSentence } from "../src/contract/json/sentences.ts";

/** What became of a dropped sentence, by name, in words. */
export const dropResults = {
  clean: "restored",
  otherwise: "without errors, but it may end as the original does not",
  announced: "leave errors or lose a message, and say so",
  errors: "leave errors that they do not announce",
  lost: "lose a message without saying so",
  none: "have no patch",
  unnoticed: "are not noticed",
} as const;

/** One sentence dropped, and what became of it. */
export interface Dropped {
  readonly sentence: PlacedSentence;
  readonly result: keyof typeof dropResults;
}

/** Drops every sentence in turn; `never` is no sentence of its own, because it is what is not said. */
export function* dropSentences(contract: ChoreographyJson, options: CheckOptions = {}): Generator<Dropped> {
  const quick = { ...options, races: false };
  const wanted = restsOf(contract, quick);
  for (const sentence of listSentences(contract)) {
    if (sentence.disposition === "never" || sentence.fact !== undefined) continue;
    yield { sentence, result: resultOf(without(contract, sentence), sentence, { wanted, quick }) };
  }
}

function without(
  contract: ChoreographyJson,
  { participant, state, key, trigger }: PlacedSentence,
): ChoreographyJson {
  const copy = structuredClone(contract) as unknown as {
    participants: Record<string, { states: Record<string, Record<string, Record<string, unknown>>> }>;
  };
  delete copy.participants[participant]?.states[state]?.[key]?.[trigger];
  return copy as unknown as ChoreographyJson;
}

interface Original {
  /** In which states it rests. */
  readonly wanted: ReadonlySet<string>;
  readonly quick: CheckOptions;
}

function resultOf(
  contract: ChoreographyJson,
  sentence: PlacedSentence,
  { wanted, quick }: Original,
): Dropped["result"] {
  const found = errorsOf(contract, quick);
  if (found.length === 0) return "unnoticed";
  const { patch } = found.find(({ at }) => at === sentence.at) ?? found.find((one) => one.patch) ?? {};
  const patched = patch === undefined ? undefined : applyPatch(contract, patch);
  if (patch === undefined || patched === undefined) return "none";
  const left = errorsOf(patched, { ...quick, patches: false }).length;
  if (left !== patch.leaves?.errors) return "errors";
  if (losesMessage(sentence, patch)) return patch.loses === true ? "announced" : "lost";
  if (left > 0) return "announced";
  return [...restsOf(patched, quick)].every((rest) => wanted.has(rest)) ? "clean" : "otherwise";
}

function errorsOf(contract: ChoreographyJson, options: CheckOptions) {
  return check(contract, options).findings.filter(({ severity }) => severity === "error");
}

/**
 * Whether a patch ignores, by the word or by staying idle, what the original acts on or keeps; or ignores
 * elsewhere what this message overtook, where the original keeps the message until that has come.
 */
function losesMessage({ at, disposition, state }: PlacedSentence, { operations }: Patch): boolean {
  const ignores = (value: unknown): boolean =>
    value === "ignore" || isDeepStrictEqual(value, [{ to: state }]);
  return operations.some(({ path, value }) =>
    path === at ? ignores(value) && !ignores(disposition) : ignores(value) && disposition === "defer",
  );
}

/** The states of all participants, each time that everything is at rest. */
function restsOf(contract: ChoreographyJson, options: CheckOptions): ReadonlySet<string> {
  const exploration = explore(contract, options);
  const { instances } = exploration.program.world;
  const stateOf = (rest: number): string =>
    instances.map((instance) => fullStateName(exploration, rest, instance)).join(" ");
  return new Set(restingStates(exploration).map(stateOf));
}
