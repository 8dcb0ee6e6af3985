// Which participants of a contract can be exchanged for each other, with everything that is theirs, so that
// the contract stays the same.
//
// Sixteen suppliers that are asked, and that may each refuse, differ in nothing but their names. An exchange
// is found by aligning two participants sentence by sentence, which pairs their events and commands, and
// these pair further participants; then the renamed contract is compared with the one given. Only what passes
// that comparison counts, so that a wrong alignment costs time and never a verdict.
import type {
  ChoreographyJson,
  DispositionJson,
  OutcomeJson,
  ParticipantJson,
  StateJson,
} from "../../contract/json-form.ts";
import { outcomesIn, sentencesIn } from "../../contract/trigger-kind.ts";

/** What a name is the name of; `own` are deadlines, timeouts and activities. */
export type NameKind = "participant" | "event" | "command" | "own";

/** Gives a name of a kind for another one; what is not exchanged keeps its name. */
export type Rename = (kind: NameKind, name: string) => string;

/**
 * Participants that can be exchanged for each other, each with what is its own: the names of each block, in
 * the order of the first one's.
 */
export interface Exchange {
  readonly blocks: readonly (readonly Named[])[];
}

/** A name and its kind. */
export interface Named {
  readonly kind: NameKind;
  readonly name: string;
}

/** A contract, and who has to do with each of its events. */
interface ExchangeGiven {
  readonly choreography: ChoreographyJson;
  readonly relatives: Relatives;
}

/** Pairs of participants tried at most. */
const pairsMax = 2_000;

/** The exchanges of a contract: of participants that belong to one, the first stands for all. */
export function exchangesOf(choreography: ChoreographyJson): readonly Exchange[] {
  const names = Object.keys(choreography.participants);
  const given: ExchangeGiven = { choreography, relatives: relativesIn(choreography) };
  const plain = shapeOf(given, (_, name) => name);
  const taken = new Set<string>();
  const exchanges: Exchange[] = [];
  let pairs = 0;
  const take = (block: readonly Named[]): void => {
    for (const { kind, name } of block) if (kind === "participant") taken.add(name);
  };
  for (const [at, first] of names.entries()) {
    const blocks: (readonly Named[])[] = [];
    for (const other of names.slice(at + 1)) {
      if (taken.has(first) || taken.has(other) || pairs++ > pairsMax) continue;
      const aligned = align(given, first, other);
      if (aligned === undefined || shapeOf(given, renaming(aligned)) !== plain) continue;
      if (blocks.length === 0) blocks.push(aligned.first);
      if (!fits(blocks, aligned)) continue;
      blocks.push(aligned.second);
      take(aligned.second);
    }
    if (blocks.length > 1) exchanges.push({ blocks });
    take(blocks[0] ?? []);
  }
  return exchanges;
}

/** Two blocks that may be exchanged: the names of one, and of the other in the same order. */
interface Aligned {
  readonly first: readonly Named[];
  readonly second: readonly Named[];
}

/** Whether a pair has the block that the others have, and another one that is new. */
function fits([first = [], ...others]: readonly (readonly Named[])[], aligned: Aligned): boolean {
  const isFirst = JSON.stringify(first) === JSON.stringify(aligned.first);
  const known = new Set([first, ...others].flat().map(keyOf));
  return isFirst && aligned.second.every((one) => !known.has(keyOf(one)));
}

function keyOf({ kind, name }: Named): string {
  return JSON.stringify([kind, name]);
}

function renaming({ first, second }: Aligned): Rename {
  const names = new Map<string, string>();
  for (const [index, one] of first.entries()) {
    const other = second[index];
    if (other === undefined) continue;
    names.set(keyOf(one), other.name);
    names.set(keyOf(other), one.name);
  }
  return (kind, name) => names.get(keyOf({ kind, name })) ?? name;
}

type Pair = readonly [kind: NameKind, name: string, other: string];

/**
 * Pairs the names of two participants and of what belongs to them; undefined where that contradicts itself.
 */
function align(given: ExchangeGiven, first: string, second: string): Aligned | undefined {
  const names = new Map<string, string>();
  const sides = { first: [] as Named[], second: [] as Named[] };
  const todo: Pair[] = [["participant", first, second]];
  for (const [kind, name, other] of todo) {
    if (name === other) continue;
    const known = names.get(keyOf({ kind, name }));
    const back = names.get(keyOf({ kind, name: other }));
    if (known !== undefined || back !== undefined) {
      if (known !== other || back !== name) return undefined;
      continue;
    }
    names.set(keyOf({ kind, name }), other);
    names.set(keyOf({ kind, name: other }), name);
    sides.first.push({ kind, name });
    sides.second.push({ kind, name: other });
    const more = pairsBehind(given, [kind, name, other]);
    if (more === undefined) return undefined;
    todo.push(...more);
  }
  return sides;
}

function pairsBehind(
  { choreography, relatives }: ExchangeGiven,
  [kind, name, other]: Pair,
): Pair[] | undefined {
  const { participants } = choreography;
  if (kind === "participant") return pairsOfParticipants(participants[name], participants[other]);
  if (kind !== "event") return [];
  const [one, two] = [relatives(name), relatives(other)];
  const pairs: Pair[] = [];
  for (const [index, list] of one.entries()) {
    const left = list.filter((each) => !two[index]?.includes(each));
    const right = (two[index] ?? []).filter((each) => !list.includes(each));
    if (left.length !== right.length) return undefined;
    pairs.push(...left.map((each, at): Pair => ["participant", each, right[at] ?? each]));
  }
  return pairs;
}

/** Who publishes each event, and who takes it: those are what an exchange of events exchanges as well. */
type Relatives = (event: string) => readonly [publishers: readonly string[], subscribers: readonly string[]];

function relativesIn({ participants }: ChoreographyJson): Relatives {
  const publishers = new Map<string, Set<string>>();
  const subscribers = new Map<string, Set<string>>();
  const note = (map: Map<string, Set<string>>, event: string, name: string): void => {
    map.set(event, (map.get(event) ?? new Set()).add(name));
  };
  for (const [name, { states }] of Object.entries(participants)) {
    const all = Object.values(states);
    const emitted = all.flatMap(outcomesIn).flatMap(({ emit = [] }) => emit);
    for (const event of emitted) note(publishers, event, name);
    for (const event of all.flatMap(takenIn)) note(subscribers, event, name);
  }
  return (event) => [[...(publishers.get(event) ?? [])], [...(subscribers.get(event) ?? [])]];
}

function takenIn({ on = {}, join }: StateJson): readonly string[] {
  return [...Object.keys(on), ...(join?.facts ?? [])];
}

function pairsOfParticipants(
  one: ParticipantJson | undefined,
  other: ParticipantJson | undefined,
): Pair[] | undefined {
  const [states, others] = [Object.entries(one?.states ?? {}), Object.entries(other?.states ?? {})];
  if (states.length !== others.length) return undefined;
  const pairs: Pair[] = [];
  for (const [index, [name, state]] of states.entries()) {
    const [otherName, otherState] = others[index] ?? ["", {}];
    const more = name === otherName ? pairsOfStates(state, otherState) : undefined;
    if (more === undefined) return undefined;
    pairs.push(...more);
  }
  return pairs;
}

function pairsOfStates(one: StateJson, other: StateJson): Pair[] | undefined {
  const [sentences, others] = [sentencesIn(one), sentencesIn(other)];
  const [outcomes, otherOutcomes] = [outcomesIn(one), outcomesIn(other)];
  if (sentences.length !== others.length || outcomes.length !== otherOutcomes.length) return undefined;
  const pairs = sentences.flatMap(({ kind, trigger }, index): Pair[] => {
    const named = others[index];
    const nameKind = kind === "event" || kind === "command" ? kind : "own";
    return named?.kind === kind ? [[nameKind, trigger, named.trigger]] : [];
  });
  const facts = (one.join?.facts ?? []).map(
    (fact, index): Pair => ["event", fact, other.join?.facts[index] ?? fact],
  );
  const emitted = outcomes.flatMap(({ emit = [] }, index) =>
    emit.map((event, at): Pair => ["event", event, otherOutcomes[index]?.emit?.[at] ?? event]),
  );
  return [...pairs, ...facts, ...emitted];
}

/**
 * A renamed contract as text: equal for contracts that differ in nothing but the order in which things are
 * listed.
 */
function shapeOf({ choreography, relatives }: ExchangeGiven, rename: Rename): string {
  const {
    participants,
    commands,
    publicEvents,
    ends,
    forbidden,
    takes: taken = {},
    tallies = {},
  } = choreography;
  const subscribers = (event: string): readonly string[] => relatives(event)[1];
  const stated = (states: Readonly<Record<string, string | readonly string[]>>): unknown =>
    renamed(
      states,
      (name) => rename("participant", name),
      (list) => [list].flat().toSorted(),
    );
  return JSON.stringify([
    renamed(
      participants,
      (name) => rename("participant", name),
      ({ initial, otherwise, states }) => [
        initial,
        otherwise,
        Object.entries(states).map(([name, state]) => [name, stateShape(state, rename, subscribers)]),
      ],
    ),
    renamed(
      commands,
      (name) => rename("command", name),
      (budget) => budget,
    ),
    publicEvents.map((event) => rename("event", event)).toSorted(),
    renamed(
      taken,
      (name) => rename("event", name),
      (one) => one,
    ),
    ends
      .map(({ name, states, tally = {} }) => JSON.stringify([name, stated(states), sorted(tally)]))
      .toSorted(),
    forbidden.map((one) => JSON.stringify(stated(one.states))).toSorted(),
    sorted(tallies),
  ]);
}

function stateShape(
  state: StateJson,
  rename: Rename,
  subscribers: (event: string) => readonly string[],
): unknown {
  const { lock = false, join } = state;
  const event = (name: string): string => rename("event", name);
  const events = (list: readonly string[]): string[] => list.map(event).toSorted();
  const outcomes = (list: readonly OutcomeJson[]): unknown =>
    list.map(({ to, choice, gaveUp, rearm, saga, tally = {}, emit = [] }) => {
      // Only what one subscriber takes has an order.
      const sent = new Map<string, string[]>();
      for (const name of emit)
        for (const by of ["", ...subscribers(name)]) sent.set(by, [...(sent.get(by) ?? []), event(name)]);
      const unheard = (sent.get("") ?? []).toSorted();
      sent.delete("");
      const heard = [...sent].map(([by, list]) => [rename("participant", by), ...list]).toSorted(byText);
      return [to, choice, gaveUp, rearm, saga, sorted(tally), unheard, heard];
    });
  const disposed = (one: DispositionJson): unknown => (typeof one === "string" ? one : outcomes(one));
  const sentences = sentencesIn(state).map(({ key, kind, trigger, disposition }) => {
    const nameKind = kind === "event" || kind === "command" ? kind : "own";
    return [key, rename(nameKind, trigger), disposed(disposition)];
  });
  const joined =
    join === undefined
      ? undefined
      : [
          events(join.facts),
          join.atLeast,
          join.rests,
          outcomes(join.outcomes),
          renamed(join.never ?? {}, event, (sets) => sets.map(events).toSorted(byText)),
        ];
  return [lock, sentences.toSorted(byText), joined];
}

function renamed<T>(
  record: Readonly<Record<string, T>>,
  name: (key: string) => string,
  shape: (value: T) => unknown,
): unknown {
  return Object.entries(record)
    .map(([key, value]) => [name(key), shape(value)])
    .toSorted(byText);
}

function sorted(record: Readonly<Record<string, unknown>>): unknown {
  return renamed(
    record,
    (key) => key,
    (value) => value,
  );
}

function byText(one: unknown, other: unknown): number {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
