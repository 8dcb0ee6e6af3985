// A participant's tables in memory, for readers that do not run it: operators, pages, migrations.
import { copied, jsonBytes } from "../as-json.ts";
import { byTime, compare, isInLine } from "./order.ts";
import { memoryRegistry, subscriptionsOf } from "./registry.ts";
import { entityRows, found, headOf, parkedIn, parkedRows, rowsAfter } from "./rows.ts";
import { memoryLane, type MemoryTables, originsIn } from "./tables.ts";
import { carriedOf, reactionOf } from "../records.ts";
import type {
  AnswerRecord,
  CarriedRow,
  EntityRecord,
  JournalRecord,
  OriginRecord,
  ParkedHead,
  ParkedRecord,
  ReactionOfSaga,
  SubscriptionRecord,
} from "../records.ts";
import type {
  Enrolment,
  EntityQuery,
  Inspection,
  Offered,
  OfferQuery,
  OriginQuery,
  ParkedQuery,
  ReadLimit,
  Recovery,
  Registry,
} from "../store.ts";

/** Looks at tables. */
export class MemoryInspection implements Inspection {
  protected readonly tables: MemoryTables;
  readonly #registry: Registry;

  constructor(tables: MemoryTables) {
    this.tables = tables;
    this.#registry = memoryRegistry(tables);
  }

  async recover(lane: number): Promise<Recovery> {
    const row = memoryLane(this.tables, lane);
    const { turn, head, generation, inbox } = row;
    const subscriptions = subscriptionsOf(row);
    let lastOrdinal: number | undefined;
    for (const { ordinal } of parkedIn(this.tables, lane))
      lastOrdinal = Math.max(ordinal, lastOrdinal ?? ordinal);
    return { turn, head, generation, inbox: new Map(inbox), subscriptions, lastOrdinal };
  }

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, EntityRecord>> {
    return found(this.tables.entities, keys);
  }

  async offer(which: OfferQuery): Promise<Offered> {
    const offered = parkedIn(this.tables, which.lane)
      .filter((row) => isWanted(row, which))
      .toSorted((a, b) => a.ordinal - b.ordinal)
      .slice(0, which.limit);
    for (const row of offered) {
      const data = which.callAgain && row.cause.source === "activity" ? undefined : row.data;
      this.tables.parked.set(row.id, { ...row, data, reason: "waiting", attempts: 0, nextAt: 0 });
    }
    if (offered.length > 0) memoryLane(this.tables, which.lane).turn += 1;
    return { count: offered.length, last: offered.at(-1)?.ordinal ?? which.after };
  }

  async answers(idempotencyKeys: readonly string[]): Promise<ReadonlyMap<string, AnswerRecord>> {
    return found(this.tables.answers, idempotencyKeys);
  }

  async read(lane: number, after: number, limit: number | ReadLimit): Promise<readonly CarriedRow[]> {
    const { rows, bytes } = typeof limit === "number" ? { rows: limit, bytes: Infinity } : limit;
    const page: CarriedRow[] = [];
    let left = bytes;
    for (const row of rowsAfter(this.tables, lane, { after, limit: rows })) {
      if (left <= 0) break;
      left -= jsonBytes(row.emitted);
      page.push(copied(carriedOf(row)));
    }
    return page;
  }

  async parkedFor(lane: number, keys: readonly string[], inLineMax: number): Promise<readonly ParkedHead[]> {
    const wanted = new Set(keys);
    const rows = parkedIn(this.tables, lane)
      .filter(({ key }) => wanted.has(key))
      .toSorted((a, b) => a.ordinal - b.ordinal || compare(a.id, b.id));
    const inLine = new Map<string, number>();
    return rows
      .filter((row) => {
        if (!isInLine(row)) return true;
        const place = (inLine.get(row.key) ?? 0) + 1;
        inLine.set(row.key, place);
        return place <= inLineMax;
      })
      .map(headOf);
  }

  async timeline(sagaId: string): Promise<readonly JournalRecord[]> {
    const rows = this.tables.lanes.flatMap(({ journal }) => journal.filter((row) => row.sagaId === sagaId));
    return rows.toSorted((a, b) => a.time - b.time || a.lane - b.lane || a.position - b.position).map(copied);
  }

  async reactionsOf(sagaIds: readonly string[]): Promise<readonly ReactionOfSaga[]> {
    const wanted = new Set(sagaIds);
    const rows = this.tables.lanes.flatMap(({ journal }) => journal.filter((row) => wanted.has(row.sagaId)));
    return rows.map((row) => copied({ ...reactionOf(row), events: row.emitted.map(({ event }) => event) }));
  }

  async withParked(sagaIds: readonly string[]): Promise<ReadonlySet<string>> {
    const wanted = new Set(sagaIds);
    const rows = parkedRows(this.tables).filter(
      ({ sagaId, reason }) => reason !== "discarded" && wanted.has(sagaId),
    );
    return new Set(rows.map(({ sagaId }) => sagaId));
  }

  async sagaIds(prefix: string, limit: number): Promise<readonly string[]> {
    const rows = [...entityRows(this.tables), ...this.tables.lanes.flatMap(({ journal }) => journal)];
    const ids = new Set(rows.map(({ sagaId }) => sagaId).filter((id) => id.startsWith(prefix)));
    return [...ids].toSorted(compare).slice(0, limit);
  }

  async origins(query: OriginQuery): Promise<readonly OriginRecord[]> {
    return originsIn(this.tables, query);
  }

  async lastStates(sagaIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(sagaIds);
    const rows = this.tables.lanes.flatMap(({ journal }) => journal);
    return new Map(rows.flatMap(({ sagaId, to }) => (wanted.has(sagaId) ? [[sagaId, to] as const] : [])));
  }

  async parked(query: ParkedQuery): Promise<readonly ParkedRecord[]> {
    const rows = parkedRows(this.tables)
      .filter((row) => query.reason === undefined || [query.reason].flat().includes(row.reason))
      .filter((row) => query.id === undefined || row.id === query.id)
      .filter((row) => query.sagaId === undefined || row.sagaId === query.sagaId)
      .toSorted((a, b) => a.parkedAt - b.parkedAt || compare(a.id, b.id));
    return rows.slice(0, query.limit).map(copied);
  }

  async parkedEvents(): Promise<ReadonlyMap<string, number>> {
    const rows = parkedRows(this.tables).filter(
      ({ kind, reason }) => kind === "event" && reason !== "discarded",
    );
    const byEvent = Map.groupBy(rows, ({ trigger }) => trigger);
    return new Map(Array.from(byEvent, ([event, list]) => [event, list.length]));
  }

  async entities(query: EntityQuery): Promise<readonly EntityRecord[]> {
    const { sagaId, states, enteredUntil, before, limit } = query;
    const rows = entityRows(this.tables)
      .filter((entity) => sagaId === undefined || entity.sagaId === sagaId)
      .filter((entity) => states === undefined || states.includes(entity.state))
      .filter((entity) => enteredUntil === undefined || entity.enteredAt <= enteredUntil)
      .filter((entity) => before === undefined || byTime(before, entity) < 0)
      .toSorted((a, b) => byTime(a, b) || compare(a.key, b.key));
    return rows.slice(0, limit).map(copied);
  }

  async census(): Promise<ReadonlyMap<string, number>> {
    const byState = Map.groupBy(entityRows(this.tables), ({ state }) => state);
    return new Map(Array.from(byState, ([state, entities]) => [state, entities.length]));
  }

  generations(): ReturnType<Registry["generations"]> {
    return this.#registry.generations();
  }

  reading(): ReturnType<Registry["reading"]> {
    return this.#registry.reading();
  }

  enrol(enrolment: Enrolment): Promise<boolean> {
    return this.#registry.enrol(enrolment);
  }

  note(strangers: readonly SubscriptionRecord[]): Promise<void> {
    return this.#registry.note(strangers);
  }

  markRun(generation: number): Promise<void> {
    return this.#registry.markRun(generation);
  }
}

function isWanted(row: ParkedRecord, { after, until, id, reason, trigger, code }: OfferQuery): boolean {
  return (
    (row.reason === "dead" || row.reason === "retrying") &&
    row.ordinal > after &&
    row.ordinal <= until &&
    (id === undefined || row.id === id) &&
    (reason === undefined || row.reason === reason) &&
    (trigger === undefined || row.trigger === trigger) &&
    (code === undefined || row.error?.code === code)
  );
}
