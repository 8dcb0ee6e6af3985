// Follows sagas on their way to a declared end, by the states that commits report.
import type { Choreography } from "../contract/choreography.ts";
import type { SagaEnd } from "./api.ts";

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

/** Reads the states of a saga's entities from the stores, by participant. */
export type ReadStates = (sagaId: string) => Promise<ReadonlyMap<string, string>>;

/** What a tracker is made of. */
export interface TrackerOptions {
  readonly choreography: Choreography;
  readonly readStates: ReadStates;
  readonly steady: () => number;
  readonly sagasTrackedMax: number;
}

/** The sagas of one engine. */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #endOf: (states: ReadonlyMap<string, string>) => string | undefined;
  readonly #sagas = new Map<string, Tracked>();
  readonly #listeners = new Set<(end: SagaEnd) => void>();
  readonly #reading = new Set<Promise<void>>();

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#endOf = endFinder(options.choreography);
  }

  /** Says that a saga begins here, now: nothing of it exists yet. */
  begin(sagaId: string): void {
    this.#track(sagaId, {
      startedAt: this.#options.steady(),
      states: new Map(),
      complete: true,
      end: undefined,
      durationMs: undefined,
    });
  }

  /** Notes the state that a committed reaction has led to. */
  observe(participant: string, sagaId: string, state: string): void {
    const tracked = this.#sagas.get(sagaId) ?? this.#adopt(sagaId);
    tracked.states.set(participant, state);
    this.#conclude(sagaId, tracked);
  }

  onEnd(listener: (end: SagaEnd) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The end that the saga has come to, as far as memory and the stores know. */
  async endOf(sagaId: string): Promise<SagaEnd | undefined> {
    const tracked = this.#sagas.get(sagaId) ?? this.#adopt(sagaId);
    if (!tracked.complete) await Promise.all(this.#reading);
    return tracked.end === undefined ? undefined : this.#report(sagaId, tracked, tracked.end);
  }

  /** Resolves when no store is being asked. */
  async settled(): Promise<void> {
    while (this.#reading.size > 0) await Promise.all(this.#reading);
  }

  #track(sagaId: string, tracked: Tracked): Tracked {
    this.#sagas.set(sagaId, tracked);
    if (this.#sagas.size > this.#options.sagasTrackedMax) {
      const [oldest] = this.#sagas.keys();
      if (oldest !== undefined) this.#sagas.delete(oldest);
    }
    return tracked;
  }

  /** A saga that began elsewhere or before: its other states are in the stores. */
  #adopt(sagaId: string): Tracked {
    const tracked = this.#track(sagaId, {
      startedAt: undefined,
      states: new Map(),
      complete: false,
      end: undefined,
      durationMs: undefined,
    });
    const reading = this.#complete(sagaId, tracked).finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
    return tracked;
  }

  async #complete(sagaId: string, tracked: Tracked): Promise<void> {
    try {
      for (const [participant, state] of await this.#options.readStates(sagaId)) {
        // What was observed meanwhile is newer than what was read.
        if (!tracked.states.has(participant)) tracked.states.set(participant, state);
      }
      tracked.complete = true;
      this.#conclude(sagaId, tracked);
    } catch {
      // The store does not answer: the next commit of the saga, or the next question about it, asks again.
      this.#sagas.delete(sagaId);
    }
  }

  #conclude(sagaId: string, tracked: Tracked): void {
    if (!tracked.complete) return;
    const end = this.#endOf(tracked.states);
    if (end === undefined || end === tracked.end) return;
    tracked.end = end;
    if (tracked.startedAt !== undefined) tracked.durationMs ??= this.#options.steady() - tracked.startedAt;
    const report = this.#report(sagaId, tracked, end);
    for (const listener of this.#listeners) listener(report);
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
