// P13: forbidden combinations of states, in every reachable state and not only at the end.
import type { InvariantJson } from "../../contract/json-form.ts";
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding, listedBriefly } from "../model/finding.ts";
import { type Field, maskOf } from "../explore/layout.ts";
import { pathTo, stateName } from "../explore/view.ts";
import { type Instance, instanceIn } from "../model/world.ts";

/** P13: the first state in which each invariant is broken. */
export function checkInvariants(exploration: Exploration): Finding[] {
  const { choreography, bound } = exploration.program.world;
  return choreography.invariants.flatMap((invariant, index) => {
    for (let saga = 1; saga <= bound.sagas; saga++) {
      const parts = partsOf(exploration, invariant, saga);
      const state = firstBroken(exploration, parts);
      if (state >= 0) return [broken(exploration, { parts, state, invariant, index })];
    }
    return [];
  });
}

interface InvariantPart {
  readonly instance: Instance;
  readonly field: Field;
  /** By state: 1 where the invariant forbids it. */
  readonly forbidden: Uint8Array;
  /** The facts of these states: with one of them seen the entity is in another state, a partial one. */
  readonly joins: readonly Field[];
}

function partsOf({ program }: Exploration, invariant: InvariantJson, saga: number): InvariantPart[] {
  return Object.entries(invariant.never).flatMap(([participant, states]) => {
    const instance = instanceIn(program.world, participant, saga);
    const field = instance === undefined ? undefined : program.layout.states[instance.index];
    if (instance === undefined || field === undefined) return [];
    const names: readonly string[] = typeof states === "string" ? [states] : states;
    const forbidden = Uint8Array.from([...instance.states, ""], (state) => (names.includes(state) ? 1 : 0));
    const joins = program.layout.facts.filter((one) => one.instance === instance && names.includes(one.name));
    return [{ instance, field, forbidden, joins }];
  });
}

function firstBroken({ space }: Exploration, parts: readonly InvariantPart[]): number {
  const { arena, words } = space;
  for (let state = 0; state < space.states; state++) {
    const base = state * words;
    if (
      parts.every(
        ({ field, forbidden, joins }) =>
          forbidden[((arena[base + field.word] ?? 0) & maskOf(field)) >> field.shift] === 1 &&
          joins.every((join) => ((arena[base + join.word] ?? 0) & maskOf(join)) === 0),
      )
    ) {
      return state;
    }
  }
  return -1;
}

interface Broken {
  readonly parts: readonly InvariantPart[];
  readonly state: number;
  readonly invariant: InvariantJson;
  readonly index: number;
}

function broken(exploration: Exploration, { parts, state, invariant, index }: Broken): Finding {
  const { arena, words } = exploration.space;
  const where = parts.map(({ instance, field }) => {
    const local = ((arena[state * words + field.word] ?? 0) & maskOf(field)) >> field.shift;
    return `${instance.name} in ${stateName(instance, local)}`;
  });
  const message = `"${invariant.name}" is broken: ${listedBriefly(where)}`;
  return finding("P13", { message, at: `/invariants/${index}`, path: pathTo(exploration, state) });
}
