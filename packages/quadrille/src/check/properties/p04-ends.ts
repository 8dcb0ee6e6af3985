// P4: whenever everything is at rest a declared end is reached, and every declared end can be.
import { elsewhereState } from "../../contract/json/elsewhere.ts";
import type { Exploration } from "../explore/explore.ts";
import { fullStateName, hasPending, pathTo, pausedStates } from "../explore/view.ts";
import { finding, type Finding, listedBriefly } from "../model/finding.ts";
import { instanceIn } from "../model/world.ts";
import { movedByOthers, waitsInVain } from "./awaited.ts";
import { endingOf, settledSagas, type SettledSaga } from "./ends.ts";

/** How many ways an end was reached: states of rest, summed over the sagas. */
export interface EndReached {
  readonly name: string;
  readonly states: number;
}

/**
 * The declared ends, and how often each was reached. A saga that goes on for ever rests between its
 * deadlines, so an end that fits there counts as reached.
 */
export function endsReached(exploration: Exploration): EndReached[] {
  const { choreography, bound } = exploration.program.world;
  const reached = new Map(choreography.ends.map((end) => [end.name, 0]));
  const count = (ending: SettledSaga["ending"]): void => {
    for (const { name } of ending.is === "end" ? ending.ends : [])
      reached.set(name, (reached.get(name) ?? 0) + 1);
  };
  for (const { ending } of settledSagas(exploration)) count(ending);
  for (const state of pausedStates(exploration)) {
    if (hasPending(exploration, state)) continue;
    for (let saga = 1; saga <= bound.sagas; saga++) count(endingOf(exploration, state, saga));
  }
  return [...reached].map(([name, states]) => ({ name, states }));
}

/** The states of a saga's participants, each as in "Order in PENDING". */
function combination(exploration: Exploration, state: number, saga: number): string[] {
  const { world } = exploration.program;
  return Object.keys(world.choreography.participants).flatMap((participant) => {
    const instance = instanceIn(world, participant, saga);
    return instance === undefined || instance.states[0] === elsewhereState
      ? []
      : [`${instance.name} in ${fullStateName(exploration, state, instance)}`];
  });
}

/** One finding for all combinations that are no end. Fixing the first usually fixes the others. */
export function checkRest(exploration: Exploration): Finding[] {
  const strange = new Map<string, SettledSaga>();
  for (const one of settledSagas(exploration)) {
    if (one.ending.is !== "none") continue;
    const key = JSON.stringify(combination(exploration, one.state, one.saga));
    if (!strange.has(key)) strange.set(key, one);
  }
  const [first] = strange.values();
  if (first === undefined) return [];
  const words = listedBriefly(combination(exploration, first.state, first.saga));
  const more = strange.size === 1 ? "" : ` (one of ${strange.size} such combinations)`;
  const path = pathTo(exploration, first.state);
  const moved = movedByOthers(exploration, path, first.saga);
  const inVain = waitsInVain(exploration, first.state, first.saga);
  const message = `everything is at rest with ${words}, which is no declared end${more}${moved}${inVain}`;
  return [finding("P4", { message, at: "/ends", path })];
}

/** One finding for each declared end that is never reached. */
export function checkEndsReached(exploration: Exploration): Finding[] {
  const { declaredEnds } = exploration.program.world;
  return endsReached(exploration).flatMap(({ name, states }, index) =>
    states > 0 || index >= declaredEnds
      ? []
      : [finding("P4", { message: `the end ${name} is never reached`, at: `/ends/${index}`, path: [] })],
  );
}
