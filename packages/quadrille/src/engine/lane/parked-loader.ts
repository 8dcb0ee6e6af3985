// Reads what is parked for the keys that a batch touches, and the payloads of what may be offered in it.
import type { EntityRecord, ParkedHead } from "../../store/records.ts";
import type { ParkedReader } from "../../store/store.ts";
import type { FreshSagas } from "./entity-cache.ts";
import type { Lane } from "./lane.ts";
import type { Limits } from "../message/limits.ts";
import { inLineMax, type Kept, type Parking } from "./parking.ts";

/** What a loader is made of. */
export interface ParkedLoaderOptions {
  readonly store: ParkedReader;
  readonly limits: Limits;
  readonly fresh: FreshSagas;
}

/** The messages about to be decided. */
export interface Wanted {
  /** The saga of each key. */
  readonly keys: ReadonlyMap<string, string>;
  /** What is to be offered again. */
  readonly due: readonly ParkedHead[];
}

/** Fills the parking of a lane, and empties it again. */
export class ParkedLoader {
  readonly #options: ParkedLoaderOptions;

  constructor(options: ParkedLoaderOptions) {
    this.#options = options;
  }

  /**
   * Loads what is parked for the keys, and payloads: of what is due, of what is behind it, and of what is
   * deferred.
   */
  async load({ number, parking }: Lane, { keys, due }: Wanted): Promise<void> {
    const { store, fresh } = this.#options;
    if (parking.isEmpty) return;
    const unknown = [...keys].flatMap(([key, sagaId]) =>
      parking.knows(key) || (key === sagaId && fresh.has(sagaId)) ? [] : [key],
    );
    if (unknown.length > 0) parking.learn(unknown, await store.parkedFor(number, unknown, inLineMax));
    await this.#loadPayloads(parking, this.#offered(parking, keys.keys(), due));
  }

  /** Loads what is parked for the keys of entities, for instance their calls. */
  async loadCalls({ number, parking }: Lane, entities: readonly EntityRecord[]): Promise<void> {
    const unknown = entities.map(({ key }) => key).filter((key) => !parking.knows(key));
    if (unknown.length === 0) return;
    parking.learn(unknown, await this.#options.store.parkedFor(number, unknown, inLineMax));
  }

  /** What is due, earliest first, and as much as fits into a batch. Learns when there will be more. */
  async due(
    lane: Lane,
    { now, most }: { readonly now: number; readonly most: number },
  ): Promise<readonly ParkedHead[]> {
    const { store, limits } = this.#options;
    const { number } = lane;
    if (lane.parkedAt > now) return [];
    const page = await store.parkedDue(number, now, most);
    const due = fitting(page, limits.batchBytesMax);
    const isAll = page.length < most && due.length === page.length;
    lane.parkedAt = isAll ? ((await store.nextParkedDue(number, now)) ?? Number.POSITIVE_INFINITY) : now;
    return due;
  }

  /**
   * Drops the parked messages in memory when there are too many, or when a line was read only in part; they
   * can be read again.
   */
  trim({ parking }: Lane): void {
    const { entitiesCachedMax, batchBytesMax } = this.#options.limits;
    const isTooMuch = parking.size > entitiesCachedMax || parking.bytes > batchBytesMax;
    if (isTooMuch || parking.isStale) this.forget(parking);
  }

  /** Forgets what is in memory. */
  forget(parking: Parking): void {
    // A saga that began here is assumed to have nothing in the tables.
    for (const key of parking.forget()) this.#options.fresh.delete(key);
  }

  /** In the order in which they are wanted, those without a payload in memory. */
  #offered(parking: Parking, keys: Iterable<string>, due: readonly ParkedHead[]): readonly Kept[] {
    const kept = due.flatMap((head) => parking.find(head) ?? []);
    const behind = kept.flatMap(({ key }) => parking.inLine(key));
    const deferred = [...keys].flatMap((key) => parking.deferred(key));
    return [...new Set([...kept, ...behind, ...deferred])].filter(({ payload }) => payload === undefined);
  }

  async #loadPayloads(parking: Parking, offered: readonly Kept[]): Promise<void> {
    const isCarrying = ({ bytes }: Kept): boolean => bytes > 0;
    const wanted = fitting(offered, this.#options.limits.batchBytesMax);
    const ids = wanted.filter(isCarrying).map(({ id }) => id);
    const payloads = ids.length === 0 ? new Map<string, unknown>() : await this.#options.store.payloads(ids);
    for (const kept of wanted) parking.supply(kept, payloads.get(kept.id));
  }
}

/** The first ones, as many as stay within the bytes, and one at least. */
function fitting<R extends { readonly bytes: number }>(
  records: readonly R[],
  bytesMax: number,
): readonly R[] {
  let bytes = 0;
  const end = records.findIndex((record) => (bytes += record.bytes) > bytesMax);
  return end < 0 ? records : records.slice(0, Math.max(1, end));
}
