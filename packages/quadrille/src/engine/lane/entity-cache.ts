// The entities a participant has seen lately. A stale one is harmless: the flush compares versions and is
// refused.
import type { EntityRecord } from "../../store/records.ts";
import type { Limits } from "../message/limits.ts";
import { RecentMap } from "./recent-map.ts";
import { weigh } from "../message/weigh.ts";

/**
 * Sagas that began in this process: an entity of theirs that is not cached does not exist yet, so it is not
 * looked up.
 */
export interface FreshSagas {
  has(sagaId: string): boolean;
  add(sagaId: string): void;
  delete(sagaId: string): void;
  clear(): void;
}

/** Keeps at most `max` fresh sagas; the oldest is forgotten first, which only costs a look into the store. */
export function freshSagas(max: number): FreshSagas {
  const ids = new RecentMap<true>(max);
  return {
    has: (sagaId) => ids.get(sagaId) === true,
    add: (sagaId) => ids.set(sagaId, true),
    delete: (sagaId) => ids.delete(sagaId),
    clear: () => ids.clear(),
  };
}

/** An entity with the weight of its payloads. */
interface Cached {
  readonly record: EntityRecord;
  readonly weight: number;
}

/** The entities of a participant, of all its lanes in this process: least recently used first out. */
export class EntityCache {
  readonly #records: RecentMap<Cached>;
  readonly #fresh: FreshSagas;

  constructor(
    { entitiesCachedMax, cachedBytesMax }: Pick<Limits, "entitiesCachedMax" | "cachedBytesMax">,
    fresh: FreshSagas,
  ) {
    const weights = { max: cachedBytesMax, of: ({ weight }: Cached) => weight };
    this.#records = new RecentMap(entitiesCachedMax, (key) => fresh.delete(key), weights);
    this.#fresh = fresh;
  }

  get(key: string): EntityRecord | undefined {
    return this.#records.get(key)?.record;
  }

  /** Whether an entity that is not cached is known not to exist: its saga began here, just now. */
  isAbsent(key: string, sagaId: string): boolean {
    return key === sagaId && this.#fresh.has(sagaId);
  }

  /** Takes a record as it was read. */
  set(record: EntityRecord): void {
    this.#records.set(record.key, { record, weight: weigh(record.data) + weigh(record.facts) });
  }

  /** Takes a record as it was written; without a weight where its payloads are as they were. */
  wrote(record: EntityRecord, weight: number | undefined = this.#records.get(record.key)?.weight): void {
    if (weight === undefined) this.set(record);
    else this.#records.set(record.key, { record, weight });
  }

  /** Updates a cached entity that is older than the store's. */
  renew(record: EntityRecord): void {
    const known = this.get(record.key);
    if (known === undefined) this.#fresh.delete(record.key);
    else if (known.version < record.version) this.set(record);
  }

  /** Whether the state of `record` has been left, as far as the cache knows. */
  hasLeft({ key, since, version }: EntityRecord): boolean {
    const known = this.get(key);
    return known !== undefined && known.version >= version && known.since !== since;
  }

  /** Forgets those of a lane, and that any saga is fresh: another process may have written. */
  forget(lane: number): void {
    this.#records.deleteThose(({ record }) => record.lane === lane);
    this.#fresh.clear();
  }
}
