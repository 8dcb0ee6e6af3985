// Several prepared statements in one transaction and one round trip. The messages of the extended query
// protocol up to a `Sync` are one implicit transaction (PostgreSQL, "Message Flow", "Pipelining"), so neither
// `begin` nor `commit` is sent, and what the statements would return is not described.
import type { Connection, PoolClient, Submittable } from "pg";
import type { BoundStatement, FailedStatement } from "./sql-client.ts";

/** Runs statements together on a connection; see `SqlClient.runTogether`. */
export type RunTogether = (
  client: PoolClient,
  statements: readonly BoundStatement[],
) => Promise<FailedStatement | undefined>;

/** Makes a runner, which remembers which statements each connection has prepared. */
export function togetherRunner(): RunTogether {
  const preparedBy = new WeakMap<PoolClient, Set<string>>();
  return (client, statements) => {
    const prepared = preparedBy.get(client) ?? new Set();
    preparedBy.set(client, prepared);
    return statements.every(({ statement }) => prepared.has(statement.name))
      ? sendTogether(client, statements)
      : prepareAndSend(client, statements, prepared);
  };
}

/** One after another, the first time: the driver prepares each of them. */
async function prepareAndSend(
  client: PoolClient,
  statements: readonly BoundStatement[],
  prepared: Set<string>,
): Promise<FailedStatement | undefined> {
  let index = 0;
  try {
    await client.query("begin");
    for (const { statement, values } of statements) {
      await client.query({ ...statement, values: [...values] });
      prepared.add(statement.name);
      index += 1;
    }
    await client.query("commit");
    return undefined;
  } catch (error) {
    // Where the connection is lost there is nothing to roll back, and the pool drops it.
    await client.query("rollback").catch(() => undefined);
    return { index, error };
  }
}

function sendTogether(
  client: PoolClient,
  statements: readonly BoundStatement[],
): Promise<FailedStatement | undefined> {
  const { promise, resolve } = Promise.withResolvers<FailedStatement | undefined>();
  client.query(submittable(statements, resolve));
  return promise;
}

/** The methods that the driver calls while an answer arrives; its type `Submittable` has only the first. */
interface Answered extends Submittable {
  readonly handleCommandComplete: () => void;
  readonly handleDataRow: () => void;
  readonly handleError: (error: unknown) => void;
  readonly handleReadyForQuery: () => void;
}

function submittable(
  statements: readonly BoundStatement[],
  resolve: (failed: FailedStatement | undefined) => void,
): Answered {
  let completed = 0;
  return {
    submit: (connection) => write(connection, statements),
    handleDataRow: () => {},
    handleCommandComplete: () => {
      completed += 1;
    },
    handleError: (error) => resolve({ index: completed, error }),
    handleReadyForQuery: () => resolve(undefined),
  };
}

function write(connection: Connection, statements: readonly BoundStatement[]): void {
  // One write to the socket: each one costs the kernel the way to the server's process.
  connection.stream.cork();
  for (const { statement, values } of statements) {
    connection.bind({ statement: statement.name, values: [...values] }, true);
    connection.execute({}, true);
  }
  connection.sync();
  connection.stream.uncork();
}
