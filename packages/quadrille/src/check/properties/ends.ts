// Which declared end a state of rest is: the end's states of the participants, and its tallies.
import type { EndJson } from "../../contract/json-form.ts";
import type { Exploration } from "../explore/explore.ts";
import { sagaKey } from "../explore/layout.ts";
import { instanceIn } from "../model/world.ts";
import { factsSeen, localOf, pendingIn, restingStates, valueOf } from "../explore/view.ts";

/** How one saga ended: in one or more ends, in an end but for its tally, or in none. */
export type Ending =
  | { readonly is: "end"; readonly ends: readonly EndJson[] }
  | { readonly is: "tally"; readonly end: EndJson; readonly tally: string; readonly value: number }
  | { readonly is: "none" };

/** Judges the state of rest of one saga. */
export function endingOf(exploration: Exploration, state: number, saga: number): Ending {
  const matching = exploration.program.world.choreography.ends.filter((end) =>
    hasStates(exploration, { state, saga, end }),
  );
  const wrongs = matching.map((end) => ({ end, wrong: wrongTally(exploration, { state, saga, end }) }));
  const ends = wrongs.filter(({ wrong }) => wrong === undefined).map(({ end }) => end);
  if (ends.length > 0) return { is: "end", ends };
  const [first] = wrongs;
  return first?.wrong === undefined ? { is: "none" } : { is: "tally", end: first.end, ...first.wrong };
}

/** A saga at rest, with nothing on its way. */
export interface SettledSaga {
  readonly state: number;
  readonly saga: number;
  readonly ending: Ending;
}

/**
 * Every saga in every state of rest that holds no message; breadth first, so the first of a kind has a
 * shortest path.
 */
export function* settledSagas(exploration: Exploration): IterableIterator<SettledSaga> {
  for (const state of restingStates(exploration)) {
    if (pendingIn(exploration, state).length > 0) continue;
    for (let saga = 1; saga <= exploration.bound.sagas; saga++) {
      yield { state, saga, ending: endingOf(exploration, state, saga) };
    }
  }
}

interface JudgedEnd {
  readonly state: number;
  readonly saga: number;
  readonly end: EndJson;
}

function hasStates(exploration: Exploration, { state, saga, end }: JudgedEnd): boolean {
  return Object.entries(end.states).every(([participant, wanted]) => {
    const instance = instanceIn(exploration.program.world, participant, saga);
    if (instance === undefined) return false;
    const name = instance.states[localOf(exploration, state, instance)];
    if (factsSeen(exploration, state, instance).length > 0) return false;
    return name !== undefined && (typeof wanted === "string" ? wanted === name : wanted.includes(name));
  });
}

function wrongTally(
  exploration: Exploration,
  { state, saga, end }: JudgedEnd,
): { tally: string; value: number } | undefined {
  for (const [tally, wanted] of Object.entries(end.tally ?? {})) {
    const field = exploration.program.layout.fields.get(sagaKey("tally", tally, saga));
    const value = field === undefined ? 0 : valueOf(exploration, state, field);
    if (value !== wanted) return { tally, value };
  }
  return undefined;
}
