// A participant's tables over SQL, for readers that do not run it: operators, pages, migrations.
import { invariant } from "../../../errors.ts";
import type {
  AnswerRecord,
  CarriedRow,
  EntityRecord,
  GenerationRecord,
  JournalRecord,
  OriginRecord,
  ParkedHead,
  ParkedRecord,
  ReactionOfSaga,
  SubscriptionRecord,
} from "../../records.ts";
import type {
  Enrolment,
  EntityQuery,
  Inspection,
  LaneReading,
  Offered,
  OfferQuery,
  OriginQuery,
  ParkedQuery,
  ReadLimit,
  Recovery,
  Registry,
} from "../../store.ts";
import type { SqlClient, SqlRow } from "../client/sql-client.ts";
import { answerFromRow } from "../rows/answer.ts";
import { censusFromRows, entityFromRow } from "../rows/entity.ts";
import {
  carriedFromRow,
  journalFromRow,
  lastStatesFromRows,
  reactionOfSagaFromRow,
  sagasFromRows,
} from "../rows/journal.ts";
import { originFromRow } from "../rows/origin.ts";
import { parkedEventsFromRows, parkedFromRow, parkedHeadFromRow } from "../rows/parked.ts";
import { inboxFromRow, laneFromRow, subscriptionFromRow } from "../rows/registry.ts";
import { byLane, type RowsOfLane } from "./by-lane.ts";
import { sqlRegistry } from "./sql-registry.ts";
import { numberOf, type StoreSql } from "./store-sql.ts";

/** A schema that has been opened. */
export interface OpenedSchema {
  /** The quoted identifier. */
  readonly schema: string;
  /** Begins the names of prepared statements: connections are shared with other participants. */
  readonly namePrefix: string;
  /** The sources that have a position in the lanes' rows. */
  readonly sources: Set<string>;
}

/** Looks at the tables of one participant. The client stays its owner's. */
export class PostgresInspection implements Inspection {
  /** The quoted identifier of its schema. */
  readonly schema: string;
  protected readonly sources: Set<string>;
  readonly #sql: StoreSql;
  readonly #registry: Registry;
  readonly #lane: RowsOfLane;
  readonly #subscriptions: RowsOfLane;
  readonly #lastOrdinal: RowsOfLane;

  constructor(client: SqlClient, { schema, sources }: OpenedSchema, sql: StoreSql) {
    this.schema = schema;
    this.sources = sources;
    this.#sql = sql;
    this.#registry = sqlRegistry(client, schema);
    this.#lane = byLane((lanes) => sql.rows("lanes", [lanes]));
    this.#subscriptions = byLane((lanes) => sql.rows("subscriptions", [lanes]));
    this.#lastOrdinal = byLane((lanes) => sql.rows("lastOrdinal", [lanes]));
  }

  /**
   * The turn is read before the rest. Should another flush come in between, the rest is newer than the turn,
   * and the fence refuses whatever is built on it: no transaction is needed.
   */
  async recover(lane: number): Promise<Recovery> {
    const [row] = await this.#lane(lane);
    invariant(row !== undefined, `there is no lane ${lane}`);
    const [subscriptions, [last]] = await Promise.all([this.#subscriptions(lane), this.#lastOrdinal(lane)]);
    const inbox = inboxFromRow(row);
    // Those of a contract that the tables know already were made by an earlier process.
    for (const source of inbox.keys()) this.sources.add(source);
    return {
      ...laneFromRow(row),
      inbox,
      subscriptions: subscriptions.map(subscriptionFromRow),
      lastOrdinal: numberOf(last?.["ordinal"]),
    };
  }

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, EntityRecord>> {
    const rows = await this.#sql.rows("load", [keys]);
    return new Map(rows.map(entityFromRow).map((entity) => [entity.key, entity]));
  }

  async offer(which: OfferQuery): Promise<Offered> {
    const { lane, after, until, limit, id, reason, trigger, code, callAgain } = which;
    const wanted = [lane, after, until, limit, id, reason, trigger, code, callAgain];
    const ordinals = (await this.#sql.rows("offer", wanted)).map((row) => numberOf(row["ordinal"]) ?? after);
    return { count: ordinals.length, last: Math.max(after, ...ordinals) };
  }

  async answers(idempotencyKeys: readonly string[]): Promise<ReadonlyMap<string, AnswerRecord>> {
    const rows = await this.#sql.rows("answers", [idempotencyKeys]);
    return new Map(rows.map(answerFromRow).map((answer) => [answer.idempotencyKey, answer]));
  }

  async read(lane: number, after: number, limit: number | ReadLimit): Promise<readonly CarriedRow[]> {
    const { rows, bytes } = typeof limit === "number" ? { rows: limit, bytes: anyNumber } : limit;
    return (await this.#sql.rows("read", [lane, after, rows, bytes])).map(carriedFromRow);
  }

  async parkedFor(lane: number, keys: readonly string[], inLineMax: number): Promise<readonly ParkedHead[]> {
    return (await this.#sql.rows("parkedFor", [lane, keys, inLineMax])).map(parkedHeadFromRow);
  }

  async timeline(sagaId: string): Promise<readonly JournalRecord[]> {
    return (await this.#sql.rows("timeline", [sagaId])).map(journalFromRow);
  }

  async reactionsOf(sagaIds: readonly string[]): Promise<readonly ReactionOfSaga[]> {
    return (await this.#sql.rows("reactionsOf", [sagaIds])).map(reactionOfSagaFromRow);
  }

  async withParked(sagaIds: readonly string[]): Promise<ReadonlySet<string>> {
    return sagasFromRows(await this.#sql.rows("withParked", [sagaIds]));
  }

  async sagaIds(prefix: string, limit: number): Promise<readonly string[]> {
    const rows = await this.#sql.rows("sagaIds", [prefix, `${prefix}${lastCharacter}`, limit]);
    return rows.map((row) => String(row["saga_id"]));
  }

  async origins(query: OriginQuery): Promise<readonly OriginRecord[]> {
    const rows =
      "sagaId" in query
        ? await this.#sql.rows("origins", [query.sagaId])
        : await this.#sql.rows("caused", [query.causedBy]);
    return rows.map(originFromRow);
  }

  async lastStates(sagaIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return lastStatesFromRows(await this.#sql.rows("lastStates", [sagaIds]));
  }

  async parked(query: ParkedQuery): Promise<readonly ParkedRecord[]> {
    return (await this.#parkedRows(query)).map(parkedFromRow);
  }

  async parkedEvents(): Promise<ReadonlyMap<string, number>> {
    return parkedEventsFromRows(await this.#sql.rows("parkedEvents", []));
  }

  /** Each by the index that it has. */
  #parkedRows({ reason, id, sagaId, limit }: ParkedQuery): Promise<readonly SqlRow[]> {
    const reasons = reason === undefined ? undefined : [reason].flat();
    if (id !== undefined) return this.#sql.rows("parkedById", [id, reasons, sagaId]);
    if (sagaId !== undefined) return this.#sql.rows("parkedOfSaga", [sagaId, reasons, limit]);
    return this.#sql.rows("parked", [reasons, limit]);
  }

  async entities({
    sagaId,
    states,
    enteredUntil,
    before,
    limit,
  }: EntityQuery): Promise<readonly EntityRecord[]> {
    if (sagaId !== undefined)
      return (await this.#sql.rows("entitiesOfSaga", [sagaId, limit])).map(entityFromRow);
    const wanted = [states, enteredUntil, limit];
    const rows =
      before === undefined
        ? await this.#sql.rows("entities", wanted)
        : await this.#sql.rows("entitiesBefore", [...wanted, before.beganAt, before.sagaId]);
    return rows.map(entityFromRow);
  }

  async census(): Promise<ReadonlyMap<string, number>> {
    return censusFromRows(await this.#sql.rows("census", []));
  }

  generations(): Promise<readonly GenerationRecord[]> {
    return this.#sql.named(this.#registry.generations());
  }

  reading(): Promise<readonly LaneReading[]> {
    return this.#sql.named(this.#registry.reading());
  }

  async enrol(enrolment: Enrolment): Promise<boolean> {
    const isDone = await this.#sql.named(this.#registry.enrol(enrolment));
    if (isDone) for (const { source } of enrolment.inbox) this.sources.add(source);
    return isDone;
  }

  note(strangers: readonly SubscriptionRecord[]): Promise<void> {
    return this.#sql.named(this.#registry.note(strangers));
  }

  markRun(generation: number): Promise<void> {
    return this.#sql.named(this.#registry.markRun(generation));
  }
}

/** Its bytes come after those of all others: what begins with a prefix is a range of the index. */
const lastCharacter = "\u{10FFFF}";

const anyNumber = Number.MAX_SAFE_INTEGER;
