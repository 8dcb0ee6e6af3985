// Whether messages of a saga are under way: published and not yet taken, or set aside. An end is one only at rest, in the
// engine as in the checker.
import type { Table } from "../../contract/table.ts";
import type { Flush, Store } from "../../store/store.ts";
import { laneOf } from "../lane/lane-of.ts";

/** More lanes than any participant has. */
const lanesMax = 65_536;

/** Who takes each event, by the event's name. */
type Consumers = ReadonlyMap<string, readonly string[]>;

/** The consumers of all events of a choreography. */
function consumersOf(tables: readonly Table[]): Consumers {
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

/** What of one saga is under way, as far as this process has seen. */
export interface OnTheWay {
  /** The last position published, by way. */
  readonly published: Map<number, number>;
  /** Messages set aside, by id. */
  readonly aside: Set<string>;
  /** An event went to a participant that does not run here: only the stores tell whether it was taken. */
  isRemote: boolean;
}

/** Follows messages by what is committed in this process. */
export class UnderWay {
  readonly #consumers: Consumers;
  readonly #local: ReadonlySet<string>;
  readonly #places: ReadonlyMap<string, number>;
  readonly #taken = new Map<number, number>();
  /** The saga of each message that is set aside. */
  readonly #sagaOf = new Map<string, OnTheWay>();

  constructor(tables: readonly Table[], local: ReadonlySet<string>) {
    this.#consumers = consumersOf(tables);
    this.#places = new Map(tables.map(({ name }, place) => [name, place]));
    this.#local = local;
  }

  /** Notes what a flush has taken and set aside. `of` gives what is known of a saga. */
  note(participant: string, flush: Flush, of: (sagaId: string) => OnTheWay): void {
    for (const [source, position] of flush.inbox)
      this.#taken.set(this.#way(participant, source, flush.lane), position);
    for (const { id, sagaId, reason } of flush.parked) {
      if (reason === "discarded") this.#release(id);
      else this.#sagaOf.set(id, keep(of(sagaId), id));
    }
    for (const id of flush.unparked) this.#release(id);
    for (const { sagaId, position, emitted } of flush.journal) {
      const saga = of(sagaId);
      for (const consumer of emitted.flatMap(({ event }) => this.#consumers.get(event) ?? [])) {
        if (this.#local.has(consumer))
          saga.published.set(this.#way(consumer, participant, flush.lane), position);
        else saga.isRemote = true;
      }
    }
  }

  /** Whether nothing of the saga is under way. */
  isOver({ published, aside, isRemote }: OnTheWay): boolean {
    if (isRemote || aside.size > 0) return false;
    for (const [way, position] of published) {
      if ((this.#taken.get(way) ?? 0) < position) return false;
      published.delete(way);
    }
    return true;
  }

  /** The way from a source's lane to one of its consumers, as one number: this is asked for each event. */
  #way(consumer: string, source: string, lane: number): number {
    const { size } = this.#places;
    return ((this.#places.get(consumer) ?? 0) * size + (this.#places.get(source) ?? 0)) * lanesMax + lane;
  }

  #release(id: string): void {
    this.#sagaOf.get(id)?.aside.delete(id);
    this.#sagaOf.delete(id);
  }
}

function keep(saga: OnTheWay, id: string): OnTheWay {
  saga.aside.add(id);
  return saga;
}

/** Asks the stores whether nothing of a saga is under way. */
export async function isOverInStores(
  sagaId: string,
  {
    tables,
    stores,
    lanes,
  }: {
    readonly tables: readonly Table[];
    readonly stores: ReadonlyMap<string, Store>;
    readonly lanes: number;
  },
): Promise<boolean> {
  const lane = laneOf(sagaId, lanes);
  const consumers = consumersOf(tables);
  const waits: { readonly consumer: string; readonly source: string; readonly position: number }[] = [];
  for (const [source, store] of stores) {
    if ((await store.parked({ sagaId, limit: 20 })).some(({ reason }) => reason !== "discarded"))
      return false;
    for (const { emitted, position } of await store.timeline(sagaId)) {
      for (const { event } of emitted)
        waits.push(...(consumers.get(event) ?? []).map((consumer) => ({ consumer, source, position })));
    }
  }
  const byConsumer = Map.groupBy(waits, ({ consumer }) => consumer);
  for (const [consumer, list] of byConsumer) {
    const inbox = (await stores.get(consumer)?.recover(lane))?.inbox;
    if (list.some(({ source, position }) => (inbox?.get(source) ?? 0) < position)) return false;
  }
  return true;
}
