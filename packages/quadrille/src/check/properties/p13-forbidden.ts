// P13: forbidden combinations of states, in every reachable state and not only at the end.
import type { ForbiddenJson } from "../../contract/json-form.ts";
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding, listedBriefly } from "../model/finding.ts";
import { type Field, maskOf } from "../explore/layout.ts";
import { pathTo, stateName } from "../explore/view.ts";
import { type Instance, instanceIn } from "../model/world.ts";

/** P13: the first state with each forbidden combination. */
export function checkForbidden(exploration: Exploration): Finding[] {
  const { choreography, bound } = exploration.program.world;
  return choreography.forbidden.flatMap((forbidden, index) => {
    for (let saga = 1; saga <= bound.sagas; saga++) {
      const parts = partsOf(exploration, forbidden, saga);
      const state = firstBroken(exploration, parts);
      if (state >= 0) return [broken(exploration, { parts, state, forbidden, index })];
    }
    return [];
  });
}

interface ForbiddenPart {
  readonly instance: Instance;
  readonly field: Field;
  /** By state: 1 where it is part of the combination. */
  readonly forbidden: Uint8Array;
  /** The facts of these states: with one of them seen the entity is in another state, a partial one. */
  readonly joins: readonly Field[];
}

function partsOf({ program }: Exploration, forbidden: ForbiddenJson, saga: number): ForbiddenPart[] {
  return Object.entries(forbidden.states).flatMap(([participant, states]) => {
    const instance = instanceIn(program.world, participant, saga);
    const field = instance === undefined ? undefined : program.layout.states[instance.index];
    if (instance === undefined || field === undefined) return [];
    const names: readonly string[] = typeof states === "string" ? [states] : states;
    const forbidden = Uint8Array.from([...instance.states, ""], (state) => (names.includes(state) ? 1 : 0));
    const joins = program.layout.facts.filter((one) => one.instance === instance && names.includes(one.name));
    return [{ instance, field, forbidden, joins }];
  });
}

function firstBroken({ space }: Exploration, parts: readonly ForbiddenPart[]): number {
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
  readonly parts: readonly ForbiddenPart[];
  readonly state: number;
  readonly forbidden: ForbiddenJson;
  readonly index: number;
}

function broken(exploration: Exploration, { parts, state, forbidden, index }: Broken): Finding {
  const { arena, words } = exploration.space;
  const where = parts.map(({ instance, field }) => {
    const local = ((arena[state * words + field.word] ?? 0) & maskOf(field)) >> field.shift;
    return `${instance.name} in ${stateName(instance, local)}`;
  });
  const message = `"${forbidden.name}" is broken: ${listedBriefly(where)}`;
  return finding("P13", { message, at: `/forbidden/${index}`, path: pathTo(exploration, state) });
}
