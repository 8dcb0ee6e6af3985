// Which events of a source's journal this participant takes, position by position.
import type { SubscriptionRecord } from "../../store/records.ts";
import { isFinished } from "../../store/subscriptions.ts";

/** A source whose journal is read. */
export interface SourceEvents {
  /** Every event that the source publishes by its contract here. */
  readonly published: ReadonlySet<string>;
  /** From where on each event is taken, as the store has it. */
  readonly subscriptions: readonly SubscriptionRecord[];
}

/** An event that the source's contract here does not have, and where it was first met. */
export interface Stranger {
  readonly event: string;
  readonly position: number;
}

/** The events of one source in one lane. */
export class EventFilter {
  readonly #published: ReadonlySet<string>;
  readonly #subscriptions: ReadonlyMap<string, SubscriptionRecord>;
  #strangers = new Map<string, number>();

  constructor({ published, subscriptions }: SourceEvents) {
    this.#published = published;
    const going = subscriptions.filter((one) => !isFinished(one));
    this.#subscriptions = new Map(going.map((one) => [one.event, one]));
  }

  /**
   * Whether the participant takes the event at this position. One that the source's contract does not have is
   * noted.
   */
  takes(event: string, position: number): boolean {
    const found = this.#subscriptions.get(event);
    if (found === undefined) {
      if (!this.#published.has(event) && !this.#strangers.has(event)) this.#strangers.set(event, position);
      return false;
    }
    if (found.isUnknown || position <= found.after) return false;
    // An event that the source's contract dropped, and an earlier version still publishes, becomes a dead
    // letter.
    return found.until === undefined || position <= found.until || !this.#published.has(event);
  }

  /** Whether it has met any. */
  get hasStrangers(): boolean {
    return this.#strangers.size > 0;
  }

  /** The strangers met since the last time. */
  takeStrangers(): readonly Stranger[] {
    if (this.#strangers.size === 0) return [];
    const met = [...this.#strangers].map(([event, position]) => ({ event, position }));
    // They are known as soon as they are noted, and that comes next.
    this.#strangers = new Map(met.map(({ event }) => [event, Number.POSITIVE_INFINITY]));
    return met.filter(({ position }) => Number.isFinite(position));
  }
}
