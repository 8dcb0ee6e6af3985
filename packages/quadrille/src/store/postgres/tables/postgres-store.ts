// A participant's store over SQL: the same statements for PostgreSQL and PGlite.
import { invariant, isQuadrilleError } from "../../../errors.ts";
import { assertFlush } from "../../flush-shape.ts";
import type {
  AnswerRecord,
  CarriedRow,
  EntityRecord,
  GenerationRecord,
  JournalRecord,
  OriginRecord,
  ParkedHead,
  ParkedReason,
  ParkedRecord,
  Reaction,
  SubscriptionRecord,
} from "../../records.ts";
import type {
  EntityQuery,
  Enrolment,
  Flush,
  FlushResult,
  LaneReading,
  Offered,
  OfferQuery,
  OriginQuery,
  ParkedQuery,
  ReadLimit,
  Recovery,
  Registry,
  Requests,
  Store,
  TransactScope,
} from "../../store.ts";
import { flushStatements } from "./flush-statement.ts";
import { answerFromRow } from "../rows/answer.ts";
import { censusFromRows, entityFromRow } from "../rows/entity.ts";
import { carriedFromRow, journalFromRow, lastStatesFromRows, reactionFromRow } from "../rows/journal.ts";
import { originFromRow } from "../rows/origin.ts";
import { parkedCensusFromRows, parkedFromRow, parkedHeadFromRow, payloadsFromRows } from "../rows/parked.ts";
import { inboxFromRows, laneFromRow, subscriptionsFromRows } from "../rows/registry.ts";
import { afterHandler, beginForHandlers, pinPlansAgain } from "../client/session.ts";
import type {
  BoundStatement,
  SqlClient,
  SqlConnection,
  SqlRow,
  SqlTransaction,
} from "../client/sql-client.ts";
import { flushResult, storeError, writeError } from "../client/sql-errors.ts";
import { sqlRegistry } from "./sql-registry.ts";
import { sqlRequests } from "./sql-requests.ts";
import { type StoreStatements, storeStatements } from "./store-statements.ts";

/** A schema that has been opened. */
export interface OpenedSchema {
  /** The quoted identifier. */
  readonly schema: string;
  /** Begins the names of prepared statements: connections are shared with other participants. */
  readonly namePrefix: string;
  /** The sources that have an inbox row. */
  readonly sources: Set<string>;
}

/** The store of one participant. The client stays its owner's. */
export class PostgresStore implements Store {
  /** The quoted identifier of its schema. */
  readonly schema: string;
  readonly requests: Requests;
  readonly #client: SqlClient;
  readonly #sources: Set<string>;
  readonly #registry: Registry;
  readonly #statements: StoreStatements;
  readonly #flushStatement: (flush: Flush) => BoundStatement;

  constructor(client: SqlClient, { schema, namePrefix, sources }: OpenedSchema) {
    this.schema = schema;
    this.#client = client;
    this.#sources = sources;
    this.#registry = sqlRegistry(client, schema);
    this.requests = sqlRequests(client, schema, (answer) => this.#named(answer));
    this.#statements = storeStatements(schema, namePrefix);
    this.#flushStatement = flushStatements(schema, namePrefix);
  }

  /**
   * The turn is read before the rest. Should another flush come in between, the rest is newer than the turn, and the
   * fence refuses whatever is built on it: no transaction is needed.
   */
  async recover(lane: number): Promise<Recovery> {
    const [row] = await this.#rows("lane", [lane]);
    invariant(row !== undefined, `there is no lane ${lane}`);
    const [inbox, [last]] = await Promise.all([
      this.#rows("inbox", [lane]),
      this.#rows("lastOrdinal", [lane]),
    ]);
    const positions = inboxFromRows(inbox);
    // Those of a contract that the tables know already were made by an earlier process.
    for (const source of positions.keys()) this.#sources.add(source);
    return {
      ...laneFromRow(row),
      inbox: positions,
      subscriptions: subscriptionsFromRows(inbox),
      lastOrdinal: numberOf(last?.["ordinal"]),
    };
  }

  /** The row lock waits for a flush that is being written; one that comes later finds another turn than it knows. */
  async skipTurn(lane: number): Promise<void> {
    await this.#rows("skipTurn", [lane]);
  }

  async offer(which: OfferQuery): Promise<Offered> {
    const { lane, after, until, limit, id, reason, trigger, code, callAgain } = which;
    const wanted = [lane, after, until, limit, id, reason, trigger, code, callAgain];
    const ordinals = (await this.#rows("offer", wanted)).map((row) => numberOf(row["ordinal"]) ?? after);
    return { count: ordinals.length, last: Math.max(after, ...ordinals) };
  }

  async latestTime(lane: number): Promise<number | undefined> {
    const [row] = await this.#rows("latestTime", [lane]);
    const latest = row?.["latest"];
    return latest === null || latest === undefined ? undefined : Number(latest);
  }

  async reactions(lane: number, after: number, limit: number): Promise<readonly Reaction[]> {
    return (await this.#rows("reactions", [lane, after, limit])).map(reactionFromRow);
  }

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, EntityRecord>> {
    const rows = await this.#rows("load", [keys]);
    return new Map(rows.map(entityFromRow).map((entity) => [entity.key, entity]));
  }

  async answers(idempotencyKeys: readonly string[]): Promise<ReadonlyMap<string, AnswerRecord>> {
    const rows = await this.#rows("answers", [idempotencyKeys]);
    return new Map(rows.map(answerFromRow).map((answer) => [answer.idempotencyKey, answer]));
  }

  flush(flush: Flush): Promise<FlushResult> {
    return this.#send(this.#client, flush);
  }

  /** The statement that writes a flush. */
  bind(flush: Flush): BoundStatement {
    assertFlush(flush);
    for (const source of flush.inbox.keys()) {
      invariant(
        this.#sources.has(source),
        `${source} is not among the sources the participant was opened with`,
      );
    }
    return this.#flushStatement(flush);
  }

  async transact(work: (scope: TransactScope) => Promise<FlushResult>): Promise<FlushResult> {
    let thrown: { readonly cause: unknown } | undefined;
    try {
      return await this.#client.transaction(async (connection) => {
        const result = await work(this.#scope(connection)).catch((cause: unknown) => {
          thrown = { cause };
          throw cause;
        });
        return { commit: result === "committed", value: result };
      }, beginForHandlers);
    } catch (error) {
      // What the work threw is its own; what the transaction threw around it is the database's.
      throw thrown === undefined ? storeError(error, this.#client.label) : thrown.cause;
    }
  }

  async due(lane: number, now: number, limit: number): Promise<readonly EntityRecord[]> {
    return (await this.#rows("due", [lane, now, limit])).map(entityFromRow);
  }

  async nextDue(lane: number): Promise<number | undefined> {
    const [row] = await this.#rows("nextDue", [lane]);
    return numberOf(row?.["due"]);
  }

  async parkedFor(lane: number, keys: readonly string[], inLineMax: number): Promise<readonly ParkedHead[]> {
    return (await this.#rows("parkedFor", [lane, keys, inLineMax])).map(parkedHeadFromRow);
  }

  async parkedDue(lane: number, now: number, limit: number): Promise<readonly ParkedHead[]> {
    return (await this.#rows("parkedDue", [lane, now, limit])).map(parkedHeadFromRow);
  }

  async nextParkedDue(lane: number, after: number): Promise<number | undefined> {
    const [row] = await this.#rows("nextParkedDue", [lane, Math.max(after, Number.MIN_SAFE_INTEGER)]);
    return numberOf(row?.["next_at"]);
  }

  async payloads(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    return payloadsFromRows(await this.#rows("payloads", [ids]));
  }

  async parkedCensus(lane: number): Promise<ReadonlyMap<ParkedReason, number>> {
    return parkedCensusFromRows(await this.#rows("parkedCensus", [lane]));
  }

  async unfinished(lane: number, afterKey: string, limit: number): Promise<readonly EntityRecord[]> {
    return (await this.#rows("unfinished", [lane, afterKey, limit])).map(entityFromRow);
  }

  async read(lane: number, after: number, limit: number | ReadLimit): Promise<readonly CarriedRow[]> {
    const { rows, bytes } = typeof limit === "number" ? { rows: limit, bytes: anyNumber } : limit;
    return (await this.#rows("read", [lane, after, rows, bytes])).map(carriedFromRow);
  }

  async timeline(sagaId: string): Promise<readonly JournalRecord[]> {
    return (await this.#rows("timeline", [sagaId])).map(journalFromRow);
  }

  async origins(query: OriginQuery): Promise<readonly OriginRecord[]> {
    const rows =
      "sagaId" in query
        ? await this.#rows("origins", [query.sagaId])
        : await this.#rows("caused", [query.causedBy]);
    return rows.map(originFromRow);
  }

  async lastStates(sagaIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return lastStatesFromRows(await this.#rows("lastStates", [sagaIds]));
  }

  async parked(query: ParkedQuery): Promise<readonly ParkedRecord[]> {
    return (await this.#parkedRows(query)).map(parkedFromRow);
  }

  /** Each by the index that it has. */
  #parkedRows({ reason, id, sagaId, limit }: ParkedQuery): Promise<readonly SqlRow[]> {
    if (id !== undefined) return this.#rows("parkedById", [id, reason, sagaId]);
    if (sagaId !== undefined) return this.#rows("parkedOfSaga", [sagaId, reason, limit]);
    return this.#rows("parked", [reason, limit]);
  }

  async entities({
    sagaId,
    states,
    enteredUntil,
    before,
    limit,
  }: EntityQuery): Promise<readonly EntityRecord[]> {
    if (sagaId !== undefined) return (await this.#rows("entitiesOfSaga", [sagaId, limit])).map(entityFromRow);
    const wanted = [states, enteredUntil, limit];
    const rows =
      before === undefined
        ? await this.#rows("entities", wanted)
        : await this.#rows("entitiesBefore", [...wanted, before.beganAt, before.sagaId]);
    return rows.map(entityFromRow);
  }

  async census(): Promise<ReadonlyMap<string, number>> {
    return censusFromRows(await this.#rows("census", []));
  }

  generations(): Promise<readonly GenerationRecord[]> {
    return this.#named(this.#registry.generations());
  }

  reading(): Promise<readonly LaneReading[]> {
    return this.#named(this.#registry.reading());
  }

  async enrol(enrolment: Enrolment): Promise<boolean> {
    const isDone = await this.#named(this.#registry.enrol(enrolment));
    if (isDone) for (const { source } of enrolment.inbox) this.#sources.add(source);
    return isDone;
  }

  note(strangers: readonly SubscriptionRecord[]): Promise<void> {
    return this.#named(this.#registry.note(strangers));
  }

  markRun(generation: number): Promise<void> {
    return this.#named(this.#registry.markRun(generation));
  }

  #scope(connection: SqlTransaction): TransactScope {
    const own = (text: string): Promise<unknown> => this.#named(connection.query({ text }));
    return {
      transaction: {
        query: async (text, values = []) => ({ rows: await this.#ofService(connection, text, values) }),
      },
      savepoint: async (part) => {
        // Nested savepoints may share a name: the newest is meant.
        await own("savepoint quadrille_part");
        try {
          const result = await part();
          // Fails when the part has swallowed an error of SQL: then nothing of it may stand, and the rest goes on.
          await own(afterHandler);
          return result;
        } catch (error) {
          await own("rollback to savepoint quadrille_part; release savepoint quadrille_part");
          throw error;
        }
      },
      flush: async (flush) => {
        await own(pinPlansAgain);
        return this.#send(connection, flush);
      },
    };
  }

  async #send(connection: SqlConnection, flush: Flush): Promise<FlushResult> {
    try {
      const { statement, values } = this.bind(flush);
      await connection.query(statement, values);
      return "committed";
    } catch (error) {
      const result = flushResult(error);
      if (result === undefined) throw writeError(error, this.#client.label);
      return result;
    }
  }

  /** A service meets the driver's errors, with their constraint names, except that of a lost connection. */
  async #ofService(
    connection: SqlTransaction,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly SqlRow[]> {
    try {
      return await connection.queryOfService(text, values);
    } catch (error) {
      const named = storeError(error, this.#client.label);
      throw isQuadrilleError(named) && named.code === "Q_STORE_UNREACHABLE" ? named : error;
    }
  }

  #rows(name: keyof StoreStatements, values: readonly unknown[]): Promise<readonly SqlRow[]> {
    return this.#named(this.#client.query(this.#statements[name], values));
  }

  async #named<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw storeError(error, this.#client.label);
    }
  }
}

const anyNumber = Number.MAX_SAFE_INTEGER;

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
