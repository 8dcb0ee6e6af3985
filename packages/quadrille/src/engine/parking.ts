// What is set aside in one lane, in memory: which keys are held back, what may be offered again and when.
// The table is the truth; this index is rebuilt from it whenever the lane is recovered.
import type { ParkedError, ParkedReason, ParkedRecord } from "../store/records.ts";
import type { Limits } from "./limits.ts";
import type { Incoming } from "./incoming.ts";

/** Why and until when a message is set aside. */
export interface Aside {
  readonly reason: Exclude<ParkedReason, "discarded">;
  readonly attempts: number;
  readonly nextAt: number | undefined;
  readonly version: number;
  readonly error: ParkedError | undefined;
}

/** The index of one lane, with the changes that the next flush has to write. */
export class Parking {
  readonly #byKey = new Map<string, ParkedRecord[]>();
  /** Calls and deadlines: they have no order among messages, so they hold nobody back. */
  readonly #calls = new Map<string, ParkedRecord>();
  /** Keys whose first in line may be offered again, now or later: the dead ones, however many, cost nothing. */
  readonly #offerable = new Set<string>();
  /** Calls under way again: in the table they stay due, in case of a crash. */
  readonly #held = new Set<string>();
  /** Keys with something deferred, known from the table alone: their entities may have changed since. */
  readonly #unsure = new Set<string>();
  readonly #lane: number;
  #ordinal = 0;
  #count = 0;
  #written = new Map<string, ParkedRecord>();
  #removed = new Set<string>();

  constructor(lane: number, records: readonly ParkedRecord[]) {
    this.#lane = lane;
    for (const record of records) {
      this.#ordinal = Math.max(this.#ordinal, record.ordinal);
      this.#insert(record);
      if (record.reason === "deferred" && !isCall(record)) this.#unsure.add(record.key);
    }
  }

  get size(): number {
    return this.#count;
  }

  /** How many calls and deadlines are among them. */
  get calls(): number {
    return this.#calls.size;
  }

  /** Whether messages for this key must queue: something before them was not taken and is not merely deferred. */
  blocks(key: string): boolean {
    return this.#count > 0 && this.#queue(key).some((record) => record.reason !== "deferred");
  }

  /** The message that holds a key up. */
  blocker(key: string): ParkedRecord | undefined {
    return this.#queue(key).find((record) => record.reason !== "deferred");
  }

  deferred(key: string): readonly ParkedRecord[] {
    if (this.#count === 0) return nothing;
    return this.#queue(key).filter((record) => record.reason === "deferred");
  }

  call(id: string): ParkedRecord | undefined {
    return this.#calls.get(id);
  }

  /** Sets a message aside, or changes how it is set aside; its place in its key's order stays. */
  park(message: Incoming, aside: Aside, now: number): void {
    const before = this.#find(message);
    const { isChecked: _, ...kept } = message;
    const record: ParkedRecord = {
      ...kept,
      ...aside,
      lane: this.#lane,
      ordinal: before?.ordinal ?? ++this.#ordinal,
      parkedAt: before === undefined || isRedriven(before) ? now : before.parkedAt,
      note: undefined,
    };
    if (before !== undefined) this.#delete(before);
    this.#insert(record);
    this.#written.set(record.id, record);
    this.#removed.delete(record.id);
  }

  /** Forgets a message that was taken after all. */
  unpark(message: Pick<Incoming, "id" | "key" | "kind">): void {
    const record = this.#find(message);
    if (record === undefined) return;
    this.#delete(record);
    this.#written.delete(record.id);
    this.#removed.add(record.id);
  }

  /** Holds a call back while it is attempted again. */
  hold(id: string): void {
    this.#held.add(id);
  }

  /** Whether a call is held back. */
  holds(id: string): boolean {
    return this.#held.has(id);
  }

  /**
   * First in line of each key whose time has come, and calls whose time has come, at most `limit`. Once after a recovery
   * also the first deferred one of a key that nothing blocks; it is for the batch to see whether its entity has changed.
   */
  due(now: number, limit: number): readonly ParkedRecord[] {
    const due: ParkedRecord[] = [];
    const offer = (record: ParkedRecord | undefined): void => {
      if (record !== undefined && due.length < limit && isDue(record, now)) due.push(record);
    };
    for (const key of this.#offerable) offer(this.blocker(key));
    for (const record of this.#calls.values()) if (!this.#held.has(record.id)) offer(record);
    for (const key of this.#unsure) {
      if (due.length >= limit) break;
      this.#unsure.delete(key);
      const [first] = this.blocks(key) ? [] : this.deferred(key);
      if (first !== undefined) due.push(first);
    }
    return due;
  }

  /** When `due` will have something, in milliseconds since 1970. */
  nextDue(): number | undefined {
    const times: number[] = [];
    const note = (record: ParkedRecord | undefined): void => {
      if (record?.reason === "waiting") times.push(0);
      if (record?.reason === "retrying") times.push(record.nextAt ?? 0);
    };
    for (const key of this.#offerable) note(this.blocker(key));
    for (const record of this.#calls.values()) if (!this.#held.has(record.id)) note(record);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** How many are set aside, by reason. */
  census(): Readonly<Record<"deferred" | "retrying" | "waiting" | "dead", number>> {
    const counts = { deferred: 0, retrying: 0, waiting: 0, dead: 0 };
    for (const record of [...this.#byKey.values(), [...this.#calls.values()]].flat()) {
      if (record.reason !== "discarded") counts[record.reason] += 1;
    }
    return counts;
  }

  /** The changes since the last call, to be written by the flush. */
  takeChanges(): { readonly parked: readonly ParkedRecord[]; readonly unparked: readonly string[] } {
    const changes = { parked: [...this.#written.values()], unparked: [...this.#removed] };
    this.#written = new Map();
    this.#removed = new Set();
    return changes;
  }

  #queue(key: string): readonly ParkedRecord[] {
    return this.#byKey.get(key) ?? nothing;
  }

  #find(message: Pick<Incoming, "id" | "key" | "kind">): ParkedRecord | undefined {
    if (this.#count === 0) return undefined;
    if (isCall(message)) return this.#calls.get(message.id);
    return this.#queue(message.key).find((record) => record.id === message.id);
  }

  #insert(record: ParkedRecord): void {
    this.#count += 1;
    if (isCall(record)) {
      this.#calls.set(record.id, record);
      return;
    }
    const queue = this.#byKey.get(record.key) ?? [];
    const last = queue.at(-1);
    queue.push(record);
    if (last !== undefined && last.ordinal > record.ordinal) queue.sort((a, b) => a.ordinal - b.ordinal);
    this.#store(record.key, queue);
  }

  #delete(record: ParkedRecord): void {
    this.#count -= 1;
    if (isCall(record)) {
      this.#calls.delete(record.id);
      this.#held.delete(record.id);
      return;
    }
    const queue = this.#byKey.get(record.key) ?? [];
    queue.splice(
      queue.findIndex((one) => one.id === record.id),
      1,
    );
    this.#store(record.key, queue);
  }

  #store(key: string, queue: ParkedRecord[]): void {
    if (queue.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, queue);
    const first = this.blocker(key);
    if (first === undefined || first.reason === "dead") this.#offerable.delete(key);
    else this.#offerable.add(key);
  }
}

/** Most lanes have nothing set aside, and every message asks. */
const nothing: readonly ParkedRecord[] = [];

function isCall(message: Pick<Incoming, "kind">): boolean {
  return message.kind === "activity" || message.kind === "deadline";
}

/** A call whose attempts begin anew has failed for no longer than since now. */
function isRedriven(record: ParkedRecord): boolean {
  return isCall(record) && record.attempts === 0;
}

function isDue(record: ParkedRecord, now: number): boolean {
  return record.reason === "waiting" || (record.reason === "retrying" && (record.nextAt ?? 0) <= now);
}

/** The first pause and the longest, in milliseconds. */
export type Backoff = Pick<Limits, "backoffMs" | "backoffMsMax">;

/** The wait before the next attempt: doubling, capped, with full jitter (M. Brooker, AWS Architecture Blog, 2015). */
export function backoffMs(limits: Backoff, attempts: number, random: () => number): number {
  const cap = Math.min(limits.backoffMsMax, limits.backoffMs * 2 ** (attempts - 1));
  return Math.ceil(cap / 2 + (random() * cap) / 2);
}
