// A database in memory with the semantics of a real one: for tests, simulations, and a first look without a
// server. It has no clock and no randomness. An engine that "crashes" leaves it intact; open the participant
// again.
import { assertOptions } from "../../contract/known-keys.ts";
import { QuadrilleError } from "../../errors.ts";
import type { Transaction } from "../../contract/handler.ts";
import { firstClock, memoryTime } from "../first-clock.ts";
import { copied } from "../as-json.ts";
import { MemoryInspection } from "./inspection.ts";
import { compare, deadlineOf, isDeadlineHeld, isInLine, nextAtOf } from "./order.ts";
import { memoryRequests } from "./requests.ts";
import { entityRows, found, headOf, parkedIn, rowsAfter } from "./rows.ts";
import {
  checkFlush,
  flushRound,
  marksOf,
  memoryLane,
  type MemoryTables,
  memoryTables,
  writeFlush,
} from "./tables.ts";
import { lanesChanged } from "../lanes-changed.ts";
import { tablesMissing } from "../missing.ts";
import { localNotices } from "../notices.ts";
import { reactionOf } from "../records.ts";
import type { EntityRecord, ParkedHead, ParkedReason, ReactionRecord } from "../records.ts";
import { schemaNameOf } from "../schema-name-of.ts";
import type { Database, ParticipantSetup } from "../database.ts";
import type { Flush, FlushResult, Requests, Store, TransactScope } from "../store.ts";

/** How its tables are named, as in the other databases. */
export interface MemoryOptions {
  /** Put before the schema's name. */
  readonly schemaPrefix?: string;
}

/**
 * A database in memory. Disposing of it changes nothing: its content lives as long as the object. Like any
 * other it refuses another number of lanes with `Q_LANES_CHANGED`. It has no SQL: `transact` handlers are
 * refused with `Q_NO_SQL` when an engine starts, and with `Q_STORE_FAILED` in a store that is used by itself.
 */
export function memoryDatabase(options: MemoryOptions = {}): Database {
  assertOptions("memoryDatabase", options, ["schemaPrefix"]);
  const { schemaPrefix = "" } = options;
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
        for (const source of setup.sources ?? []) lane.inbox.set(source, lane.inbox.get(source) ?? 0);
      }
      schemas.set(schema, tables);
      participants.set(setup.name, tables);
      return new MemoryStore(tables);
    },
    inspect: async ({ name, schema = schemaNameOf(name, schemaPrefix) }) => {
      const tables = schemas.get(schema);
      if (tables === undefined) throw tablesMissing(name, "memory");
      participants.set(name, tables);
      return new MemoryInspection(tables);
    },
    lanesMade: async ({ name, schema = schemaNameOf(name, schemaPrefix) }) =>
      schemas.get(schema)?.lanes.length,
    flush: async (round) => flushRound(participants, round),
    look: async () => new Map([...participants].map(([name, tables]) => [name, marksOf(tables)])),
    notices: localNotices(),
    time: firstClock(),
    businessTime: memoryTime(),
    [Symbol.asyncDispose]: async () => {},
  };
}

function refuseOtherLanes(tables: MemoryTables, setup: ParticipantSetup): void {
  const made = tables.lanes.length;
  if (made === setup.lanes) return;
  throw lanesChanged(setup.name, made, setup.lanes);
}

class MemoryStore extends MemoryInspection implements Store {
  readonly requests: Requests;

  constructor(tables: MemoryTables) {
    super(tables);
    this.requests = memoryRequests(tables);
  }

  async skipTurn(lane: number): Promise<void> {
    memoryLane(this.tables, lane).turn += 1;
  }

  async latestTime(lane: number): Promise<number | undefined> {
    const times = rowsAfter(this.tables, lane, { after: 0, limit: Number.POSITIVE_INFINITY }).map(
      ({ time }) => time,
    );
    return times.length === 0 ? undefined : times.reduce((latest, time) => Math.max(latest, time));
  }

  async reactions(lane: number, after: number, limit: number): Promise<readonly ReactionRecord[]> {
    return rowsAfter(this.tables, lane, { after, limit }).map(reactionOf).map(copied);
  }

  async earliestCause(lane: number, key: string): Promise<number | undefined> {
    const line = parkedIn(this.tables, lane).filter((row) => row.key === key && isInLine(row));
    const times = line.map(({ causeTime = 0 }) => causeTime);
    return times.length === 0 ? undefined : times.reduce((earliest, time) => Math.min(earliest, time));
  }

  async parkedDue(lane: number, now: number, limit: number): Promise<readonly ParkedHead[]> {
    return parkedIn(this.tables, lane)
      .filter((row) => nextAtOf(row) <= now)
      .toSorted((a, b) => nextAtOf(a) - nextAtOf(b) || compare(a.id, b.id))
      .slice(0, limit)
      .map(headOf);
  }

  async nextParkedDue(lane: number, after: number): Promise<number | undefined> {
    let next: number | undefined;
    for (const { nextAt } of parkedIn(this.tables, lane)) {
      if (nextAt !== undefined && nextAt > after) next = Math.min(nextAt, next ?? nextAt);
    }
    return next;
  }

  async payloads(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    return new Map(Array.from(found(this.tables.parked, ids), ([id, { data }]) => [id, data]));
  }

  async parkedCensus(lane: number): Promise<ReadonlyMap<ParkedReason, number>> {
    const byReason = Map.groupBy(parkedIn(this.tables, lane), ({ reason }) => reason);
    return new Map(Array.from(byReason, ([reason, rows]) => [reason, rows.length]));
  }

  /**
   * Staged until `work` is done, then checked again: so that a flush is never half visible, and never undone.
   */
  async transact(work: (scope: TransactScope) => Promise<FlushResult>): Promise<FlushResult> {
    let staged: Flush | undefined;
    const result = await work({
      transaction: noSql,
      savepoint: (part) => part(),
      flush: async (flush) => {
        const checked = checkFlush(this.tables, flush);
        if (checked === "committed") staged = flush;
        return checked;
      },
    });
    if (result !== "committed" || staged === undefined) return result;
    const last = checkFlush(this.tables, staged);
    if (last === "committed") writeFlush(this.tables, staged);
    return last;
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
    const waiting = entityRows(this.tables)
      .filter(
        (entity) =>
          entity.lane === lane && entity.activity !== undefined && compare(entity.key, afterKey) > 0,
      )
      .toSorted((a, b) => compare(a.key, b.key));
    return waiting.slice(0, limit).map(copied);
  }

  #armed(lane: number): readonly EntityRecord[] {
    const parked = Map.groupBy(parkedIn(this.tables, lane), ({ key }) => key);
    return entityRows(this.tables)
      .filter((entity) => entity.lane === lane && entity.deadline !== undefined)
      .filter((entity) => !isDeadlineHeld(entity, parked.get(entity.key) ?? []))
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
