// The instances of an exploration: each participant's entity in each of k sagas, and the subscriptions.
import { endsOfJson } from "../../contract/implied-end.ts";
import type {
  ChoreographyJson,
  JoinJson,
  OutcomeJson,
  ParticipantJson,
  StateJson,
} from "../../contract/json-form.ts";
import { fromJson } from "../../contract/json/from-json.ts";
import { pointer } from "../../contract/pointer.ts";
import { compile, type Table } from "../../contract/table.ts";
import { saidIn, type SaidInState } from "../../contract/trigger-kind.ts";
import type { Bound } from "./bound.ts";
import { ELSEWHERE, withElsewhere } from "./elsewhere.ts";
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
   * The names of its states, by number. For an entity that sagas share, a state with a deadline or an
   * activity appears once per saga.
   */
  readonly states: readonly string[];
  /**
   * For an entity that sagas share, by state number: the saga for which its deadline or activity acts; 0 if
   * there is none.
   */
  readonly actsFor: readonly number[];
  readonly initial: number;
  /**
   * The index after the last state: the entity was stopped by a message that its contract does not handle or
   * says `never` about.
   */
  readonly stopped: number;
}

/** One trigger of a participant in one state, as the contract has it. */
export interface Reaction extends SaidInState {
  readonly participant: string;
  readonly state: string;
  /** The place in the contract, as a JSON pointer. */
  readonly at: string;
  /** For a fact of a join that is not expanded into partial states: its index, and the join. */
  readonly fact?: { readonly index: number; readonly join: JoinJson };
}

/** The choreography as the explorer sees it: instances, subscriptions and reactions. */
export interface World {
  /** The choreography, with events from other choreographies as additional participants. */
  readonly choreography: ChoreographyJson;
  /** The number of declared ends; they come first, and the implied end follows. */
  readonly declaredEnds: number;
  /** The participants' tables, as the engine has them. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly bound: Bound;
  readonly instances: readonly Instance[];
  /** Event to the participants that name it in any state. */
  readonly subscribers: ReadonlyMap<string, readonly string[]>;
  /** Participant to the events it names in any state, in the order of the contract. */
  readonly subscriptions: ReadonlyMap<string, readonly string[]>;
  readonly reactions: readonly Reaction[];
  /** Participant to state to its reactions. */
  readonly byState: ReadonlyMap<string, ReadonlyMap<string, readonly Reaction[]>>;
}

/** Multiplies the participants by the sagas of the bound; a shared participant stays one. Throws where {@link assertShared} does. */
export function createWorld(given: ChoreographyJson, bound: Bound): World {
  assertShared(given, bound);
  const choreography = withElsewhere(given);
  const reactions = listReactions(choreography);
  const subscriptions = new Map<string, string[]>();
  const subscribers = new Map<string, string[]>();
  for (const { participant, kind, trigger } of reactions) {
    if (kind !== "event") continue;
    addOnce(subscriptions, participant, trigger);
    addOnce(subscribers, trigger, participant);
  }
  return {
    choreography: { ...choreography, ends: endsOfJson(given) },
    declaredEnds: given.ends.length,
    tables: new Map(
      fromJson(choreography).participants.map((participant) => [participant.name, compile(participant)]),
    ),
    bound,
    instances: listInstances(choreography, bound),
    subscribers,
    subscriptions,
    reactions,
    byState: groupReactions(reactions),
  };
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

/**
 * Whether an outcome changes a tally of something outside: it stands for a call, which a rollback does not
 * undo.
 */
export function countsOutside({ tallies = {} }: ChoreographyJson, { tally = {} }: OutcomeJson): boolean {
  return Object.keys(tally).some((name) => !(Object.hasOwn(tallies, name) && tallies[name]?.inside === true));
}

/** Every (state, trigger) of every participant, in the order of the contract. */
export function listReactions(choreography: ChoreographyJson): Reaction[] {
  const reactions: Reaction[] = [];
  for (const [participant, { states }] of Object.entries(choreography.participants)) {
    for (const [state, value] of Object.entries(states)) {
      reactions.push(...reactionsOf(participant, state, value));
    }
  }
  return reactions;
}

function groupReactions(reactions: readonly Reaction[]): Map<string, Map<string, Reaction[]>> {
  const groups = new Map<string, Map<string, Reaction[]>>();
  for (const reaction of reactions) {
    const states = groups.get(reaction.participant) ?? new Map<string, Reaction[]>();
    groups.set(reaction.participant, states);
    const group = states.get(reaction.state);
    if (group === undefined) states.set(reaction.state, [reaction]);
    else group.push(reaction);
  }
  return groups;
}

function reactionsOf(participant: string, state: string, value: StateJson): Reaction[] {
  const place = pointer("/participants", participant, "states", state);
  const said = saidIn(value).map((one) => ({
    participant,
    state,
    ...one,
    at: state === ELSEWHERE ? "/takes" : pointer(place, one.key, one.trigger),
  }));
  const { join } = value;
  const facts = (join?.facts ?? []).flatMap((trigger, index): readonly Reaction[] => {
    if (join === undefined) return [];
    const at = pointer(place, "join", "facts", index);
    const disposition = join.outcomes;
    return [
      { participant, state, key: "on", kind: "event", trigger, disposition, at, fact: { index, join } },
    ];
  });
  return [...said, ...facts];
}

/** Each sentence once: the first fact of a join stands for all, because they have the same outcomes. */
export function isSaidOnce({ fact }: Reaction): boolean {
  return fact === undefined || fact.index === 0;
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
 * A deadline or activity of a shared entity acts for the saga whose message entered the state, so such a
 * state exists once per saga. The initial state exists once more, because no saga has entered it at first.
 */
function sharedStates({ states, initial }: ParticipantJson, sagas: number): readonly NumberedState[] {
  return Object.entries(states).flatMap(([state, value]) => {
    if (!actsByItself(value)) return [{ state, actsFor: 0 }];
    const first = state === initial ? 0 : 1;
    return Array.from({ length: sagas + 1 - first }, (_, index) => ({ state, actsFor: first + index }));
  });
}

function actsByItself(state: StateJson): boolean {
  return saidIn(state).some(({ kind }) => kind === "deadline" || kind === "activity");
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

function addOnce(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key) ?? [];
  if (!list.includes(value)) list.push(value);
  map.set(key, list);
}

/** The outcomes of a reaction; empty for ignore, defer and never. */
export function outcomesOf(reaction: {
  readonly disposition: string | readonly OutcomeJson[];
}): readonly OutcomeJson[] {
  return typeof reaction.disposition === "string" ? [] : reaction.disposition;
}

/** Every tally that some outcome changes. */
export function listTallies(world: World): string[] {
  const names = world.reactions.flatMap((reaction) =>
    outcomesOf(reaction).flatMap((one) => Object.keys(one.tally ?? {})),
  );
  return [...new Set(names)];
}

/** Every (participant, event) such that the participant emits the event. */
export function emissions(world: World): (readonly [producer: string, event: string])[] {
  const pairs = new Map<string, readonly [string, string]>();
  for (const reaction of world.reactions) {
    for (const event of outcomesOf(reaction).flatMap((outcome) => outcome.emit ?? [])) {
      pairs.set(JSON.stringify([reaction.participant, event]), [reaction.participant, event]);
    }
  }
  return [...pairs.values()];
}
