// Follows sagas on their way to a declared end, by the states that commits report.
import type { Choreography } from "../contract/choreography.ts";
import type { SagaEnd } from "./api.ts";
import { RecentMap } from "./recent-map.ts";

interface Tracked {
  /** When its first command came, on the steady clock; unknown for a saga that began elsewhere. */
  readonly startedAt: number | undefined;
  readonly states: Map<string, string>;
  /** Whether the states of all participants are known, rather than only those seen here. */
  complete: boolean;
  end: string | undefined;
  /** From the beginning to the first end. */
  durationMs: number | undefined;
}

/** The state that a participant's entity of a saga has come to. */
export interface SeenState {
  readonly participant: string;
  readonly sagaId: string;
  readonly state: string;
}

/** A saga whose states are being read. */
interface Unread {
  readonly tracked: Tracked;
  /** States committed since the reading was asked for, by participant: they are newer than what is read. */
  readonly observed: Map<string, string>;
  readonly read: Promise<void>;
  readonly done: () => void;
  /** What is being read may be older than what has been found since. */
  isOld: boolean;
}

/** Reads the states of sagas' entities from the stores: by saga, by participant. */
export type ReadStates = (
  sagaIds: readonly string[],
) => Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;

/** What a tracker is made of. */
export interface TrackerOptions {
  readonly choreography: Choreography;
  readonly readStates: ReadStates;
  readonly steady: () => number;
  /** Says to the operator that a listener threw. */
  readonly warn: (message: string) => void;
  readonly sagasTrackedMax: number;
}

/** Sagas read from the stores at once. */
const readSagasMax = 512;

/** The sagas of one engine. */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #endOf: (states: ReadonlyMap<string, string>) => string | undefined;
  readonly #sagas: RecentMap<Tracked>;
  readonly #listeners = new Set<(end: SagaEnd) => void>();
  readonly #unread = new Map<string, Unread>();
  /** Sagas of whose states the stores did not tell. */
  readonly #unreadable = new Set<string>();
  #reading: Promise<void> | undefined;

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#endOf = endFinder(options.choreography);
    this.#sagas = new RecentMap(options.sagasTrackedMax);
  }

  /** Says that a saga begins here, now: nothing of it exists yet. */
  begin(sagaId: string): void {
    this.#track(sagaId, { startedAt: this.#options.steady(), complete: true });
  }

  /** Notes the states that reactions have led to which were committed together. */
  observe(seen: readonly SeenState[]): void {
    this.readAgain();
    const sagas = new Map<string, Tracked>();
    for (const { participant, sagaId, state } of seen) {
      const tracked = this.#sagas.get(sagaId) ?? this.#adopt(sagaId);
      tracked.states.set(participant, state);
      this.#unread.get(sagaId)?.observed.set(participant, state);
      sagas.set(sagaId, tracked);
    }
    // Only now: an end is a matter of all states together.
    for (const [sagaId, tracked] of sagas) this.#conclude(sagaId, tracked);
  }

  /** Says that sagas have come further than was observed: how far, the stores tell. */
  doubt(sagaIds: readonly string[]): void {
    for (const sagaId of sagaIds) {
      const reading = this.#unread.get(sagaId);
      const tracked = this.#sagas.get(sagaId) ?? this.#adopt(sagaId);
      tracked.complete = false;
      if (reading === undefined) this.#read(sagaId, tracked);
      else reading.isOld = true;
    }
  }

  /** Asks once more for what the stores did not tell: a saga may have no other commit that would ask. */
  readAgain(): void {
    const again = [...this.#unreadable];
    this.#unreadable.clear();
    for (const sagaId of again) {
      const tracked = this.#sagas.get(sagaId);
      if (tracked?.complete === false) this.#read(sagaId, tracked);
    }
  }

  onEnd(listener: (end: SagaEnd) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The end that the saga has come to, as far as memory and the stores know. */
  async endOf(sagaId: string): Promise<SagaEnd | undefined> {
    const tracked = this.#sagas.get(sagaId) ?? this.#adopt(sagaId);
    if (!tracked.complete) {
      this.#read(sagaId, tracked);
      await this.#unread.get(sagaId)?.read;
    }
    return tracked.end === undefined ? undefined : this.#report(sagaId, tracked, tracked.end);
  }

  /** Reads again how far the saga has come: participants may also run in other processes. */
  async renew(sagaId: string): Promise<void> {
    const tracked = this.#sagas.get(sagaId);
    if (tracked === undefined) this.#adopt(sagaId);
    else this.#read(sagaId, tracked);
    await this.#unread.get(sagaId)?.read;
  }

  /** Resolves when no store is being asked. */
  async settled(): Promise<void> {
    while (this.#reading !== undefined) await this.#reading;
  }

  #track(sagaId: string, known: Pick<Tracked, "startedAt" | "complete">): Tracked {
    const tracked = { ...known, states: new Map(), end: undefined, durationMs: undefined };
    this.#sagas.set(sagaId, tracked);
    return tracked;
  }

  /** A saga that began elsewhere or before: its other states are in the stores. */
  #adopt(sagaId: string): Tracked {
    const tracked = this.#track(sagaId, { startedAt: undefined, complete: false });
    this.#read(sagaId, tracked);
    return tracked;
  }

  #read(sagaId: string, tracked: Tracked): void {
    if (this.#unread.has(sagaId)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#unread.set(sagaId, { tracked, observed: new Map(), read: promise, done: resolve, isOld: false });
    this.#reading ??= this.#readAll();
  }

  /** Reads in pages: after a restart, hundreds of sagas go on at once. */
  async #readAll(): Promise<void> {
    // Whatever this turn of the loop asks for is read together.
    await Promise.resolve();
    while (this.#unread.size > 0) {
      const page = [...this.#unread].slice(0, readSagasMax);
      const isRead = await this.#readPage(page);
      for (const [sagaId, { done, isOld }] of page) {
        this.#unread.delete(sagaId);
        if (!isRead || isOld) this.#unreadable.add(sagaId);
        done();
      }
    }
    this.#reading = undefined;
  }

  /** Gives whether the stores answered. */
  async #readPage(page: readonly (readonly [string, Unread])[]): Promise<boolean> {
    try {
      const read = await this.#options.readStates(page.map(([sagaId]) => sagaId));
      for (const [sagaId, { tracked: asked, observed, isOld }] of page) {
        // It may have been forgotten for want of room, and taken up again, since it was asked for.
        const tracked = this.#sagas.get(sagaId) ?? asked;
        for (const [participant, state] of [...(read.get(sagaId) ?? []), ...observed])
          tracked.states.set(participant, state);
        if (isOld) continue;
        tracked.complete = true;
        this.#conclude(sagaId, tracked);
      }
      return true;
    } catch {
      return false;
    }
  }

  #conclude(sagaId: string, tracked: Tracked): void {
    // A saga of which nothing exists has not come to an end, even where an end is that nothing exists.
    if (!tracked.complete || tracked.states.size === 0) return;
    const end = this.#endOf(tracked.states);
    if (end === undefined || end === tracked.end) return;
    tracked.end = end;
    if (tracked.startedAt !== undefined) tracked.durationMs ??= this.#options.steady() - tracked.startedAt;
    const report = this.#report(sagaId, tracked, end);
    for (const listener of this.#listeners) this.#tell(listener, report);
  }

  /** A listener that throws is no reason for the engine to doubt its batch. */
  #tell(listener: (end: SagaEnd) => void, report: SagaEnd): void {
    try {
      listener(report);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      this.#options.warn(`A listener to ends threw at ${report.sagaId}: ${what}`);
    }
  }

  #report(sagaId: string, { states, durationMs }: Tracked, end: string): SagaEnd {
    const named = this.#options.choreography.participants.map(
      ({ name, initial }) => [name, states.get(name) ?? initial] as const,
    );
    return { sagaId, end, states: Object.fromEntries(named), durationMs };
  }
}

/** Finds the declared end that a saga's states make, taking the initial state where there is no entity. */
export function endFinder({
  ends,
  participants,
}: Choreography): (states: ReadonlyMap<string, string>) => string | undefined {
  const initial = new Map(participants.map((one) => [one.name, one.initial]));
  const wanted = Object.entries(ends).map(([end, { states }]) => {
    const sets = Object.entries(states).map(([name, set]) => ({
      name,
      initial: initial.get(name) ?? "",
      allowed: new Set(typeof set === "string" ? [set] : set),
    }));
    return { end, sets };
  });
  return (states) =>
    wanted.find(({ sets }) => sets.every((set) => set.allowed.has(states.get(set.name) ?? set.initial)))?.end;
}
