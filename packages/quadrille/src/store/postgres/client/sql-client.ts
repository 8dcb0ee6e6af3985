// The port between the SQL store and a driver: statements in, rows out, one transaction at a time per
// connection.

/** SQL with `$1`, `$2`, … and perhaps a name: a named statement is parsed and planned once per connection. */
export interface Statement {
  /** Up to 63 bytes, one name for one text. */
  readonly name?: string;
  readonly text: string;
}

/** A row: column names and values; `bigint` columns come as numbers. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** A target of statements. */
export interface SqlConnection {
  /** Runs one statement. Rejects with the driver's error, whose `code` is the SQLSTATE. */
  query(statement: Statement, values?: readonly unknown[]): Promise<readonly SqlRow[]>;
}

/** A connection inside a transaction. */
export interface SqlTransaction extends SqlConnection {
  /** Runs a service's own statement: values come as the driver usually gives them, `bigint` as text. */
  queryOfService(text: string, values: readonly unknown[]): Promise<readonly SqlRow[]>;
  /** How its statements are ended from outside; absent where nothing can be done meanwhile. */
  readonly ending?: StatementEnding;
}

/** Two ways to end what a connection is doing. */
export interface StatementEnding {
  /** Asks the server to cancel the statement under way. Rejects where the server cannot be asked. */
  cancel(): Promise<void>;
  /** Gives the connection up: what is under way on it rejects, and its session is ended. */
  giveUp(): void;
}

/** A named statement with what is bound to it, as text. */
export interface BoundStatement {
  readonly statement: Required<Statement>;
  readonly values: readonly string[];
}

/** Why a statement of several sent together failed. */
export interface FailedStatement {
  /** Its place among them, from 0. */
  readonly index: number;
  /** The driver's error. */
  readonly error: unknown;
}

/** How to end a transaction, and its result. */
export interface TransactionVerdict<T> {
  readonly commit: boolean;
  readonly value: T;
}

/**
 * A database. The promise: a query outside `transaction` is a transaction by itself, committed when it
 * resolves; queries may run side by side, or one after another where there is a single connection.
 */
export interface SqlClient extends SqlConnection, AsyncDisposable {
  /** What it is, without secrets. */
  readonly label: string;
  /** Whose sessions it has, where `reset session authorization` does not lead back to that. */
  readonly user?: string;
  /**
   * Runs statements in order, in one transaction, sent together; their rows are dropped. Resolves with the
   * one that failed: then nothing was written, unless the connection was lost, when that is unknown.
   */
  runTogether(statements: readonly BoundStatement[]): Promise<FailedStatement | undefined>;
  /**
   * Runs `work` on a connection of its own after `begin`, then commits or rolls back as it says; rolls back
   * when it rejects. `opening` is sent instead of `begin`, to set what holds for this transaction alone. With
   * a single connection everything else waits, so `work` must use nothing but the connection it is given.
   */
  transaction<T>(
    work: (connection: SqlTransaction) => Promise<TransactionVerdict<T>>,
    opening?: string,
  ): Promise<T>;
  /**
   * As `transaction`, for work of unknown length: it waits for a connection that nothing else needs.
   */
  longTransaction: SqlClient["transaction"];
}
