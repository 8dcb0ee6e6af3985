// The SqlClient over a pool of `pg`: connections to PostgreSQL, or the one connection that PGlite has.
import { type Pool, type PoolClient, TypeOverrides } from "pg";
import type { SqlClient, SqlRow, SqlTransaction, Statement, Verdict } from "./sql-client.ts";
import { togetherRunner } from "./run-together.ts";

/** Wraps a pool. The client owns it and ends it; `close` ends what lies behind it. */
export function poolClient(label: string, pool: Pool, close: () => Promise<void>): SqlClient {
  // A connection that breaks is dropped by the pool. Whoever was using it, or needs the next one, hears of it from the
  // query; without a listener the event would end the process.
  pool.on("error", () => {});
  pool.on("connect", (connection) => connection.on("error", () => {}));
  const runTogether = togetherRunner();
  return {
    label,
    query: (statement, values) => onClient(pool, (client) => run(client, statement, values)),
    runTogether: (statements) => onClient(pool, (client) => runTogether(client, statements)),
    transaction: (work, opening = "begin") => inTransaction(pool, work, opening),
    [Symbol.asyncDispose]: async () => {
      await pool.end();
      await close();
    },
  };
}

async function inTransaction<T>(
  pool: Pool,
  work: (connection: SqlTransaction) => Promise<Verdict<T>>,
  opening: string,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(opening);
    const { commit, value } = await work(transactionOn(client));
    await client.query(commit ? "commit" : "rollback");
    return value;
  } catch (error) {
    broken = await client.query("rollback").then(
      () => undefined,
      (cause: unknown) => new Error("a connection that cannot roll back is not used again", { cause }),
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

function transactionOn(client: PoolClient): SqlTransaction {
  return {
    query: (statement, values) => run(client, statement, values),
    queryOfService: async (text, values) => (await client.query<SqlRow>(text, [...values])).rows,
  };
}

/** Not the pool's own `query`: that one drops the connection with all its plans at any error, also at an overtaken flush. */
async function onClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

async function run(
  client: PoolClient,
  { name, text }: Statement,
  values: readonly unknown[] = [],
): Promise<readonly SqlRow[]> {
  const config = { text, values: [...values], types: ownTypes };
  const { rows } = await client.query<SqlRow>(name === undefined ? config : { ...config, name });
  return rows;
}

/**
 * `bigint` as number: positions, turns and times stay far below 2^53. `json` as its text: the row codec parses it, and
 * tells SQL's null from JSON's. Given with each of our own statements and not to the pool, because a service's
 * statements in `transact` share the connection and expect the driver's usual values.
 */
const ownTypes = new TypeOverrides();
ownTypes.setTypeParser(20, Number); // int8
ownTypes.setTypeParser(114, String); // json
