// The one small model behind action items, demands, promises, relations, mails and runs: states, the steps
// between them, and a history. The choreographies that replace the files keep these words.
import { DeskError } from "../desk-error.ts";
import type { Step } from "./shape.ts";

/** States, and for each step from which states it leads to which. */
export interface Lifecycle<State extends string, Did extends string> {
  readonly initial: State;
  readonly steps: Readonly<Record<Did, { readonly from: readonly State[]; readonly to: State }>>;
  /** Where nothing is owed any more. */
  readonly ends: readonly State[];
}

/** What changes as a document lives. */
export interface Living<State extends string> {
  readonly id: string;
  readonly state: State;
  readonly history: readonly Step[];
}

/** Who takes the step, when (ISO 8601), and why. */
export interface Taking {
  readonly at: string;
  readonly by: string;
  readonly note?: string | undefined;
}

/**
 * Takes a step: the document in its new state, with the step in its history. `D_REFUSED` when the state does
 * not allow it.
 */
export function take<State extends string, Did extends string, Doc extends Living<State>>(
  lifecycle: Lifecycle<State, Did>,
  doc: Doc,
  { did, at, by, note }: Taking & { readonly did: Did },
): Doc {
  const { from, to } = lifecycle.steps[did];
  if (!from.includes(doc.state)) {
    throw new DeskError("D_REFUSED", `${doc.id} is ${doc.state}; ${did} needs ${oneOf(from)}.`);
  }
  const taken: Step = note === undefined ? { at, by, did } : { at, by, did, note };
  return { ...doc, state: to, history: [...doc.history, taken] };
}

/** "A, B or C". */
export function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
