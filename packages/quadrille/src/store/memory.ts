// A database in memory with the semantics of a real one: for tests, the simulator, and a first look without a server.
// It has no clock and no randomness. An engine that "crashes" leaves it behind whole; open the participant again.
import { QuadrilleError } from "../errors.ts";
import type { Transaction } from "../contract/handler.ts";
import { firstClock, memoryTime } from "./first-clock.ts";
import { copied, jsonBytes } from "./json-codec.ts";
import {
  checkFlush,
  flushRound,
  marksOf,
  memoryLane,
  type MemoryTables,
  memoryTables,
  originsIn,
  writeFlush,
} from "./memory-tables.ts";
import type {
  AnswerRecord,
  CarriedRow,
  EntityRecord,
  JournalRecord,
  OriginRecord,
  ParkedHead,
  ParkedReason,
  ParkedRecord,
  Reaction,
  SubscriptionRecord,
} from "./records.ts";
import { memoryRegistry, subscriptionsOf } from "./memory-registry.ts";
import { byTime, compare, deadlineOf, nextAtOf } from "./memory-order.ts";
import { memoryRequests } from "./memory-requests.ts";
import { localNews } from "./news.ts";
import { schemaNameOf } from "./schema-name-of.ts";
import type {
  Database,
  Enrolment,
  EntityQuery,
  Flush,
  FlushResult,
  Offered,
  OfferQuery,
  OriginQuery,
  ParkedQuery,
  ReadLimit,
  ParticipantSetup,
  Recovery,
  Registry,
  Requests,
  Store,
  TransactScope,
} from "./store.ts";

/** How its tables are named, as in the other databases. */
export interface MemoryOptions {
  /** Put before the schema's name. */
  readonly schemaPrefix?: string;
}

/** A database in memory. Disposing of it changes nothing: its content lives as long as the object. */
export function memoryDatabase({ schemaPrefix = "" }: MemoryOptions = {}): Database {
  const schemas = new Map<string, MemoryTables>();
  const participants = new Map<string, MemoryTables>();
  return {
    label: "memory",
    hasSql: false,
    open: async (setup) => {
      const schema = setup.schema ?? schemaNameOf(setup.name, schemaPrefix);
      const tables = schemas.get(schema) ?? memoryTables(setup);
      refuseOtherLanes(tables, setup);
      for (const lane of tables.lanes) {
        for (const source of setup.sources) lane.inbox.set(source, lane.inbox.get(source) ?? 0);
      }
      schemas.set(schema, tables);
      participants.set(setup.name, tables);
      return new MemoryStore(tables);
    },
    flush: async (round) => flushRound(participants, round),
    look: async () => new Map([...participants].map(([name, tables]) => [name, marksOf(tables)])),
    news: localNews(),
    time: firstClock(),
    businessTime: memoryTime(),
    [Symbol.asyncDispose]: async () => {},
  };
}

function refuseOtherLanes(tables: MemoryTables, setup: ParticipantSetup): void {
  const made = tables.lanes.length;
  if (setup.lanes === "as made" || made === setup.lanes) return;
  throw new QuadrilleError(
    "Q_LANES_CHANGED",
    `The tables of ${setup.name} were made for ${made} lanes and it is started with ${setup.lanes}. Start it with ${made}.`,
  );
}

class MemoryStore implements Store {
  readonly requests: Requests;
  readonly #tables: MemoryTables;
  readonly #registry: Registry;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
    this.#registry = memoryRegistry(tables);
    this.requests = memoryRequests(tables);
  }

  async recover(lane: number): Promise<Recovery> {
    const row = memoryLane(this.#tables, lane);
    const { turn, head, generation, inbox } = row;
    const subscriptions = subscriptionsOf(row);
    let lastOrdinal: number | undefined;
    for (const { ordinal } of this.#parkedIn(lane)) lastOrdinal = Math.max(ordinal, lastOrdinal ?? ordinal);
    return { turn, head, generation, inbox: new Map(inbox), subscriptions, lastOrdinal };
  }

  async skipTurn(lane: number): Promise<void> {
    memoryLane(this.#tables, lane).turn += 1;
  }

  async offer(which: OfferQuery): Promise<Offered> {
    const offered = this.#parkedIn(which.lane)
      .filter((row) => isWanted(row, which))
      .toSorted((a, b) => a.ordinal - b.ordinal)
      .slice(0, which.limit);
    for (const row of offered) {
      const data = which.callAgain && row.cause.source === "activity" ? undefined : row.data;
      this.#tables.parked.set(row.id, { ...row, data, reason: "waiting", attempts: 0, nextAt: 0 });
    }
    if (offered.length > 0) await this.skipTurn(which.lane);
    return { count: offered.length, last: offered.at(-1)?.ordinal ?? which.after };
  }

  async latestTime(lane: number): Promise<number | undefined> {
    const times = this.#rowsAfter(lane, 0, Number.POSITIVE_INFINITY).map(({ time }) => time);
    return times.length === 0 ? undefined : times.reduce((latest, time) => Math.max(latest, time));
  }

  async reactions(lane: number, after: number, limit: number): Promise<readonly Reaction[]> {
    return this.#rowsAfter(lane, after, limit).map(reaction).map(copied);
  }

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, EntityRecord>> {
    return found(this.#tables.entities, keys);
  }

  async parkedFor(lane: number, keys: readonly string[], inLineMax: number): Promise<readonly ParkedHead[]> {
    const wanted = new Set(keys);
    const rows = this.#parkedIn(lane)
      .filter(({ key }) => wanted.has(key))
      .toSorted((a, b) => a.ordinal - b.ordinal || compare(a.id, b.id));
    const inLine = new Map<string, number>();
    return rows
      .filter((row) => {
        if (row.reason === "deferred" || isCall(row)) return true;
        const place = (inLine.get(row.key) ?? 0) + 1;
        inLine.set(row.key, place);
        return place <= inLineMax;
      })
      .map(headOf);
  }

  async parkedDue(lane: number, now: number, limit: number): Promise<readonly ParkedHead[]> {
    return this.#parkedIn(lane)
      .filter((row) => nextAtOf(row) <= now)
      .toSorted((a, b) => nextAtOf(a) - nextAtOf(b) || compare(a.id, b.id))
      .slice(0, limit)
      .map(headOf);
  }

  async nextParkedDue(lane: number, after: number): Promise<number | undefined> {
    let next: number | undefined;
    for (const { nextAt } of this.#parkedIn(lane)) {
      if (nextAt !== undefined && nextAt > after) next = Math.min(nextAt, next ?? nextAt);
    }
    return next;
  }

  async payloads(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    return new Map(Array.from(found(this.#tables.parked, ids), ([id, { data }]) => [id, data]));
  }

  async parkedCensus(lane: number): Promise<ReadonlyMap<ParkedReason, number>> {
    const byReason = Map.groupBy(this.#parkedIn(lane), ({ reason }) => reason);
    return new Map(Array.from(byReason, ([reason, rows]) => [reason, rows.length]));
  }

  async answers(idempotencyKeys: readonly string[]): Promise<ReadonlyMap<string, AnswerRecord>> {
    return found(this.#tables.answers, idempotencyKeys);
  }

  async flush(flush: Flush): Promise<FlushResult> {
    const result = checkFlush(this.#tables, flush);
    if (result === "committed") writeFlush(this.#tables, flush);
    return result;
  }

  /** Staged until `work` is done, then checked again: so that a flush is never half visible, and never undone. */
  async transact(work: (scope: TransactScope) => Promise<FlushResult>): Promise<FlushResult> {
    let staged: Flush | undefined;
    const result = await work({
      transaction: noSql,
      savepoint: (part) => part(),
      flush: async (flush) => {
        const checked = checkFlush(this.#tables, flush);
        if (checked === "committed") staged = flush;
        return checked;
      },
    });
    return result === "committed" && staged !== undefined ? this.flush(staged) : result;
  }

  async due(lane: number, now: number, limit: number): Promise<readonly EntityRecord[]> {
    return this.#armed(lane)
      .filter((entity) => deadlineOf(entity) <= now)
      .slice(0, limit)
      .map(copied);
  }

  async nextDue(lane: number): Promise<number | undefined> {
    return this.#armed(lane)[0]?.deadline?.at;
  }

  async unfinished(lane: number, afterKey: string, limit: number): Promise<readonly EntityRecord[]> {
    const waiting = this.#entityRows()
      .filter(
        (entity) =>
          entity.lane === lane && entity.activity !== undefined && compare(entity.key, afterKey) > 0,
      )
      .toSorted((a, b) => compare(a.key, b.key));
    return waiting.slice(0, limit).map(copied);
  }

  async read(lane: number, after: number, limit: number | ReadLimit): Promise<readonly CarriedRow[]> {
    const { rows, bytes } = typeof limit === "number" ? { rows: limit, bytes: Infinity } : limit;
    const page: CarriedRow[] = [];
    let left = bytes;
    for (const row of this.#rowsAfter(lane, after, rows)) {
      if (left <= 0) break;
      left -= jsonBytes(row.emitted);
      page.push(copied(carried(row)));
    }
    return page;
  }

  async timeline(sagaId: string): Promise<readonly JournalRecord[]> {
    const rows = this.#tables.lanes.flatMap(({ journal }) => journal.filter((row) => row.sagaId === sagaId));
    return rows.toSorted((a, b) => a.time - b.time || a.lane - b.lane || a.position - b.position).map(copied);
  }

  async origins(query: OriginQuery): Promise<readonly OriginRecord[]> {
    return originsIn(this.#tables, query);
  }

  async lastStates(sagaIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(sagaIds);
    const rows = this.#tables.lanes.flatMap(({ journal }) => journal);
    return new Map(rows.flatMap(({ sagaId, to }) => (wanted.has(sagaId) ? [[sagaId, to] as const] : [])));
  }

  async parked(query: ParkedQuery): Promise<readonly ParkedRecord[]> {
    const rows = this.#parkedRows()
      .filter((row) => query.reason === undefined || row.reason === query.reason)
      .filter((row) => query.id === undefined || row.id === query.id)
      .filter((row) => query.sagaId === undefined || row.sagaId === query.sagaId)
      .toSorted((a, b) => a.parkedAt - b.parkedAt || compare(a.id, b.id));
    return rows.slice(0, query.limit).map(copied);
  }

  async entities(query: EntityQuery): Promise<readonly EntityRecord[]> {
    const { sagaId, states, enteredUntil, before, limit } = query;
    const rows = this.#entityRows()
      .filter((entity) => sagaId === undefined || entity.sagaId === sagaId)
      .filter((entity) => states === undefined || states.includes(entity.state))
      .filter((entity) => enteredUntil === undefined || entity.enteredAt <= enteredUntil)
      .filter((entity) => before === undefined || byTime(before, entity) < 0)
      .toSorted((a, b) => byTime(a, b) || compare(a.key, b.key));
    return rows.slice(0, limit).map(copied);
  }

  async census(): Promise<ReadonlyMap<string, number>> {
    const byState = Map.groupBy(this.#entityRows(), ({ state }) => state);
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

  /** Position p stands at index p - 1 after the floor: a lane's journal has no gaps. */
  #rowsAfter(lane: number, after: number, limit: number): readonly JournalRecord[] {
    const { journal, floor } = memoryLane(this.#tables, lane);
    const first = Math.max(0, after - floor);
    return journal.slice(first, first + limit);
  }

  #entityRows(): readonly EntityRecord[] {
    return [...this.#tables.entities.values()];
  }

  #parkedRows(): readonly ParkedRecord[] {
    return [...this.#tables.parked.values()];
  }

  /** Without the discarded. */
  #parkedIn(lane: number): readonly ParkedRecord[] {
    return this.#parkedRows().filter((row) => row.lane === lane && row.reason !== "discarded");
  }

  #armed(lane: number): readonly EntityRecord[] {
    const aside = new Set(
      this.#parkedIn(lane)
        .filter(({ cause }) => cause.source === "deadline")
        .map(({ key, cause }) => JSON.stringify([key, cause.position])),
    );
    return this.#entityRows()
      .filter((entity) => entity.lane === lane && entity.deadline !== undefined)
      .filter(({ key, since }) => !aside.has(JSON.stringify([key, since])))
      .toSorted((a, b) => deadlineOf(a) - deadlineOf(b) || compare(a.key, b.key));
  }
}

const noSql: Transaction = {
  query: async () => {
    throw new QuadrilleError(
      "Q_STORE_FAILED",
      "The memory store has no SQL. Run participants whose handlers use a transaction on PGlite or PostgreSQL.",
    );
  },
};

function found<R extends object>(
  table: ReadonlyMap<string, R>,
  keys: readonly string[],
): ReadonlyMap<string, R> {
  const rows = new Map<string, R>();
  for (const key of keys) {
    const row = table.get(key);
    if (row !== undefined) rows.set(key, copied(row));
  }
  return rows;
}

function carried({ lane, position, sagaId, key, emitted, time, trace }: JournalRecord): CarriedRow {
  return { lane, position, sagaId, key, emitted, time, trace };
}

function reaction({ emitted: _emitted, trace: _trace, ...rest }: JournalRecord): Reaction {
  return rest;
}

function headOf(row: ParkedRecord): ParkedHead {
  const { data, error: _error, note: _note, ...head } = row;
  return copied({ ...head, bytes: jsonBytes(data) });
}

/** Calls and deadlines, which have no order among messages. */
function isCall({ cause }: ParkedRecord): boolean {
  return cause.source === "activity" || cause.source === "deadline";
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
