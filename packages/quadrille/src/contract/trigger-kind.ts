// The kinds of trigger, and the keys under which a state of the JSON form lists them: the one table where the
// two meet.
import type { DispositionJson, OutcomeJson, StateJson } from "./json-form.ts";

/**
 * The keys of a state that list triggers, each with the kind of the triggers under it. A timeout is a
 * deadline.
 */
const kinds = {
  on: "event",
  commands: "command",
  deadlines: "deadline",
  timeouts: "deadline",
  activities: "activity",
} as const;

/** A key of a state in the JSON form that lists triggers. */
export type StateKey = keyof typeof kinds;

/** What a reaction can be a reaction to: the word in code, tables, messages and answers. */
export type TriggerKind = (typeof kinds)[StateKey];

/** The keys in the order in which a state is read and written. */
export const stateKeys: readonly StateKey[] = ["on", "commands", "deadlines", "timeouts", "activities"];

/** The kind of the triggers under a key. */
export function kindOf(key: StateKey): TriggerKind {
  return kinds[key];
}

/** The key under which a trigger of a kind stands. */
export function stateKeyOf(kind: TriggerKind, isTimeout = false): StateKey {
  const found = stateKeys.find((key) => kinds[key] === kind && (key === "timeouts") === isTimeout);
  return found ?? "on";
}

/** What a state of the JSON form says about one trigger. */
export interface SentenceJson {
  readonly key: StateKey;
  readonly kind: TriggerKind;
  readonly trigger: string;
  readonly disposition: DispositionJson;
}

/** Everything that a state says about triggers, key by key. */
export function sentencesIn(state: StateJson): readonly SentenceJson[] {
  const sentences: SentenceJson[] = [];
  for (const key of stateKeys) {
    for (const [trigger, disposition] of Object.entries(state[key] ?? {}))
      sentences.push({ key, kind: kinds[key], trigger, disposition });
  }
  return sentences;
}

/** The outcomes of all that a state says, its join's last. */
export function outcomesIn(state: StateJson): readonly OutcomeJson[] {
  const outcomes = sentencesIn(state).flatMap(({ disposition }) =>
    typeof disposition === "string" ? [] : disposition,
  );
  return [...outcomes, ...(state.join?.outcomes ?? [])];
}
