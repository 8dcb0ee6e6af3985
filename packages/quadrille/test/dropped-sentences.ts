// What patches are worth: each sentence about an event is dropped from a clean contract, and the patch that
// the check then suggests is applied.
import { applyPatch } from "../src/check/findings/apply-patch.ts";
import { check } from "../src/check/check.ts";
import type { CheckOptions } from "../src/check/model/bound.ts";
import type { ChoreographyJson } from "../src/contract/json-form.ts";
import { pointer } from "../src/contract/pointer.ts";
import { sentencesIn } from "../src/contract/trigger-kind.ts";

/** One sentence dropped, and what became of it. */
export interface Dropped {
  readonly at: string;
  /**
   * No patch was offered, one that leaves errors and says so, one that leaves an error that it did not
   * announce, or one that leaves none.
   */
  readonly result: "none" | "announced" | "unannounced" | "clean";
}

/** Drops every sentence about an event in turn whose lack is a P1 at its place. */
export function* dropSentences(contract: ChoreographyJson, options: CheckOptions = {}): Generator<Dropped> {
  for (const place of sentencesOf(contract)) {
    const at = pointer("/participants", place.participant, "states", place.state, "on", place.trigger);
    const result = resultOf(without(contract, place), at, options);
    if (result !== undefined) yield { at, result };
  }
}

function sentencesOf({ participants }: ChoreographyJson): Place[] {
  return Object.entries(participants).flatMap(([participant, { states }]) =>
    Object.entries(states).flatMap(([state, said]) =>
      sentencesIn(said).flatMap(({ key, trigger }) =>
        key === "on" ? [{ participant, state, trigger }] : [],
      ),
    ),
  );
}

interface Place {
  readonly participant: string;
  readonly state: string;
  readonly trigger: string;
}

function without(contract: ChoreographyJson, { participant, state, trigger }: Place): ChoreographyJson {
  const copy = structuredClone(contract) as unknown as {
    participants: Record<string, { states: Record<string, { on?: Record<string, unknown> }> }>;
  };
  delete copy.participants[participant]?.states[state]?.on?.[trigger];
  return copy as unknown as ChoreographyJson;
}

function resultOf(
  contract: ChoreographyJson,
  at: string,
  options: CheckOptions,
): Dropped["result"] | undefined {
  const found = check(contract, { ...options, races: false }).findings.find(
    (one) => one.code === "P1" && one.at === at,
  );
  if (found === undefined) return undefined;
  const patched = found.patch === undefined ? undefined : applyPatch(contract, found.patch);
  if (found.patch === undefined || patched === undefined) return "none";
  const { findings } = check(patched, { ...options, races: false, patches: false });
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length !== found.patch.leaves?.errors) return "unannounced";
  return errors.length === 0 ? "clean" : "announced";
}
