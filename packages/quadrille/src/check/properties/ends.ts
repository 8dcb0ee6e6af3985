// Which declared end a state of rest is: the end's states of the participants, and its tallies.
import type { EndJson } from "../../contract/json-form.ts";
import type { Exploration } from "../explore/explore.ts";
import { type Field, sagaKey } from "../explore/layout.ts";
import { type Instance, instanceIn } from "../model/world.ts";
import { hasPending, isJoinOpen, localOf, restingStates, valueOf } from "../explore/view.ts";

/** How one saga ended: in one or more ends, in an end but for its tally, or in none. */
export type Ending =
  | { readonly is: "end"; readonly ends: readonly EndJson[] }
  | { readonly is: "tally"; readonly end: EndJson; readonly tally: string; readonly value: number }
  | { readonly is: "none" };

/** Judges the state of rest of one saga. */
export function endingOf(exploration: Exploration, state: number, saga: number): Ending {
  let almost: Ending = noEnding;
  const ends: EndJson[] = [];
  for (const test of testsOf(exploration, saga)) {
    if (!hasStates(exploration, state, test)) continue;
    const wrong = wrongTally(exploration, state, test);
    if (wrong === undefined) ends.push(test.end);
    else if (almost === noEnding) almost = { is: "tally", end: test.end, ...wrong };
  }
  return ends.length > 0 ? { is: "end", ends } : almost;
}

const noEnding: Ending = { is: "none" };

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
    if (hasPending(exploration, state)) continue;
    for (let saga = 1; saga <= exploration.bound.sagas; saga++) {
      yield { state, saga, ending: endingOf(exploration, state, saga) };
    }
  }
}

/** A declared end of one saga, with its names looked up. */
interface EndTest {
  readonly end: EndJson;
  readonly parts: readonly EndPart[];
  readonly tallies: readonly {
    readonly tally: string;
    readonly wanted: number;
    readonly field: Field | undefined;
  }[];
}

interface EndPart {
  readonly instance: Instance;
  /** By the instance's state: 1 where the end has it. */
  readonly fits: Uint8Array;
}

/**
 * By exploration and saga: five properties ask of every state of rest, and to look the names up each time was
 * a tenth of a small check.
 */
const tests = new WeakMap<Exploration, (readonly EndTest[])[]>();

function testsOf(exploration: Exploration, saga: number): readonly EndTest[] {
  const bySaga = tests.get(exploration) ?? [];
  tests.set(exploration, bySaga);
  return (bySaga[saga] ??= exploration.program.world.choreography.ends.flatMap(
    (end) => testOf(exploration, end, saga) ?? [],
  ));
}

/** Undefined where the end names a participant that does not take part in the saga. */
function testOf({ program }: Exploration, end: EndJson, saga: number): EndTest | undefined {
  const parts: EndPart[] = [];
  for (const [participant, wanted] of Object.entries(end.states)) {
    const instance = instanceIn(program.world, participant, saga);
    if (instance === undefined) return undefined;
    const names = typeof wanted === "string" ? [wanted] : wanted;
    parts.push({ instance, fits: fittingStates(instance, names) });
  }
  const tallies = Object.entries(end.tally ?? {}).map(([tally, wanted]) => {
    return { tally, wanted, field: program.layout.fields.get(sagaKey("tally", tally, saga)) };
  });
  return { end, parts, tallies };
}

/** By state: 1 where it has one of the names. An entity that was stopped fits none. */
function fittingStates({ states, stopped }: Instance, names: readonly string[]): Uint8Array {
  const fits = new Uint8Array(stopped + 1);
  for (const [local, state] of states.entries()) if (names.includes(state)) fits[local] = 1;
  return fits;
}

function hasStates(exploration: Exploration, state: number, { parts }: EndTest): boolean {
  return parts.every(
    ({ instance, fits }) =>
      fits[localOf(exploration, state, instance)] === 1 && !isJoinOpen(exploration, state, instance),
  );
}

function wrongTally(
  exploration: Exploration,
  state: number,
  { tallies }: EndTest,
): { readonly tally: string; readonly value: number } | undefined {
  for (const { tally, wanted, field } of tallies) {
    const value = field === undefined ? 0 : valueOf(exploration, state, field);
    if (value !== wanted) return { tally, value };
  }
  return undefined;
}
