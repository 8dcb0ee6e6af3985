// A participant's store over SQL: the same statements for PostgreSQL and PGlite.
import { invariant, isQuadrilleError, QuadrilleError } from "../../../errors.ts";
import { assertFlushes } from "../../flush-shape.ts";
import type { EntityRecord, ParkedHead, ParkedReason, ReactionRecord } from "../../records.ts";
import type { Flush, FlushResult, Requests, Store, TransactScope } from "../../store.ts";
import { entityFromRow } from "../rows/entity.ts";
import { reactionFromRow } from "../rows/journal.ts";
import { parkedCensusFromRows, parkedHeadFromRow, payloadsFromRows } from "../rows/parked.ts";
import {
  afterFailedHandler,
  afterHandler,
  backToEngine,
  beforeFlush,
  beginForHandlers,
} from "../client/session.ts";
import type {
  BoundStatement,
  StatementEnding,
  SqlClient,
  SqlConnection,
  SqlRow,
  SqlTransaction,
} from "../client/sql-client.ts";
import { flushResult, storeError, writeError } from "../client/sql-errors.ts";
import { byLane, type RowsOfLane } from "./by-lane.ts";
import { flushStatements } from "./flush-statement.ts";
import { type OpenedSchema, PostgresInspection } from "./postgres-inspection.ts";
import { sqlRequests } from "./sql-requests.ts";
import { numberOf, StoreSql } from "./store-sql.ts";
import { storeStatements } from "./store-statements.ts";

/** The store of one participant. The client stays its owner's. */
export class PostgresStore extends PostgresInspection implements Store {
  readonly requests: Requests;
  readonly #client: SqlClient;
  readonly #sql: StoreSql;
  readonly #flushStatement: (flushes: readonly Flush[]) => BoundStatement;
  readonly #nextDue: RowsOfLane;
  readonly #calling: RowsOfLane;

  constructor(client: SqlClient, opened: OpenedSchema) {
    const { schema, namePrefix } = opened;
    const sql = new StoreSql(client, storeStatements(schema, namePrefix));
    super(client, opened, sql);
    this.#client = client;
    this.#sql = sql;
    this.requests = sqlRequests(client, schema, (answer) => sql.named(answer));
    this.#flushStatement = flushStatements(schema, namePrefix);
    this.#nextDue = byLane((lanes) => sql.rows("nextDue", [lanes]));
    this.#calling = byLane((lanes) => sql.rows("calling", [lanes]));
  }

  /**
   * The row lock waits for a flush that is being written; one that comes later finds another turn than it
   * knows.
   */
  async skipTurn(lane: number): Promise<void> {
    await this.#sql.rows("skipTurn", [lane]);
  }

  async latestTime(lane: number): Promise<number | undefined> {
    const [row] = await this.#sql.rows("latestTime", [lane]);
    const latest = row?.["latest"];
    return latest === null || latest === undefined ? undefined : Number(latest);
  }

  async reactions(lane: number, after: number, limit: number): Promise<readonly ReactionRecord[]> {
    return (await this.#sql.rows("reactions", [lane, after, limit])).map(reactionFromRow);
  }

  /** The statement that writes flushes, each of another lane. */
  bind(flushes: readonly Flush[]): BoundStatement {
    assertFlushes(flushes);
    for (const source of flushes.flatMap(({ inbox }) => [...inbox.keys()])) {
      invariant(
        this.sources.has(source),
        `${source} is not among the sources the participant was opened with`,
      );
    }
    return this.#flushStatement(flushes);
  }

  /**
   * After flushes of which one was stale: the lanes whose turn has changed; all of them, where none has,
   * because then an entity or a request has changed.
   */
  async overtaken(flushes: readonly Flush[]): Promise<readonly number[]> {
    const lanes = flushes.map(({ lane }) => lane);
    if (lanes.length === 1) return lanes;
    const rows = await this.#sql.rows("lanes", [lanes]);
    const turns = new Map(rows.map((row) => [Number(row["lane"]), Number(row["turn"])]));
    const lost = flushes.flatMap(({ lane, turn }) => (turns.get(lane) === turn ? [] : [lane]));
    return lost.length === 0 ? lanes : lost;
  }

  async transact(work: (scope: TransactScope) => Promise<FlushResult>): Promise<FlushResult> {
    let thrown: { readonly cause: unknown } | undefined;
    const stop: Stop = { cancelled: 0, isGivenUp: false };
    try {
      return await this.#client.longTransaction(async (connection) => {
        const result = await work(this.#scope(connection, stop)).catch((cause: unknown) => {
          thrown = { cause };
          throw cause;
        });
        // A transaction without a flush keeps its session for the engine all the same.
        if (result === "committed") await connection.query({ text: backToEngine });
        return { commit: result === "committed", value: result };
      }, beginForHandlers);
    } catch (error) {
      // Errors thrown by the work are passed on; errors of the transaction around it are the database's: a
      // commit is refused as a flush is, because of what is checked no earlier.
      if (stop.isGivenUp) throw notStopped(thrown?.cause ?? error);
      if (thrown !== undefined) throw thrown.cause;
      return this.#refusal(error);
    }
  }

  async due(lane: number, now: number, limit: number): Promise<readonly EntityRecord[]> {
    return (await this.#sql.rows("due", [lane, now, limit])).map(entityFromRow);
  }

  async nextDue(lane: number): Promise<number | undefined> {
    const [row] = await this.#nextDue(lane);
    return numberOf(row?.["due"]);
  }

  async earliestCause(lane: number, key: string): Promise<number | undefined> {
    const [row] = await this.#sql.rows("earliestCause", [lane, key]);
    return numberOf(row?.["earliest"]);
  }

  async parkedDue(lane: number, now: number, limit: number): Promise<readonly ParkedHead[]> {
    return (await this.#sql.rows("parkedDue", [lane, now, limit])).map(parkedHeadFromRow);
  }

  async nextParkedDue(lane: number, after: number): Promise<number | undefined> {
    const [row] = await this.#sql.rows("nextParkedDue", [lane, Math.max(after, Number.MIN_SAFE_INTEGER)]);
    return numberOf(row?.["next_at"]);
  }

  async payloads(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    return payloadsFromRows(await this.#sql.rows("payloads", [ids]));
  }

  async parkedCensus(lane: number): Promise<ReadonlyMap<ParkedReason, number>> {
    return parkedCensusFromRows(await this.#sql.rows("parkedCensus", [lane]));
  }

  async unfinished(lane: number, afterKey: string, limit: number): Promise<readonly EntityRecord[]> {
    if (afterKey === "" && (await this.#calling(lane)).length === 0) return [];
    return (await this.#sql.rows("unfinished", [lane, afterKey, limit])).map(entityFromRow);
  }

  #scope(connection: SqlTransaction, stop: Stop): TransactScope {
    const own = (text: string): Promise<unknown> => this.#sql.named(connection.query({ text }));
    const { ending } = connection;
    return {
      ...(ending === undefined ? {} : { interrupt: () => interrupt(ending, stop) }),
      transaction: {
        query: async (text, values = []) => ({ rows: await this.#ofService(connection, text, values) }),
      },
      savepoint: async (part) => {
        try {
          const result = await part();
          // Fails when the part has swallowed an error of SQL: then nothing of it may stand, and the rest
          // goes on.
          await own(afterHandler(this.#client.user));
          return result;
        } catch (error) {
          await own(afterFailedHandler);
          throw error;
        }
      },
      flush: async (flush) => {
        await own(beforeFlush);
        return this.#send(connection, flush);
      },
    };
  }

  async #send(connection: SqlConnection, flush: Flush): Promise<FlushResult> {
    try {
      const { statement, values } = this.bind([flush]);
      await connection.query(statement, values);
      return "committed";
    } catch (error) {
      return this.#refusal(error);
    }
  }

  /** What an error makes of a flush. Throws it by its name where that is no result. */
  #refusal(error: unknown): FlushResult {
    const result = flushResult(error, this.schema);
    if (result === undefined) throw writeError(error, this.#client.label);
    return result;
  }

  /** A service gets the driver's errors, with their constraint names, except that of a lost connection. */
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
}

/** A transaction whose statements are to end. */
interface Stop {
  /** How often its statements were cancelled. */
  cancelled: number;
  isGivenUp: boolean;
}

/**
 * How often statements of one handler are cancelled before its connection is given up: a function may go
 * on.
 */
const cancelledMax = 10;

async function interrupt(ending: StatementEnding, stop: Stop): Promise<void> {
  stop.cancelled += 1;
  if (stop.cancelled <= cancelledMax) return ending.cancel();
  stop.isGivenUp = true;
  ending.giveUp();
}

/**
 * `Q_HANDLER_TIMED_OUT`, where the connection was given up: the work of other handlers is lost with it, so
 * the batch is halved until its message is alone.
 */
function notStopped(cause: unknown): QuadrilleError {
  const message = "The handler did not end within its time, and its statement could not be cancelled.";
  return new QuadrilleError("Q_HANDLER_TIMED_OUT", message, { retryable: true, cause });
}
