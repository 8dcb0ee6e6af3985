// How a global state is packed into integer words: small counters and short queues side by side, and words of
// their own for long queues.
//
// A word holds 31 bits, so that it is never negative and every comparison is a plain one. Counters begin
// narrow, because most channels never hold two messages; when one overflows, a new run begins with a wider
// one. That halves the words and doubles the speed on products of sagas. When each queue had a word of its
// own, three sagas of Create Order took 29 words; now they take four, and twice as many states a second.
import type { OutcomeJson } from "../../contract/json-form.ts";
import { type Instance, sagasOf, type World } from "../model/world.ts";
import { countsOutside, emissions, outcomesOf } from "../../contract/json/sentences.ts";

const wordBits = 31;
const wordMask = 0x7fff_ffff;

/** What a counter counts. */
export type FieldKind = "state" | "messages" | "stash" | "budget" | "tally" | "fault" | "done" | "facts";

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
  /**
   * The unit of the count: for a tally the greatest common divisor of all its changes, so that money can be
   * counted in cents; otherwise 1.
   */
  readonly unit: number;
  /** The largest change at once: for a tally in units; otherwise 1. */
  readonly largest: number;
}

/** A channel with an order: the messages are codes, the oldest in the lowest bits of the first word. */
export interface Queue {
  readonly key: string;
  readonly instance: Instance;
  /** The first of its words and their number; a message never spans two words. */
  readonly word: number;
  readonly words: number;
  /** Where it begins in its word, and the mask of its part before it is shifted; several words are whole. */
  readonly shift: number;
  readonly mask: number;
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
  /** The fields of facts seen; most contracts have none. */
  readonly facts: readonly Field[];
  readonly fields: ReadonlyMap<string, Field>;
  readonly queues: ReadonlyMap<string, Queue>;
}

/** The limit of each counter and the capacity of each queue, by key; those that are not named begin small. */
export type Widths = ReadonlyMap<string, number>;

/**
 * The instance that a counter or queue belongs to: a participant's entity of one saga. The parts are not
 * joined into one text, because names may contain any character.
 */
type FieldOwner = Pick<Instance, "participant" | "saga">;

/** The key of the counter of messages of an event on their way to an instance. */
export function messagesKey(event: string, saga: number, { participant, saga: own }: FieldOwner): string {
  return JSON.stringify(["messages", event, saga, participant, own]);
}

/** The key of the counter of messages that an instance has deferred. */
export function stashKey(event: string, saga: number, { participant, saga: own }: FieldOwner): string {
  return JSON.stringify(["stash", event, saga, participant, own]);
}

/** The key of a counter that belongs to a saga and to no instance: a command's budget, a tally. */
export function sagaKey(kind: "budget" | "tally", name: string, saga: number): string {
  return JSON.stringify([kind, name, saga]);
}

/** The key of the budget of a fault. */
export function faultKey(fault: string): string {
  return JSON.stringify(["fault", fault]);
}

/**
 * The key of the queue in which a producer's messages of a saga travel to an instance. Messages of different
 * sagas have no order, except in mode `partition`.
 */
export function queueKey(
  { bound }: World,
  { producer, saga }: { readonly producer: string; readonly saga: number },
  to: FieldOwner,
): string {
  const isOfSaga = bound.channel === "fifo";
  return JSON.stringify(["queue", ...(isOfSaga ? [producer, saga] : []), to.participant, to.saga]);
}

/** The producer whose messages travel in a queue; undefined where it is one for all. */
export function producerOf({ key }: Pick<Queue, "key">): string | undefined {
  const parts: unknown = JSON.parse(key);
  return Array.isArray(parts) && parts.length > 3 ? String(parts[1]) : undefined;
}

/** Packs the fields of a world; queues without a width hold `room` messages. */
export function createLayout(world: World, widths: Widths, room = 1): Layout {
  const fields = new Map<string, Field>();
  const used: number[] = [];
  const place = (bits: number): Pick<Field, "word" | "shift"> => {
    let word = used.findIndex((of) => of + bits <= wordBits);
    if (word < 0) word = used.push(0) - 1;
    const shift = used[word] ?? 0;
    used[word] = shift + bits;
    return { word, shift };
  };
  const add = (wish: FieldWish): void => {
    const { key, kind, name, saga, instance, max, unit = 1, largest = 1 } = wish;
    const { word, shift } = place(bitsOf(max));
    fields.set(key, { key, kind, name, saga, instance, word, shift, max, unit, largest });
  };
  for (const wish of [
    ...stateFields(world),
    ...factFields(world),
    ...messageFields(world, widths),
    ...outsideFields(world, widths),
  ])
    add(wish);
  const queues = new Map<string, Queue>();
  for (const queue of listQueues(world, widths, room)) {
    const bits = queue.slots * queue.bits;
    if (bits <= wordBits) queues.set(queue.key, { ...queue, ...place(bits), mask: 2 ** bits - 1 });
    else {
      queues.set(queue.key, { ...queue, word: used.length, shift: 0, mask: wordMask });
      for (let word = 0; word < queue.words; word++) used.push(wordBits);
    }
  }
  const ofKind = (wanted: FieldKind): Field[] => [...fields.values()].filter(({ kind }) => kind === wanted);
  return { words: used.length, states: ofKind("state"), facts: ofKind("facts"), fields, queues };
}

/** How many bits hold the values 0 to `max`. */
export function bitsOf(max: number): number {
  return 32 - Math.clz32(max);
}

/** How many messages of a queue fit into one word. */
export function messagesInWord(bits: number): number {
  return Math.trunc(wordBits / bits);
}

/** The mask of a field, in place. */
export function maskOf(field: Field): number {
  return ((1 << bitsOf(field.max)) - 1) << field.shift;
}

/** A field without its place. */
type FieldWish = Omit<Field, "word" | "shift" | "unit" | "largest"> &
  Partial<Pick<Field, "unit" | "largest">>;

function stateFields({ instances }: World): FieldWish[] {
  return instances.map((instance) => {
    const { index, name, saga, stopped } = instance;
    return { key: JSON.stringify(["state", index]), kind: "state", name, saga, instance, max: stopped };
  });
}

/**
 * For each state with a join that is not expanded: a bit for each fact that an instance has seen, and above
 * these bits their number.
 */
function factFields({ instances, byState }: World): FieldWish[] {
  return instances.flatMap((instance) =>
    instance.states.flatMap((state): FieldWish[] => {
      const join = byState
        .get(instance.participant)
        ?.get(state)
        ?.find(({ fact }) => fact !== undefined)?.fact?.join;
      if (join === undefined) return [];
      const count = join.facts.length;
      const max = 2 ** (count + bitsOf(count)) - 1;
      const { saga } = instance;
      return [{ key: factsKey(state, instance), kind: "facts", name: state, saga, instance, max }];
    }),
  );
}

/** The key of the facts that an instance has seen in a state. */
export function factsKey(state: string, { participant, saga }: FieldOwner): string {
  return JSON.stringify(["facts", state, participant, saga]);
}

function messageFields(world: World, widths: Widths): FieldWish[] {
  const wishes: FieldWish[] = [];
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

/** Whether a participant ever defers this event: only then does it need a stash. */
function isSetAside(world: World, participant: string, event: string): boolean {
  if (world.bound.channel === "bag" || world.bound.defer === "block") return false;
  return world.sentences.some(
    (one) => one.participant === participant && one.trigger === event && one.disposition === "defer",
  );
}

function outsideFields(world: World, widths: Widths): FieldWish[] {
  const wishes: FieldWish[] = [];
  const add = (
    kind: "budget" | "tally",
    name: string,
    rest: Pick<FieldWish, "max" | "unit" | "largest">,
  ): void => {
    for (let saga = 1; saga <= world.bound.sagas; saga++) {
      const key = sagaKey(kind, name, saga);
      wishes.push({ key, kind, name, saga, instance: undefined, ...rest, max: widths.get(key) ?? rest.max });
    }
  };
  for (const [command, budget] of Object.entries(world.choreography.commands)) {
    if (typeof budget === "number" && budget > 0) add("budget", command, { max: budget });
  }
  for (const [tally, { unit, largest }] of measures(world))
    add("tally", tally, { unit, largest, max: largest });
  for (const [fault, max] of Object.entries(world.bound.faults)) {
    if (max > 0)
      wishes.push({ key: faultKey(fault), kind: "fault", name: fault, saga: 0, instance: undefined, max });
  }
  if (world.bound.faults.effect > 0) wishes.push(...doneFields(world));
  return wishes;
}

/** By tally: the unit in which it is counted, and its largest change in that unit. */
function measures({ sentences }: World): ReadonlyMap<string, Pick<Field, "unit" | "largest">> {
  const changes = new Map<string, number[]>();
  for (const sentence of sentences) {
    for (const { tally = {} } of outcomesOf(sentence))
      for (const [name, change] of Object.entries(tally))
        changes.set(name, [...(changes.get(name) ?? []), Math.abs(change)]);
  }
  return new Map(
    [...changes].map(([name, sizes]) => {
      const unit = Math.max(1, sizes.reduce(commonDivisor, 0));
      return [name, { unit, largest: Math.max(1, ...sizes) / unit }];
    }),
  );
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/**
 * The provider's memory of calls whose transaction was rolled back: by the idempotency key, the repeated call
 * counts once. The value is the position of the answer in {@link answersOf}, plus one.
 */
function doneFields(world: World): FieldWish[] {
  const wishes: FieldWish[] = [];
  for (const instance of world.instances) {
    const triggers = world.sentences.filter(
      (one) => one.participant === instance.participant && one.kind === "event",
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
export function doneKey(event: string, saga: number, { participant, saga: own }: FieldOwner): string {
  return JSON.stringify(["done", event, saga, participant, own]);
}

/** The distinct calls to the outside in a participant's reactions to an event: choice and tally. */
export function answersOf(world: World, participant: string, event: string): string[] {
  const reactions = world.sentences.filter(
    (one) => one.participant === participant && one.kind === "event" && one.trigger === event,
  );
  const outcomes = reactions
    .flatMap(outcomesOf)
    .filter((outcome) => countsOutside(world.choreography, outcome));
  return [...new Set(outcomes.map(answerOf))];
}

/** The name of a call; the same call in another state has the same name. */
export function answerOf(outcome: OutcomeJson): string {
  return JSON.stringify([outcome.choice ?? "", outcome.tally ?? {}]);
}

/** A queue whose messages are being listed. */
interface OpenQueue {
  readonly instance: Instance;
  readonly messages: Queue["messages"][number][];
}

/** A queue for all producers takes an event of several of them. */
function addMessage({ messages }: OpenQueue, { event, saga }: Queue["messages"][number]): void {
  if (!messages.some((one) => one.event === event && one.saga === saga)) messages.push({ event, saga });
}

function listQueues(world: World, widths: Widths, room: number): Omit<Queue, "word" | "shift" | "mask">[] {
  if (world.bound.channel === "bag") return [];
  const queues = new Map<string, OpenQueue>();
  for (const [producer, event] of emissions(world)) {
    const subscribers = world.subscribers.get(event) ?? [];
    for (const instance of world.instances) {
      if (!subscribers.includes(instance.participant)) continue;
      for (const saga of sagasOf(world, instance)) {
        const key = queueKey(world, { producer, saga }, instance);
        const queue = queues.get(key) ?? { instance, messages: [] };
        queues.set(key, queue);
        addMessage(queue, { event, saga });
      }
    }
  }
  return [...queues].map(([key, { instance, messages }]) => {
    const bits = bitsOf(messages.length);
    const slots = Math.min(world.bound.cap, widths.get(key) ?? room);
    return { key, instance, bits, slots, words: Math.ceil(slots / messagesInWord(bits)), messages };
  });
}
