// The trackers of a system: one for each choreography, which has its own sagas and ends.
import type { SagaEnd } from "../message/api.ts";
import type { Bell } from "../round/bell.ts";
import type { Recovered } from "../round/worker-options.ts";
import type { Seen, Tracker } from "./tracker.ts";

/** The tracker of one choreography. */
export interface OwnTracker {
  readonly tracker: Tracker;
  readonly participants: ReadonlySet<string>;
}

/** All trackers together, as the engine uses them. */
export class Trackers {
  readonly #all: readonly OwnTracker[];
  /** Whether all participants run in this process. */
  readonly isWhole: boolean;

  constructor(all: readonly OwnTracker[], isWhole: boolean) {
    this.#all = all;
    this.isWhole = isWhole;
  }

  /** Notes that a saga begins here now, with a command to the participant. */
  begin(sagaId: string, participant: string): void {
    for (const { tracker } of this.#of(participant)) tracker.begin(sagaId);
  }

  /** Notes what was committed together. */
  observe(committed: readonly Seen[]): void {
    const [only, ...others] = this.#all;
    if (others.length === 0) return only?.tracker.observe(committed);
    for (const { tracker, participants } of this.#all) {
      const own = committed.filter(({ participant }) => participants.has(participant));
      if (own.length > 0) tracker.observe(own);
    }
  }

  /**
   * Notes that sagas have changed unobserved in a participant: their states have to be read from the stores.
   */
  invalidate(sagaIds: readonly string[], participant: string): void {
    for (const { tracker } of this.#of(participant)) tracker.invalidate(sagaIds);
  }

  /** Notes what a lane of a participant shows that was read again. */
  recovered(recovered: Recovered): void {
    for (const { tracker } of this.#of(recovered.participant)) tracker.recovered(recovered);
  }

  lookAgain(): void {
    for (const { tracker } of this.#all) tracker.lookAgain();
  }

  onEnd(listener: (end: SagaEnd) => void): () => void {
    const leave = this.#all.map(({ tracker }) => tracker.onEnd(listener));
    return () => {
      for (const one of leave) one();
    };
  }

  async endOf(sagaId: string): Promise<SagaEnd | undefined> {
    for (const tracker of this.#candidates(sagaId)) {
      const end = await tracker.endOf(sagaId);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  async renew(sagaId: string): Promise<void> {
    await Promise.all(this.#candidates(sagaId).map((tracker) => tracker.renew(sagaId)));
  }

  /** Rings `bell` when the saga may have come further, until the returned function is called. */
  wait(sagaId: string, bell: Bell): () => void {
    const leave = this.#all.map(({ tracker }) => tracker.wait(sagaId, bell));
    return () => {
      for (const one of leave) one();
    };
  }

  hear(sagaIds: readonly string[] | undefined): void {
    for (const { tracker } of this.#all) tracker.hear(sagaIds);
  }

  /** Resolves when no store is being asked. */
  async settled(): Promise<void> {
    for (const { tracker } of this.#all) await tracker.settled();
  }

  #of(participant: string): readonly OwnTracker[] {
    return this.#all.filter(({ participants }) => participants.has(participant));
  }

  /** The one that knows the saga, or all of them. */
  #candidates(sagaId: string): readonly Tracker[] {
    const trackers = this.#all.map(({ tracker }) => tracker);
    const known = trackers.length === 1 ? [] : trackers.filter((tracker) => tracker.knows(sagaId));
    return known.length > 0 ? known : trackers;
  }
}
