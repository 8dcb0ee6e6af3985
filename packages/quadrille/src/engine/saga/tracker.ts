// Follows sagas on their way to a declared end, by the states that commits report.
import type { Choreography } from "../../contract/choreography.ts";
import { isPromised } from "../../contract/promised.ts";
import type { SagaEnd } from "../message/api.ts";
import type { Table } from "../../contract/table.ts";
import { thrownText } from "../../errors.ts";
import type { JournalRecord } from "../../store/records.ts";
import type { Flush } from "../../store/store.ts";
import type { Bell } from "../round/bell.ts";
import type { Recovered } from "../round/worker-options.ts";
import { RecentMap } from "../lane/recent-map.ts";
import { endFinder } from "./end-finder.ts";
import { nothingOnTheWay, type OnTheWay, UnderWay } from "./under-way.ts";
import { Waiters } from "./waiters.ts";

interface Tracked {
  /** When its first command came, on the steady clock; unknown for a saga that began elsewhere. */
  readonly startedAt: number | undefined;
  readonly states: Map<string, string>;
  /** Whether the states of all participants are known, rather than only those seen here. */
  complete: boolean;
  /** The part of it that is under way, as far as this process has seen. */
  onTheWay: OnTheWay;
  /** Whether something of it was under way when the stores were last asked; undefined where they were not. */
  isUnderWay: boolean | undefined;
  /** Whether it was in a flush in doubt, so that what was seen of it may be wrong. */
  isDoubtful: boolean;
  /** The end that it is at now. */
  end: string | undefined;
  /** The end that was last reported to listeners. */
  reported: string | undefined;
  /** From the beginning to the first end. */
  durationMs: number | undefined;
}

/** A participant's part of a commit. */
export interface Seen {
  readonly participant: string;
  readonly flush: Flush;
}

/** A saga whose states are being read. */
interface Unread {
  readonly tracked: Tracked;
  /** States committed since the reading was asked for, by participant: they are newer than what is read. */
  readonly observed: Map<string, string>;
  readonly read: Promise<void>;
  readonly done: () => void;
  /** Set if the states being read may be older than those found since. */
  isStale: boolean;
}

/**
 * A saga in the stores: its states, by participant, and whether something of it is under way. That is only
 * asked where the states are an end.
 */
export interface StoredSaga {
  readonly states: ReadonlyMap<string, string>;
  readonly isUnderWay: boolean | undefined;
}

/** Reads how far sagas have come from the stores. */
export type ReadSagas = (sagaIds: readonly string[]) => Promise<ReadonlyMap<string, StoredSaga>>;

/** What a tracker is made of. */
export interface TrackerOptions {
  readonly choreography: Choreography;
  readonly readSagas: ReadSagas;
  /** The contracts of all participants. */
  readonly tables: readonly Table[];
  /** The participants that run in this process. */
  readonly local: ReadonlySet<string>;
  /**
   * Events from elsewhere that start a saga and have one taker here, with the participants that publish them
   * there.
   */
  readonly beginners: ReadonlyMap<string, ReadonlySet<string>>;
  readonly steady: () => number;
  /** Logs that a listener threw. */
  readonly warn: (message: string) => void;
  readonly sagasTrackedMax: number;
}

/** Sagas read from the stores at once. */
const readSagasMax = 512;

/**
 * Sagas remembered that are at an end but for a message under way. Others are found when a caller waits for
 * them.
 */
const nearlyMax = 10_000;

/** How often the stores are asked whether that message was taken in another process. */
const lookMs = 500;

/** The sagas of one engine. */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #endOf: (states: ReadonlyMap<string, string>) => string | undefined;
  readonly #sagas: RecentMap<Tracked>;
  readonly #underWay: UnderWay;
  readonly #listeners = new Set<(end: SagaEnd) => void>();
  readonly #waiters = new Waiters();
  /** At an end but for a message under way. */
  readonly #nearly = new Map<string, Tracked>();
  /** At an end but for what only the stores know to be under way. */
  readonly #later = new Set<string>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  readonly #unread = new Map<string, Unread>();
  /** Sagas whose states the stores did not return. */
  readonly #unreadable = new Set<string>();
  #reading: Promise<void> | undefined;

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#endOf = endFinder(options.choreography);
    this.#underWay = new UnderWay(options.tables, options.local);
    this.#sagas = new RecentMap(options.sagasTrackedMax);
  }

  /** Notes that a saga begins here now: nothing of it exists yet. */
  begin(sagaId: string): void {
    this.#track(sagaId, { startedAt: this.#options.steady(), complete: true });
  }

  /** Whether a saga is known to be one of this choreography. */
  knows(sagaId: string): boolean {
    return (this.#sagas.get(sagaId)?.states.size ?? 0) > 0;
  }

  /** Notes what was committed together. */
  observe(committed: readonly Seen[]): void {
    this.readAgain();
    const sagas = new Map<string, Tracked>(this.#nearly);
    const of = (sagaId: string): Tracked => this.#sagas.get(sagaId) ?? this.#adopt(sagaId);
    for (const { participant, flush } of committed) {
      this.#underWay.note(participant, flush, (sagaId) => of(sagaId).onTheWay);
      // The state after a saga's last reaction, also where the entity is one that sagas share.
      for (const row of flush.journal) {
        const { sagaId, to } = row;
        if (this.#begins(row)) this.begin(sagaId);
        const tracked = of(sagaId);
        tracked.states.set(participant, to);
        const reading = this.#unread.get(sagaId);
        reading?.observed.set(participant, to);
        // What is read may be older, and what was seen before is not known.
        if (reading !== undefined && tracked.isDoubtful) reading.isStale = true;
        if (tracked.isUnderWay === true) this.#read(sagaId, tracked);
        sagas.set(sagaId, tracked);
      }
    }
    // Only now, because an end depends on all states together.
    for (const [sagaId, tracked] of sagas) this.#conclude(sagaId, tracked);
  }

  /**
   * Whether a reaction is the first one of its saga: an event from elsewhere that starts one, and that no
   * other participant takes.
   */
  #begins({ sagaId, kind, trigger, cause }: JournalRecord): boolean {
    const { beginners } = this.#options;
    if (beginners.size === 0 || kind !== "event" || !beginners.has(trigger)) return false;
    return beginners.get(trigger)?.has(cause.source) === true && this.#sagas.get(sagaId) === undefined;
  }

  /** Notes that sagas have changed unobserved: their states have to be read from the stores. */
  invalidate(sagaIds: readonly string[]): void {
    for (const sagaId of sagaIds) {
      const reading = this.#unread.get(sagaId);
      const tracked = this.#sagas.get(sagaId) ?? this.#adopt(sagaId);
      tracked.complete = false;
      tracked.isDoubtful = true;
      if (reading === undefined) this.#read(sagaId, tracked);
      else reading.isStale = true;
    }
  }

  /**
   * Notes what a lane shows that was read again: its positions, and with a flush in doubt all sagas in it.
   * The flush may have taken their messages without a journal row, or parked them.
   */
  recovered({ participant, lane, inbox, lost }: Recovered): void {
    this.#underWay.took(participant, { lane, inbox });
    if (lost !== undefined) {
      const { journal, parked, unparked } = lost.flush;
      const named = [...journal, ...parked].map(({ sagaId }) => sagaId);
      this.invalidate([...new Set([...named, ...this.#underWay.sagasOf(unparked)])]);
    }
    for (const [sagaId, tracked] of this.#nearly) this.#conclude(sagaId, tracked);
  }

  /**
   * Reads again the states that the stores did not return: a saga may have no other commit that would cause
   * it.
   */
  readAgain(): void {
    const again = [...this.#unreadable];
    this.#unreadable.clear();
    for (const sagaId of again) {
      const tracked = this.#sagas.get(sagaId);
      if (tracked === undefined) continue;
      if (!tracked.complete || tracked.isUnderWay === undefined || isFartherElsewhere(tracked))
        this.#read(sagaId, tracked);
    }
  }

  /** Looks again, now and then, for sagas that other processes have ended. Called when nothing is pending. */
  lookAgain(): void {
    this.readAgain();
    const now = this.#options.steady();
    if (this.#later.size === 0 || now - this.#lookedAt < lookMs) return;
    this.#lookedAt = now;
    // One that is being read just now is asked for the next time: what is read may be older.
    const asked = [...this.#later].filter((sagaId) => !this.#unread.has(sagaId));
    for (const sagaId of asked.slice(0, readSagasMax)) {
      this.#later.delete(sagaId);
      const tracked = this.#sagas.get(sagaId);
      if (tracked !== undefined) this.#read(sagaId, tracked);
    }
  }

  onEnd(listener: (end: SagaEnd) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The end that the saga has reached, as far as memory and the stores know. */
  async endOf(sagaId: string): Promise<SagaEnd | undefined> {
    const tracked = this.#sagas.get(sagaId) ?? this.#adopt(sagaId);
    if (!tracked.complete || isFartherElsewhere(tracked)) {
      this.#read(sagaId, tracked);
      await this.#unread.get(sagaId)?.read;
    }
    return tracked.end === undefined ? undefined : this.#report(sagaId, tracked, tracked.end);
  }

  /** Reads the saga's states again, because participants may also run in other processes. */
  async renew(sagaId: string): Promise<void> {
    // What is being read just now may be older.
    await this.#unread.get(sagaId)?.read;
    const tracked = this.#sagas.get(sagaId);
    if (tracked === undefined) this.#adopt(sagaId);
    else this.#read(sagaId, tracked);
    await this.#unread.get(sagaId)?.read;
  }

  /** Rings `bell` when the saga may have come further, until the returned function is called. */
  wait(sagaId: string, bell: Bell): () => void {
    return this.#waiters.join(sagaId, bell);
  }

  /** Another process has committed something of the sagas, or of any where they are not named. */
  hear(sagaIds: readonly string[] | undefined): void {
    for (const sagaId of this.#later.size === 0 ? [] : (sagaIds ?? [])) {
      const tracked = this.#later.has(sagaId) ? this.#sagas.get(sagaId) : undefined;
      const reading = this.#unread.get(sagaId);
      if (reading !== undefined) reading.isStale = true;
      else if (tracked !== undefined) this.#read(sagaId, tracked);
    }
    this.#waiters.ring(sagaIds);
  }

  /** Resolves when no store is being asked. */
  async settled(): Promise<void> {
    while (this.#reading !== undefined) await this.#reading;
  }

  #track(sagaId: string, known: Pick<Tracked, "startedAt" | "complete">): Tracked {
    const tracked: Tracked = {
      ...known,
      states: new Map(),
      onTheWay: nothingOnTheWay(),
      isUnderWay: false,
      isDoubtful: false,
      end: undefined,
      reported: undefined,
      durationMs: undefined,
    };
    this.#sagas.set(sagaId, tracked);
    return tracked;
  }

  /** A saga that began elsewhere or before: its other states are in the stores. */
  #adopt(sagaId: string): Tracked {
    const tracked = this.#track(sagaId, { startedAt: undefined, complete: false });
    this.#read(sagaId, tracked);
    return tracked;
  }

  #readAfresh(sagaId: string, tracked: Tracked): void {
    const reading = this.#unread.get(sagaId);
    if (reading === undefined) this.#read(sagaId, tracked);
    else reading.isStale = true;
  }

  #read(sagaId: string, tracked: Tracked): void {
    if (this.#unread.has(sagaId)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#unread.set(sagaId, { tracked, observed: new Map(), read: promise, done: resolve, isStale: false });
    this.#reading ??= this.#readAll();
  }

  /** Reads in pages: after a restart, hundreds of sagas go on at once. */
  async #readAll(): Promise<void> {
    // All reads of this turn of the event loop are combined.
    await Promise.resolve();
    while (this.#unread.size > 0) {
      const page = [...this.#unread].slice(0, readSagasMax);
      const isRead = await this.#readPage(page);
      for (const [sagaId, { done, isStale }] of page) {
        this.#unread.delete(sagaId);
        if (!isRead || isStale) this.#unreadable.add(sagaId);
        done();
      }
    }
    this.#reading = undefined;
  }

  /** Returns whether the stores answered. */
  async #readPage(page: readonly (readonly [string, Unread])[]): Promise<boolean> {
    try {
      const read = await this.#options.readSagas(page.map(([sagaId]) => sagaId));
      for (const [sagaId, { tracked: asked, observed, isStale }] of page) {
        // It may have been forgotten for want of room, and taken up again, since it was asked for.
        const tracked = this.#sagas.get(sagaId) ?? asked;
        const stored = read.get(sagaId);
        for (const [participant, state] of [...(stored?.states ?? []), ...observed])
          tracked.states.set(participant, state);
        if (isStale) continue;
        tracked.complete = true;
        tracked.isDoubtful = false;
        tracked.isUnderWay = stored === undefined ? false : stored.isUnderWay;
        // What was seen before is in what was read. What was seen meanwhile may not be.
        if (observed.size === 0) tracked.onTheWay = nothingOnTheWay();
        this.#conclude(sagaId, tracked);
      }
      return true;
    } catch {
      return false;
    }
  }

  #conclude(sagaId: string, tracked: Tracked): void {
    // A saga without entities has not reached an end, even if an end allows that.
    if (!tracked.complete || tracked.states.size === 0) return;
    const { isUnderWay, onTheWay } = tracked;
    const end = this.#endOf(tracked.states);
    const isOver = end !== undefined && isUnderWay === false && this.#underWay.isOver(onTheWay);
    tracked.end = isOver ? end : undefined;
    // It was read on its way to here: what else was under way then is only known to the stores.
    if (end !== undefined && isUnderWay === undefined) this.#readAfresh(sagaId, tracked);
    if (!isOver) {
      if (end !== undefined) this.#remember(sagaId, tracked);
      return;
    }
    this.#nearly.delete(sagaId);
    this.#later.delete(sagaId);
    this.#waiters.ring([sagaId]);
    if (end === tracked.reported) return;
    tracked.reported = end;
    if (tracked.startedAt !== undefined) tracked.durationMs = this.#options.steady() - tracked.startedAt;
    const report = this.#report(sagaId, tracked, end);
    for (const listener of this.#listeners) this.#notify(listener, report);
  }

  /** If its last message is ignored, the flush that takes it does not mention the saga. */
  #remember(sagaId: string, tracked: Tracked): void {
    const isElsewhere = tracked.isUnderWay !== false || tracked.onTheWay.isRemote;
    if (isElsewhere && this.#later.size < nearlyMax) this.#later.add(sagaId);
    if (!isElsewhere && this.#nearly.size < nearlyMax) this.#nearly.set(sagaId, tracked);
    else this.#nearly.delete(sagaId);
  }

  /** An error of a listener must not affect the batch. */
  #notify(listener: (end: SagaEnd) => void, report: SagaEnd): void {
    const failed = (error: unknown): void =>
      this.#options.warn(`A listener to ends threw at ${report.sagaId}: ${thrownText(error)}`);
    try {
      const returned: unknown = listener(report);
      if (isPromised(returned)) returned.then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  }

  #report(sagaId: string, { states, durationMs }: Tracked, end: string): SagaEnd {
    const named = this.#options.choreography.participants.map(
      ({ name, initial }) => [name, states.get(name) ?? initial] as const,
    );
    const { name: choreography } = this.#options.choreography;
    return { sagaId, choreography, end, states: Object.fromEntries(named), durationMs };
  }
}

/** Whether only the stores know if it has come to an end. */
function isFartherElsewhere({ end, isUnderWay, onTheWay }: Tracked): boolean {
  return end === undefined && (isUnderWay === true || onTheWay.isRemote);
}
