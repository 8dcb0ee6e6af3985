// The sentences of a JSON form one by one, each with its place, and the questions that drawings and the
// checker have about them.
import type { ChoreographyJson, JoinJson, OutcomeJson, StateJson } from "../json-form.ts";
import { pointer } from "../pointer.ts";
import { sentencesIn, type SentenceJson } from "../trigger-kind.ts";
import { elsewhereState } from "./elsewhere.ts";

/** A sentence with its place in the contract. */
export interface PlacedSentence extends SentenceJson {
  readonly participant: string;
  readonly state: string;
  /** The place, as a JSON pointer. */
  readonly at: string;
  /** For a fact of a join that is not expanded into partial states: its index, and the join. */
  readonly fact?: { readonly index: number; readonly join: JoinJson };
}

/** All sentences of a choreography, and who subscribes to what by them. */
export interface Sentences {
  readonly sentences: readonly PlacedSentence[];
  /** Event to the participants that name it in any state. */
  readonly subscribers: ReadonlyMap<string, readonly string[]>;
  /** Participant to the events it names in any state, in the order of the contract. */
  readonly subscriptions: ReadonlyMap<string, readonly string[]>;
  /** Participant to state to its sentences. */
  readonly byState: ReadonlyMap<string, ReadonlyMap<string, readonly PlacedSentence[]>>;
}

/** Reads the sentences of a choreography. */
export function readSentences(choreography: ChoreographyJson): Sentences {
  const sentences = listSentences(choreography);
  const subscriptions = new Map<string, string[]>();
  const subscribers = new Map<string, string[]>();
  for (const { participant, kind, trigger } of sentences) {
    if (kind !== "event") continue;
    addOnce(subscriptions, participant, trigger);
    addOnce(subscribers, trigger, participant);
  }
  return { sentences, subscribers, subscriptions, byState: groupByState(sentences) };
}

/** The sentence about every (state, trigger) of every participant, in the order of the contract. */
export function listSentences(choreography: ChoreographyJson): PlacedSentence[] {
  return Object.entries(choreography.participants).flatMap(([participant, { states }]) =>
    Object.entries(states).flatMap(([state, value]) => sentencesOf(participant, state, value)),
  );
}

function sentencesOf(participant: string, state: string, value: StateJson): PlacedSentence[] {
  const place = pointer("/participants", participant, "states", state);
  const own = sentencesIn(value).map(({ key, kind, trigger, disposition }) => {
    const at = state === elsewhereState ? "/takes" : pointer(place, key, trigger);
    return { participant, state, key, kind, trigger, disposition, at };
  });
  const { join } = value;
  const facts = (join?.facts ?? []).flatMap((trigger, index): readonly PlacedSentence[] => {
    if (join === undefined) return [];
    const at = pointer(place, "join", "facts", index);
    const disposition = join.outcomes;
    return [
      { participant, state, key: "on", kind: "event", trigger, disposition, at, fact: { index, join } },
    ];
  });
  return [...own, ...facts];
}

function groupByState(sentences: readonly PlacedSentence[]): Map<string, Map<string, PlacedSentence[]>> {
  const groups = new Map<string, Map<string, PlacedSentence[]>>();
  for (const sentence of sentences) {
    const states = groups.get(sentence.participant) ?? new Map<string, PlacedSentence[]>();
    groups.set(sentence.participant, states);
    const group = states.get(sentence.state);
    if (group === undefined) states.set(sentence.state, [sentence]);
    else group.push(sentence);
  }
  return groups;
}

function addOnce(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

/** Each sentence once: the first fact of a join stands for all, because they have the same outcomes. */
export function isSaidOnce({ fact }: PlacedSentence): boolean {
  return fact === undefined || fact.index === 0;
}

/** The outcomes of a sentence; empty for ignore, defer and never. */
export function outcomesOf({ disposition }: Pick<SentenceJson, "disposition">): readonly OutcomeJson[] {
  return typeof disposition === "string" ? [] : disposition;
}

/**
 * Whether an outcome changes a tally of something outside: it stands for a call, which a rollback does not
 * undo.
 */
export function countsOutside({ tallies = {} }: ChoreographyJson, { tally = {} }: OutcomeJson): boolean {
  return Object.keys(tally).some((name) => !(Object.hasOwn(tallies, name) && tallies[name]?.inside === true));
}

/** Every tally that some outcome changes. */
export function listTallies({ sentences }: Pick<Sentences, "sentences">): string[] {
  const names = sentences.flatMap((one) =>
    outcomesOf(one).flatMap((outcome) => Object.keys(outcome.tally ?? {})),
  );
  return [...new Set(names)];
}

/** The largest change of a tally at once, up or down; at least 1. */
export function largestChange({ sentences }: Pick<Sentences, "sentences">, tally: string): number {
  const changes = sentences.flatMap((one) =>
    outcomesOf(one).map((outcome) => Math.abs(outcome.tally?.[tally] ?? 0)),
  );
  return Math.max(1, ...changes);
}

/** Every (participant, event) such that the participant emits the event. */
export function emissions({
  sentences,
}: Pick<Sentences, "sentences">): (readonly [producer: string, event: string])[] {
  const pairs: (readonly [string, string])[] = [];
  const events = new Map<string, Set<string>>();
  for (const one of sentences) {
    const known = events.get(one.participant) ?? new Set();
    events.set(one.participant, known);
    for (const event of outcomesOf(one).flatMap(({ emit = [] }) => emit)) {
      if (known.has(event)) continue;
      known.add(event);
      pairs.push([one.participant, event]);
    }
  }
  return pairs;
}
