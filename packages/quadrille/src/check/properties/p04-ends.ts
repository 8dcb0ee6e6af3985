// P4: whenever everything is at rest a declared end is reached, and every declared end can be.
import { ELSEWHERE, isElsewhere } from "../model/elsewhere.ts";
import type { Exploration } from "../explore/explore.ts";
import { fullStateName, localOf, pathTo, pausedStates, pendingIn } from "../explore/view.ts";
import {
  finding,
  type Finding,
  LISTED_MAX,
  listedBriefly,
  type Patch,
  type PathStep,
} from "../model/finding.ts";
import { instanceIn } from "../model/world.ts";
import { endingOf, settledSagas, type SettledSaga } from "./ends.ts";

/** How many ways an end was reached: states of rest, summed over the sagas. */
export interface EndReached {
  readonly name: string;
  readonly states: number;
}

/** The declared ends, and how often each was reached. A life that goes on rests between its deadlines: an end that fits is reached. */
export function endsReached(exploration: Exploration): EndReached[] {
  const { choreography, bound } = exploration.program.world;
  const reached = new Map(choreography.ends.map((end) => [end.name, 0]));
  const count = (ending: SettledSaga["ending"]): void => {
    for (const { name } of ending.is === "end" ? ending.ends : [])
      reached.set(name, (reached.get(name) ?? 0) + 1);
  };
  for (const { ending } of settledSagas(exploration)) count(ending);
  for (const state of pausedStates(exploration)) {
    if (pendingIn(exploration, state).length > 0) continue;
    for (let saga = 1; saga <= bound.sagas; saga++) count(endingOf(exploration, state, saga));
  }
  return [...reached].map(([name, states]) => ({ name, states }));
}

/** The states of a saga's participants, each as in "Order in PENDING". */
function combination(exploration: Exploration, state: number, saga: number): string[] {
  const { world } = exploration.program;
  return Object.keys(world.choreography.participants).flatMap((participant) => {
    const instance = instanceIn(world, participant, saga);
    return instance === undefined || instance.states[0] === ELSEWHERE
      ? []
      : [`${instance.name} in ${fullStateName(exploration, state, instance)}`];
  });
}

/** One finding for all combinations that are no end. Fixing the first usually fixes the others. */
export function checkRest(exploration: Exploration): Finding[] {
  const strange = new Map<string, SettledSaga>();
  for (const one of settledSagas(exploration)) {
    if (one.ending.is !== "none") continue;
    const key = combination(exploration, one.state, one.saga).join();
    if (!strange.has(key)) strange.set(key, one);
  }
  const [first] = strange.values();
  if (first === undefined) return [];
  const words = listedBriefly(combination(exploration, first.state, first.saga));
  const path = pathTo(exploration, first.state);
  const more = strange.size === 1 ? "" : ` (one of ${strange.size} such combinations)`;
  if (!isBeginning(exploration, first, path)) {
    const message = `everything is at rest with ${words}, which is no declared end${more}`;
    return [finding("P4", { message, at: "/ends", path })];
  }
  const message = `nothing has happened yet, everything is at rest with ${words}, and no end is declared for that${more}`;
  const repair = { kind: "end" as const, change: endOfBeginning(exploration) };
  return [finding("P4", { message, at: "/ends", path, repair })];
}

/** Whether no participant has done anything. States in flight have no path, either. */
function isBeginning(
  exploration: Exploration,
  { state, saga }: SettledSaga,
  path: readonly PathStep[],
): boolean {
  const { instances } = exploration.program.world;
  const own = instances.filter((one) => one.saga === saga || one.saga === 0);
  return path.length === 0 && own.every((one) => localOf(exploration, state, one) === one.initial);
}

/** The end that is missing for the beginning: that nothing happens is an end of every choreography that waits. */
function endOfBeginning({ program }: Exploration): Omit<Patch, "leaves"> {
  const { participants, ends } = program.world.choreography;
  const own = Object.entries(participants).filter(([, participant]) => !isElsewhere(participant));
  const states = own.map(([name, { initial }]) => [name, initial] as const);
  const names = ["nothing", "untouched", "not begun"];
  const name = names.find((one) => !ends.some((end) => end.name === one)) ?? `nothing ${ends.length + 1}`;
  const key = (word: string): string => (/^[A-Za-z_$][\w$]*$/.test(word) ? word : JSON.stringify(word));
  const fields = states.map(([participant, initial]) => `${key(participant)}: ${JSON.stringify(initial)}`);
  const more = fields.length <= LISTED_MAX ? [] : [`and ${fields.length - LISTED_MAX} more`];
  const written = [...fields.slice(0, LISTED_MAX), ...more].join(", ");
  return {
    why: `an end for the beginning; in TypeScript ${key(name)}: { ${written} }`,
    operations: [{ op: "add", path: "/ends/-", value: { name, states: Object.fromEntries(states) } }],
  };
}

/** One finding for each declared end that is never reached. */
export function checkEndsReached(exploration: Exploration): Finding[] {
  return endsReached(exploration).flatMap(({ name, states }, index) =>
    states > 0
      ? []
      : [finding("P4", { message: `the end ${name} is never reached`, at: `/ends/${index}`, path: [] })],
  );
}
