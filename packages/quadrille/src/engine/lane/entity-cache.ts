// The entities a lane has seen lately. A stale one is harmless: the flush compares versions and is refused.
import type { EntityRecord } from "../../store/records.ts";
import type { Limits } from "../message/limits.ts";
import { RecentMap } from "./recent-map.ts";
import { weigh } from "../message/weigh.ts";

/** Sagas that began in this process: what is not cached of them does not exist yet, so it need not be looked for. */
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

/** The entities of one lane, least recently used first out. */
export class EntityCache {
  readonly #records: RecentMap<EntityRecord>;
  readonly #fresh: FreshSagas;

  constructor(
    { entitiesCachedMax, cachedBytesMax }: Pick<Limits, "entitiesCachedMax" | "cachedBytesMax">,
    fresh: FreshSagas,
  ) {
    const weigher = { max: cachedBytesMax, weigh: weightOf };
    this.#records = new RecentMap(entitiesCachedMax, (key) => fresh.delete(key), weigher);
    this.#fresh = fresh;
  }

  get(key: string): EntityRecord | undefined {
    return this.#records.get(key);
  }

  /** Whether the entity is known, be it as not existing. */
  knows(key: string, sagaId: string): boolean {
    return this.#records.get(key) !== undefined || (key === sagaId && this.#fresh.has(sagaId));
  }

  set(record: EntityRecord): void {
    this.#records.set(record.key, record);
  }

  /** Takes note of what the store has now, where something older is known of it. */
  renew(record: EntityRecord): void {
    const known = this.#records.get(record.key);
    if (known === undefined) this.#fresh.delete(record.key);
    else if (known.version < record.version) this.set(record);
  }

  /** Whether the state in which `record` is has been left, as far as is known here. */
  hasLeft({ key, since, version }: EntityRecord): boolean {
    const known = this.#records.get(key);
    return known !== undefined && known.version >= version && known.since !== since;
  }

  /** Forgets everything, and that any saga is fresh: somebody else may have written. */
  clear(): void {
    this.#records.clear();
    this.#fresh.clear();
  }
}

function weightOf({ data, facts }: EntityRecord): number {
  return weigh(data) + weigh(facts);
}
