// How a global state is packed into integer words: small counters side by side, and one word for each queue.
//
// A word holds 31 bits, so that it is never negative and every comparison is a plain one. Counters begin narrow (most channels
// never hold two messages) and are widened by a new run when one overflows: half the words, twice the speed on products.
import type { OutcomeJson } from "../contract/json-form.ts";
import { type Instance, sagasOf, type World } from "./world.ts";

const WORD_BITS = 31;

/** What a counter counts. */
export type FieldKind = "state" | "messages" | "stash" | "budget" | "tally" | "fault" | "done";

/** A counter within a word. */
export interface Field {
  readonly key: string;
  readonly kind: FieldKind;
  /** The event, command, tally or fault counted; the participant's name for a state. */
  readonly name: string;
  readonly saga: number;
  readonly instance: Instance | undefined;
  readonly word: number;
  readonly shift: number;
  readonly max: number;
}

/** A channel with an order: the messages are codes, the oldest in the lowest bits. */
export interface Queue {
  readonly key: string;
  readonly instance: Instance;
  readonly word: number;
  readonly bits: number;
  readonly slots: number;
  /** Code minus one to message. */
  readonly messages: readonly { readonly event: string; readonly saga: number }[];
}

/** All fields and queues of a world. */
export interface Layout {
  readonly words: number;
  /** The field of every instance's own state, by the instance's index. */
  readonly states: readonly Field[];
  readonly fields: ReadonlyMap<string, Field>;
  readonly queues: ReadonlyMap<string, Queue>;
}

/** How far each counter may count, by key; a counter that is not named begins at 1. */
export type Widths = ReadonlyMap<string, number>;

/** The key of the counter of messages of an event on their way to an instance. */
export function messagesKey(event: string, saga: number, instance: Instance): string {
  return `messages/${event}/${saga}/${instance.name}`;
}

/** The key of the counter of messages set aside by an instance. */
export function stashKey(event: string, saga: number, instance: Instance): string {
  return `stash/${event}/${saga}/${instance.name}`;
}

/** The key of the queue in which a producer's messages travel to an instance. */
export function queueKey(world: World, producer: string, instance: Instance): string {
  return world.bound.channel === "fifo" ? `queue/${producer}/${instance.name}` : `queue/${instance.name}`;
}

/** Packs the fields of a world; the key of a field is its kind, name and saga. */
export function createLayout(world: World, widths: Widths): Layout {
  const fields = new Map<string, Field>();
  const room: number[] = [];
  const add = (wish: Omit<Field, "word" | "shift">): void => {
    const bits = bitsOf(wish.max);
    let word = room.findIndex((used) => used + bits <= WORD_BITS);
    if (word < 0) word = room.push(0) - 1;
    const shift = room[word] ?? 0;
    room[word] = shift + bits;
    fields.set(wish.key, { ...wish, word, shift });
  };
  for (const wish of [
    ...stateFields(world),
    ...messageFields(world, widths),
    ...outsideFields(world, widths),
  ])
    add(wish);
  const queues = new Map<string, Queue>();
  for (const queue of listQueues(world)) queues.set(queue.key, { ...queue, word: room.push(WORD_BITS) - 1 });
  const states = [...fields.values()].filter(({ kind }) => kind === "state");
  return { words: room.length, states, fields, queues };
}

/** How many bits hold the values 0 to `max`. */
export function bitsOf(max: number): number {
  return 32 - Math.clz32(max);
}

/** The mask of a field, in place. */
export function maskOf(field: Field): number {
  return ((2 ** (32 - Math.clz32(field.max)) - 1) << field.shift) | 0;
}

type Wish = Omit<Field, "word" | "shift">;

function stateFields({ instances }: World): Wish[] {
  return instances.map((instance) => {
    const { name, saga, stopped } = instance;
    return { key: `state/${name}`, kind: "state", name, saga, instance, max: stopped };
  });
}

function messageFields(world: World, widths: Widths): Wish[] {
  const wishes: Wish[] = [];
  const isBag = world.bound.channel === "bag";
  for (const instance of world.instances) {
    for (const name of world.subscriptions.get(instance.participant) ?? []) {
      if (!isBag && !isSetAside(world, instance.participant, name)) continue;
      for (const saga of sagasOf(world, instance)) {
        const key = isBag ? messagesKey(name, saga, instance) : stashKey(name, saga, instance);
        const kind = isBag ? "messages" : "stash";
        wishes.push({ key, kind, name, saga, instance, max: widths.get(key) ?? 1 });
      }
    }
  }
  return wishes;
}

/** Whether a participant ever sets this event aside: only then does it need a stash. */
export function isSetAside(world: World, participant: string, event: string): boolean {
  if (world.bound.channel === "bag" || world.bound.defer === "block") return false;
  return world.reactions.some(
    (one) => one.participant === participant && one.trigger === event && one.disposition === "defer",
  );
}

function outsideFields(world: World, widths: Widths): Wish[] {
  const wishes: Wish[] = [];
  const add = (kind: FieldKind, name: string, max: number): void => {
    for (let saga = 1; saga <= world.bound.sagas; saga++) {
      const key = `${kind}/${name}/${saga}`;
      wishes.push({ key, kind, name, saga, instance: undefined, max: widths.get(key) ?? max });
    }
  };
  for (const [command, budget] of Object.entries(world.choreography.commands)) {
    if (typeof budget === "number" && budget > 0) add("budget", command, budget);
  }
  for (const tally of listTallies(world)) add("tally", tally, 1);
  for (const [fault, max] of Object.entries(world.bound.faults)) {
    if (max > 0)
      wishes.push({ key: `fault/${fault}`, kind: "fault", name: fault, saga: 0, instance: undefined, max });
  }
  if (world.bound.faults.effect > 0) wishes.push(...doneFields(world));
  return wishes;
}

/** Every tally that some outcome changes. */
export function listTallies(world: World): string[] {
  const names = world.reactions.flatMap((reaction) =>
    outcomesOf(reaction).flatMap((one) => Object.keys(one.tally ?? {})),
  );
  return [...new Set(names)];
}

/** The outcomes of a reaction; none for ignore, defer and never. */
export function outcomesOf(reaction: {
  readonly disposition: string | readonly OutcomeJson[];
}): readonly OutcomeJson[] {
  return typeof reaction.disposition === "string" ? [] : reaction.disposition;
}

/**
 * The provider's memory of calls whose transaction did not happen: its idempotency key makes the repeated call count once.
 * The value is the position of the answer in {@link answersOf}, plus one.
 */
function doneFields(world: World): Wish[] {
  const wishes: Wish[] = [];
  for (const instance of world.instances) {
    const triggers = world.reactions.filter(
      (one) => one.participant === instance.participant && one.kind === "on",
    );
    for (const name of new Set(triggers.map((one) => one.trigger))) {
      const max = answersOf(world, instance.participant, name).length;
      if (max === 0) continue;
      for (const saga of sagasOf(world, instance)) {
        wishes.push({ key: doneKey(name, saga, instance), kind: "done", name, saga, instance, max });
      }
    }
  }
  return wishes;
}

/** The key of the memory of the outside call that an instance makes when it takes an event. */
export function doneKey(event: string, saga: number, instance: Instance): string {
  return `done/${event}/${saga}/${instance.name}`;
}

/** The distinct answers with which a participant's reactions to an event call the outside: choice and tally. */
export function answersOf(world: World, participant: string, event: string): string[] {
  const reactions = world.reactions.filter(
    (one) => one.participant === participant && one.kind === "on" && one.trigger === event,
  );
  const outcomes = reactions.flatMap(outcomesOf).filter((outcome) => outcome.tally !== undefined);
  return [...new Set(outcomes.map(answerOf))];
}

/** The name of an answer: the same call in another state has the same one. */
export function answerOf(outcome: OutcomeJson): string {
  return JSON.stringify([outcome.choice ?? "", outcome.tally ?? {}]);
}

function listQueues(world: World): Omit<Queue, "word">[] {
  if (world.bound.channel === "bag") return [];
  const queues = new Map<
    string,
    { instance: Instance; messages: Map<string, { event: string; saga: number }> }
  >();
  for (const [producer, event] of emissions(world)) {
    for (const instance of world.instances) {
      if (!(world.subscribers.get(event) ?? []).includes(instance.participant)) continue;
      const key = queueKey(world, producer, instance);
      const queue = queues.get(key) ?? { instance, messages: new Map() };
      queues.set(key, queue);
      for (const saga of sagasOf(world, instance)) queue.messages.set(`${event}/${saga}`, { event, saga });
    }
  }
  return [...queues].map(([key, { instance, messages }]) => {
    const bits = bitsOf(messages.size);
    return {
      key,
      instance,
      bits,
      slots: Math.min(world.bound.cap, Math.floor(WORD_BITS / bits)),
      messages: [...messages.values()],
    };
  });
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
