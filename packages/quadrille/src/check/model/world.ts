// The instances of an exploration: each participant's entity in each of k sagas, and the subscriptions.
import { endsOfJson } from "../../contract/implied-end.ts";
import type { ChoreographyJson, ParticipantJson, StateJson } from "../../contract/json-form.ts";
import { withElsewhere } from "../../contract/json/elsewhere.ts";
import { participantFromJson } from "../../contract/json/from-json.ts";
import { readSentences, type Sentences } from "../../contract/json/sentences.ts";
import { compile, type Table } from "../../contract/table.ts";
import { sentencesIn } from "../../contract/trigger-kind.ts";
import type { Bound } from "./bound.ts";
import { listedBriefly } from "./finding.ts";

/** One entity of a participant: of one saga, or shared by all. */
export interface Instance {
  readonly index: number;
  /** `Kitchen`, or `Kitchen#2` when several sagas are explored. */
  readonly name: string;
  readonly participant: string;
  /** 1 and up; 0 for an entity that all sagas share. */
  readonly saga: number;
  /**
   * The names of its states, by number. For an entity that sagas share, a state with a deadline, an activity
   * or an outcome for the saga that entered it appears once per saga.
   */
  readonly states: readonly string[];
  /**
   * For an entity that sagas share, by state number: the saga that has entered it, for which its deadline or
   * activity acts; 0 if there is none, or if it does not matter.
   */
  readonly actsFor: readonly number[];
  readonly initial: number;
  /**
   * The index after the last state: the entity was stopped by a message that its contract does not handle or
   * says `never` about.
   */
  readonly stopped: number;
}

/** The choreography as the explorer sees it: instances, subscriptions and reactions. */
export interface World extends Sentences {
  /** The choreography, with events from other choreographies as additional participants. */
  readonly choreography: ChoreographyJson;
  /** The number of declared ends; they come first, and the implied end follows. */
  readonly declaredEnds: number;
  /** The participants' tables, as the engine has them. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly bound: Bound;
  readonly instances: readonly Instance[];
}

/**
 * Multiplies the participants by the sagas of the bound; a shared participant stays one. Throws where {@link
 * assertShared} does.
 *
 * @param original a world from which the tables of participants that are the same objects are taken
 */
export function createWorld(given: ChoreographyJson, bound: Bound, original?: World): World {
  assertShared(given, bound);
  const choreography = withElsewhere(given);
  const tables = Object.entries(choreography.participants).map(([name, one]) => {
    const isSame = original?.choreography.participants[name] === one;
    const known = isSame ? original.tables.get(name) : undefined;
    return [name, known ?? compile(participantFromJson(name, one))] as const;
  });
  return {
    choreography: { ...choreography, ends: endsOfJson(given) },
    declaredEnds: given.ends.length,
    tables: new Map(tables),
    bound,
    instances: listInstances(choreography, bound),
    ...readSentences(choreography),
  };
}

/** The same contract within another bound. Its tables are kept: to make them is a sixth of a small check. */
export function inBound(world: Omit<World, "bound" | "instances">, bound: Bound): World {
  return { ...world, bound, instances: listInstances(world.choreography, bound) };
}

/**
 * Throws a `RangeError` for a shared name that is not a participant. Otherwise a typing error would check
 * sagas that share nothing, and pass.
 */
export function assertShared(choreography: ChoreographyJson, { shared }: Pick<Bound, "shared">): void {
  const problem = sharedProblem(choreography, shared);
  if (problem !== undefined) throw new RangeError(`${choreography.name} ${problem}`);
}

/** What is wrong with the names of shared participants, as text that follows the choreography's name. */
export function sharedProblem(
  { participants }: ChoreographyJson,
  shared: readonly string[],
): string | undefined {
  const unknown = shared.find((name) => !Object.hasOwn(participants, name));
  if (unknown === undefined) return undefined;
  const name = unknown === "" ? "without a name" : unknown;
  return `has no participant ${name} that could be shared: there are ${listedBriefly(Object.keys(participants))}`;
}

function listInstances(choreography: ChoreographyJson, bound: Bound): Instance[] {
  const instances: Instance[] = [];
  const shared = new Set(bound.sagas > 1 ? bound.shared : []);
  const add = (participant: string, saga: number): void => {
    const value = choreography.participants[participant];
    if (value === undefined) return;
    const numbered = saga === 0 ? sharedStates(value, bound.sagas) : plainStates(value, saga);
    const states = numbered.map(({ state }) => state);
    instances.push({
      index: instances.length,
      name: bound.sagas > 1 && saga > 0 ? `${participant}#${saga}` : participant,
      participant,
      saga,
      states,
      actsFor: numbered.map(({ actsFor }) => actsFor),
      initial: Math.max(0, states.indexOf(value.initial)),
      stopped: states.length,
    });
  };
  const names = Object.keys(choreography.participants);
  for (const participant of names.filter((name) => shared.has(name))) add(participant, 0);
  for (let saga = 1; saga <= bound.sagas; saga++) {
    for (const participant of names.filter((name) => !shared.has(name))) add(participant, saga);
  }
  return instances;
}

interface NumberedState {
  readonly state: string;
  readonly actsFor: number;
}

function plainStates({ states }: ParticipantJson, saga: number): readonly NumberedState[] {
  return Object.keys(states).map((state) => ({ state, actsFor: saga }));
}

/**
 * A deadline or activity of a shared entity acts for the saga whose message entered the state, and an outcome
 * may be for it alone, so such a state exists once per saga. The initial state exists once more, because no
 * saga has entered it at first.
 */
function sharedStates({ states, initial }: ParticipantJson, sagas: number): readonly NumberedState[] {
  return Object.entries(states).flatMap(([state, value]) => {
    if (!distinguishesSagas(value)) return [{ state, actsFor: 0 }];
    const first = state === initial ? 0 : 1;
    return Array.from({ length: sagas + 1 - first }, (_, index) => ({ state, actsFor: first + index }));
  });
}

/** Whether it matters to a state which saga has entered it. */
function distinguishesSagas(state: StateJson): boolean {
  return sentencesIn(state).some(
    ({ kind, disposition }) =>
      kind === "deadline" ||
      kind === "activity" ||
      (typeof disposition !== "string" && disposition.some(({ saga }) => saga !== undefined)),
  );
}

/** The number of the state in which a step of a saga leaves an instance. */
export function stateAfter(
  { states, actsFor, saga: own }: Instance,
  {
    from,
    to,
    entered,
    saga,
  }: { readonly from: number; readonly to: string; readonly entered: boolean; readonly saga: number },
): number {
  const first = Math.max(0, states.indexOf(to));
  if (own > 0) return first;
  if (!entered) return from;
  const of = states.findIndex((state, index) => state === to && actsFor[index] === saga);
  return of < 0 ? first : of;
}

/** The instance of a participant that takes part in a saga. */
export function instanceIn(world: World, participant: string, saga: number): Instance | undefined {
  return world.instances.find(
    (one) => one.participant === participant && (one.saga === saga || one.saga === 0),
  );
}

/** The sagas for which an instance may act: its own, or all of them when it is shared. */
export function sagasOf(world: World, instance: Instance): readonly number[] {
  if (instance.saga > 0) return [instance.saga];
  return Array.from({ length: world.bound.sagas }, (_, index) => index + 1);
}
