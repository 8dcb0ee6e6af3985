// Whether messages of a saga are under way, as this process has seen it: published and not yet taken, or
// parked. An end is one only at rest, in the engine as in the checker.
import type { Table } from "../../contract/table.ts";
import type { Cause, JournalRecord } from "../../store/records.ts";
import type { Flush } from "../../store/store.ts";

/** More lanes than any participant has. */
const lanesMax = 65_536;
/** More participants than any system has. */
const placesMax = 4_096;

/** The consumers of each event, by the event's name. */
export type Consumers = ReadonlyMap<string, readonly string[]>;

/** The consumers of all events of a choreography. */
export function consumersOf(tables: readonly Table[]): Consumers {
  const pairs = tables.flatMap(({ name, subscriptions }) =>
    [...subscriptions.keys()].map((event) => ({ event, name })),
  );
  return new Map(
    [...Map.groupBy(pairs, ({ event }) => event)].map(([event, list]) => [
      event,
      list.map(({ name }) => name),
    ]),
  );
}

/** The messages of one saga that are under way, as far as this process has seen. */
export interface OnTheWay {
  /** The last position published, by way. */
  readonly published: Map<number, number>;
  /** Parked messages, by id; made with the first one, for most sagas have none. */
  parked: Set<string> | undefined;
  /** An event went to a participant that does not run here: only the stores show whether it was taken. */
  isRemote: boolean;
}

/** Of a saga of which nothing is under way. */
export function nothingOnTheWay(): OnTheWay {
  return { published: new Map(), parked: undefined, isRemote: false };
}

/** Follows messages by the commits of this process. */
export class UnderWay {
  readonly #consumers: Consumers;
  readonly #local: ReadonlySet<string>;
  readonly #own: ReadonlySet<string>;
  readonly #places = new Map<string, number>();
  readonly #taken = new Map<number, number>();
  /** The saga of each parked message. */
  readonly #sagaOf = new Map<string, { readonly sagaId: string; readonly onTheWay: OnTheWay }>();

  constructor(tables: readonly Table[], local: ReadonlySet<string>) {
    this.#consumers = consumersOf(tables);
    this.#own = new Set(tables.map(({ name }) => name));
    this.#local = local;
  }

  /** Notes what a flush has taken and parked. `of` gives what is known of a saga. */
  note(participant: string, flush: Flush, of: (sagaId: string) => OnTheWay): void {
    this.took(participant, flush);
    for (const { id, sagaId, reason } of flush.parked) {
      if (reason === "discarded") this.#release(id);
      else this.#sagaOf.set(id, { sagaId, onTheWay: keep(of(sagaId), id) });
    }
    for (const id of flush.unparked) this.#release(id);
    for (const row of flush.journal) {
      const saga = of(row.sagaId);
      const at = { source: participant, lane: flush.lane, position: row.position };
      for (const { event } of row.emitted) this.#publish(saga, event, at);
      // The other participants of the choreography take the same events from elsewhere.
      if (isFromElsewhere(row, this.#own)) this.#publish(saga, row.trigger, row.cause);
    }
  }

  /** Notes the positions that a lane of a participant has taken, by source. */
  took(
    participant: string,
    { lane, inbox }: { readonly lane: number; readonly inbox: ReadonlyMap<string, number> },
  ): void {
    for (const [source, position] of inbox) this.#taken.set(this.#way(participant, source, lane), position);
  }

  /** The sagas of parked messages, as far as they are known here. */
  sagasOf(ids: readonly string[]): readonly string[] {
    return ids.flatMap((id) => this.#sagaOf.get(id)?.sagaId ?? []);
  }

  #publish(saga: OnTheWay, event: string, { source, lane, position }: Cause): void {
    for (const consumer of this.#consumers.get(event) ?? []) {
      if (this.#local.has(consumer)) saga.published.set(this.#way(consumer, source, lane), position);
      else saga.isRemote = true;
    }
  }

  /** Whether nothing of the saga is under way. */
  isOver({ published, parked, isRemote }: OnTheWay): boolean {
    if (isRemote || (parked !== undefined && parked.size > 0)) return false;
    for (const [way, position] of published) {
      if ((this.#taken.get(way) ?? 0) < position) return false;
      published.delete(way);
    }
    return true;
  }

  /**
   * The way from a source's lane to one of its consumers, as one number: this is asked for each event. The
   * source may be of another choreography.
   */
  #way(consumer: string, source: string, lane: number): number {
    return (this.#placeOf(consumer) * placesMax + this.#placeOf(source)) * lanesMax + lane;
  }

  #placeOf(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(name, place);
    return place;
  }

  #release(id: string): void {
    this.#sagaOf.get(id)?.onTheWay.parked?.delete(id);
    this.#sagaOf.delete(id);
  }
}

/** Whether a reaction is one to an event of another choreography. */
export function isFromElsewhere(
  { kind, cause }: Pick<JournalRecord, "kind" | "cause">,
  own: { readonly has: (participant: string) => boolean },
): boolean {
  return kind === "event" && !own.has(cause.source);
}

function keep(saga: OnTheWay, id: string): OnTheWay {
  saga.parked ??= new Set();
  saga.parked.add(id);
  return saga;
}
