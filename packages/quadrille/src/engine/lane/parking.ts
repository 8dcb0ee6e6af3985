// The parked messages of one lane in memory, as far as they are known, by key: which are held back, and which
// may be offered again. The table is authoritative and may hold many more: a key is read from it with the
// batches that touch it.
import { jsonBytes } from "../../store/as-json.ts";
import type { ParkedError, ParkedHead, ParkedReason, ParkedRecord } from "../../store/records.ts";
import { isOwn } from "./deadlines-and-calls.ts";
import type { Limits } from "../message/limits.ts";
import type { Incoming } from "../message/incoming.ts";

/** Why and until when a message is parked. */
export interface ParkState {
  readonly reason: Exclude<ParkedReason, "discarded">;
  readonly attempts: number;
  /** When it is offered again; absent if that does not depend on time. */
  readonly nextAt: number | undefined;
  readonly version: number;
  readonly error: ParkedError | undefined;
}

/** How many are parked, by reason. */
export type Census = Readonly<Record<ParkState["reason"], number>>;

/** A parked message in memory. Its payload is there once it was parked here, or loaded to be offered. */
export interface Kept extends ParkedHead {
  readonly payload: { readonly data: unknown } | undefined;
}

/** What is parked for one key. */
interface KeyQueue {
  /** By ordinal: what is deferred, and what is in line. */
  readonly messages: Kept[];
  /** Calls and deadlines: they have no order among messages, so they hold nothing back. */
  readonly calls: Kept[];
  /** More messages in line follow that were not read. */
  isCut: boolean;
  /** Of those parked here behind what was not read, when the earliest cause took place. */
  behindCut: number;
}

function emptyQueue(): KeyQueue {
  return { messages: [], calls: [], isCut: false, behindCut: Number.POSITIVE_INFINITY };
}

/** The number of messages in line of one key that are read at once. */
export const inLineMax = 64;

/** What is known of a lane when it is opened. */
export interface ParkingOptions {
  readonly lane: number;
  readonly lastOrdinal: number | undefined;
  readonly census: Census;
}

/** Nothing is parked. */
export const noneParked: Census = { deferred: 0, retrying: 0, waiting: 0, dead: 0 };

/** What is known of one lane, with the changes that the next flush has to write. */
export class Parking {
  readonly #queues = new Map<string, KeyQueue>();
  /** Keys that have or had parked messages. */
  readonly #used = new Set<string>();
  /** Calls under way again. */
  readonly #held = new Set<string>();
  readonly #lane: number;
  #counts: Record<ParkState["reason"], number>;
  #ordinal: number;
  #isEmpty: boolean;
  #bytes = 0;
  #isStale = false;
  #written = new Map<string, ParkedRecord>();
  #removed = new Set<string>();

  constructor({ lane, lastOrdinal, census }: ParkingOptions) {
    this.#lane = lane;
    this.#ordinal = lastOrdinal ?? 0;
    this.#isEmpty = lastOrdinal === undefined;
    this.#counts = { ...(this.#isEmpty ? noneParked : census) };
  }

  /** Whether nothing is parked in the whole lane. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Bytes of the payloads in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keys in memory. */
  get size(): number {
    return this.#queues.size;
  }

  /** Whether what is parked for the key is known. */
  knows(key: string): boolean {
    return this.#isEmpty || this.#queues.has(key);
  }

  /** Takes note of what the table has for keys that were not known. */
  learn(keys: readonly string[], heads: readonly ParkedHead[]): void {
    for (const key of keys) this.#queues.set(key, emptyQueue());
    for (const head of heads) {
      this.#used.add(head.key);
      this.#place({ ...head, payload: undefined });
    }
    for (const key of keys) {
      const queue = this.#queues.get(key);
      if (queue !== undefined) queue.isCut = queue.messages.filter(isInLine).length >= inLineMax;
    }
  }

  /** Adds a payload that was read. */
  supply(kept: Kept, data: unknown): void {
    this.#replace(kept, { ...kept, payload: { data } });
  }

  /** Forgets what is known of all keys. Gives those that have or had parked messages. */
  forget(): Iterable<string> {
    const used = [...this.#used];
    this.#queues.clear();
    this.#used.clear();
    this.#bytes = 0;
    this.#isStale = false;
    return used;
  }

  /** Whether a line that was read in part has been offered, so that the rest has to be read. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /**
   * Whether messages for this key must queue: something before them was not taken and is not merely deferred.
   */
  blocks(key: string): boolean {
    return this.blocker(key) !== undefined;
  }

  /** The message that holds a key up. */
  blocker(key: string): Kept | undefined {
    return this.#isEmpty ? undefined : this.#queues.get(key)?.messages.find(isInLine);
  }

  /** Whether the message is the last one in line that was read, and others are behind it. */
  isLastKnown(message: Kept): boolean {
    const queue = this.#queues.get(message.key);
    return queue?.isCut === true && queue.messages.findLast(isInLine) === message;
  }

  deferred(key: string): readonly Kept[] {
    if (this.#isEmpty) return nothing;
    return (this.#queues.get(key)?.messages ?? nothing).filter(({ reason }) => reason === "deferred");
  }

  /** The messages in line for a key, as far as they were read. */
  inLine(key: string): readonly Kept[] {
    return (this.#queues.get(key)?.messages ?? nothing).filter(isInLine);
  }

  /**
   * When the earliest cause took place of the messages in line that were parked here behind others that were
   * not read; infinite where none was. Nothing where the whole line is known.
   */
  behindCut(key: string): number | undefined {
    const queue = this.#queues.get(key);
    return queue?.isCut === true ? queue.behindCut : undefined;
  }

  call({ key, id }: Pick<ParkedHead, "key" | "id">): Kept | undefined {
    return this.#isEmpty ? undefined : this.#queues.get(key)?.calls.find((one) => one.id === id);
  }

  /** The parked message as it is known now. */
  find(message: Pick<Incoming, "id" | "key" | "kind">): Kept | undefined {
    if (this.#isEmpty) return undefined;
    return this.#listOf(message)?.find(({ id }) => id === message.id);
  }

  /** Parks a message, or changes how it is parked; its place in its key's order stays. */
  park(message: Incoming, state: ParkState, now: number): void {
    const before = this.find(message);
    const { isChecked: _, data, notBefore, ...kept } = message;
    const causeTime = before?.causeTime ?? notBefore;
    const { error, ...when } = state;
    const at = {
      lane: this.#lane,
      ordinal: before?.ordinal ?? ++this.#ordinal,
      parkedAt: before === undefined || isRedriven(before) ? now : before.parkedAt,
    };
    // A call's recorded result may change; a message's payload does not.
    const bytes = before === undefined || isOwn(before) ? jsonBytes(data) : before.bytes;
    const time = causeTime === undefined ? {} : { causeTime };
    this.#note({ ...kept, ...when, ...at, ...time, bytes, payload: { data } }, before, error);
  }

  /** Schedules a message to be offered soon, unchanged. */
  postpone(kept: Kept, now: number): void {
    this.#isStale ||= this.isLastKnown(kept);
    this.#note({ ...kept, nextAt: now }, kept, undefined);
  }

  /** Takes a message off the list of what is offered by time: its turn comes with its key. */
  rest(kept: Kept): void {
    this.#note({ ...kept, nextAt: undefined }, kept, undefined);
  }

  /** Forgets a message that was taken after all. */
  unpark(message: Pick<Incoming, "id" | "key" | "kind">): void {
    const kept = this.find(message);
    if (kept === undefined) return;
    this.#remove(kept);
    this.#counts[reasonOf(kept)] -= 1;
    this.#written.delete(kept.id);
    this.#removed.add(kept.id);
  }

  /**
   * Holds a call back while it is attempted again. In the table it has no time then: after a crash it is made
   * again.
   */
  hold(kept: Kept): void {
    this.rest(kept);
    this.#held.add(kept.id);
  }

  /** Whether a call is under way again: here, or in a process that is gone. */
  isUnderWay({ id, reason, nextAt }: Kept): boolean {
    return this.#held.has(id) || (reason !== "dead" && nextAt === undefined);
  }

  /** How many are parked, by reason; about as many, until what others have changed is counted again. */
  census(): Census {
    const { deferred, retrying, waiting, dead } = this.#counts;
    const known = (count: number): number => Math.max(0, count);
    return {
      deferred: known(deferred),
      retrying: known(retrying),
      waiting: known(waiting),
      dead: known(dead),
    };
  }

  /** Takes note of a new count. */
  count(census: Census): void {
    this.#counts = { ...census };
  }

  /** The changes since the last call, to be written by the flush. */
  takeChanges(): { readonly parked: readonly ParkedRecord[]; readonly unparked: readonly string[] } {
    const changes = { parked: [...this.#written.values()], unparked: [...this.#removed] };
    this.#written = new Map();
    this.#removed = new Set();
    return changes;
  }

  #note(kept: Kept, before: Kept | undefined, error: ParkedError | undefined): void {
    this.#isEmpty = false;
    this.#used.add(kept.key);
    if (before !== undefined) this.#counts[reasonOf(before)] -= 1;
    this.#counts[reasonOf(kept)] += 1;
    if (before === undefined) this.#place(kept);
    else this.#replace(before, kept);
    this.#held.delete(kept.id);
    const { payload, bytes: _, ...head } = kept;
    this.#written.set(kept.id, { ...head, data: payload?.data, error, note: undefined });
    this.#removed.delete(kept.id);
  }

  #queueOf(key: string): KeyQueue {
    const queue = this.#queues.get(key) ?? emptyQueue();
    this.#queues.set(key, queue);
    return queue;
  }

  #listOf(message: Pick<Incoming, "key" | "kind">): Kept[] | undefined {
    const queue = this.#queues.get(message.key);
    return isOwn(message) ? queue?.calls : queue?.messages;
  }

  #place(kept: Kept): void {
    const queue = this.#queueOf(kept.key);
    // Its place is behind those that were not read.
    if (queue.isCut && isInLine(kept)) {
      queue.behindCut = Math.min(queue.behindCut, kept.causeTime ?? 0);
      return;
    }
    const list = isOwn(kept) ? queue.calls : queue.messages;
    list.push(kept);
    this.#bytes += heldBytes(kept);
    if ((list.at(-2)?.ordinal ?? 0) > kept.ordinal) list.sort((a, b) => a.ordinal - b.ordinal);
  }

  #replace(before: Kept, after: Kept): void {
    const list = this.#listOf(before) ?? [];
    list[list.indexOf(before)] = after;
    this.#bytes += heldBytes(after) - heldBytes(before);
  }

  #remove(kept: Kept): void {
    const list = this.#listOf(kept) ?? [];
    list.splice(list.indexOf(kept), 1);
    this.#bytes -= heldBytes(kept);
    this.#held.delete(kept.id);
  }
}

/** A fast path: most lanes have nothing parked, and every message checks. */
const nothing: readonly Kept[] = [];

/** A call whose attempts start over has failed for no longer than since now. */
function isRedriven(kept: Kept): boolean {
  return isOwn(kept) && kept.attempts === 0;
}

function isInLine({ reason }: ParkedHead): boolean {
  return reason !== "deferred";
}

function reasonOf({ reason }: ParkedHead): ParkState["reason"] {
  return reason === "discarded" ? "dead" : reason;
}

function heldBytes({ payload, bytes }: Kept): number {
  return payload === undefined ? 0 : bytes;
}

/** The first pause and the longest, in milliseconds. */
export type Backoff = Pick<Limits, "backoffMs" | "backoffMsMax">;

/**
 * The wait before the next attempt: doubling, capped, with full jitter (M. Brooker, AWS Architecture Blog,
 * 2015).
 */
export function backoffMs(limits: Backoff, attempts: number, random: () => number): number {
  const cap = Math.min(limits.backoffMsMax, limits.backoffMs * 2 ** (attempts - 1));
  return Math.ceil(cap / 2 + (random() * cap) / 2);
}
