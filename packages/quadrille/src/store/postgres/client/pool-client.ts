// The SqlClient over a pool of `pg`: connections to PostgreSQL, or the one connection that PGlite has.
import { type Pool, type PoolClient, type QueryConfig, TypeOverrides } from "pg";
import { later } from "../../../ambient/system.ts";
import type { Liveness, Session } from "./liveness.ts";
import type {
  StatementEnding,
  SqlClient,
  SqlRow,
  SqlTransaction,
  Statement,
  TransactionVerdict,
} from "./sql-client.ts";
import { atMost } from "./at-most.ts";
import { togetherRunner } from "./run-together.ts";

/** A pool, and what belongs to it. */
export interface PoolParts {
  /** What it is, without secrets. */
  readonly label: string;
  readonly pool: Pool;
  /** Ends what lies behind the pool. */
  readonly close?: () => Promise<void>;
  /** As {@link SqlClient.user}. */
  readonly user?: string;
  /** Watches the connections, where there is a network between. */
  readonly liveness?: Liveness;
  /** Cancels the statement that a session has under way, over another connection. */
  readonly cancel?: (session: Session) => Promise<void>;
}

/** How long connections in use may go on when the pool is ended, and how long those that are being opened. */
const endMsMax = 1_000;

/** Connections that are left for a flush and a look while handlers have all others. */
const connectionsLeft = 2;

/** Wraps a pool. The client owns it and ends it. */
export function poolClient({ label, pool, close, user, liveness, cancel }: PoolParts): SqlClient {
  // A connection that breaks is dropped by the pool. Its user, and the next caller, get the error from the
  // query; without a listener the event would end the process.
  pool.on("error", () => {});
  pool.on("connect", (connection) => connection.on("error", () => {}));
  const runTogether = togetherRunner();
  const whenFree = atMost(Math.max(1, pool.options.max - connectionsLeft));
  const source: ConnectionSource = {
    connect: () => connect(pool, liveness),
    answered: (client, work) => (liveness === undefined ? work : liveness.answered(client, work)),
    ending: (client) => {
      const session = liveness?.sessionOf(client);
      if (liveness === undefined || cancel === undefined || session === undefined) return undefined;
      return { cancel: () => cancel(session), giveUp: () => liveness.close(client) };
    },
  };
  return {
    label,
    ...(user === undefined ? {} : { user }),
    query: (statement, values) => onClient(source, (client) => run(client, statement, values)),
    runTogether: (statements) => onClient(source, (client) => runTogether(client, statements)),
    transaction: (work, opening = "begin") => inTransaction(source, work, opening),
    longTransaction: (work, opening = "begin") => whenFree(() => inTransaction(source, work, opening)),
    [Symbol.asyncDispose]: async () => {
      await ended(pool, liveness);
      await close?.();
    },
  };
}

async function ended(pool: Pool, liveness: Liveness | undefined): Promise<void> {
  // Without a network, a statement that is under way comes to its end.
  if (liveness === undefined) return pool.end();
  const late = Promise.withResolvers<void>();
  const timers = [later(endMsMax, () => liveness.giveUp()), later(1.5 * endMsMax, () => late.resolve())];
  await Promise.race([pool.end(), late.promise]);
  for (const timer of timers) timer.cancel();
}

/** The source of connections, and how to wait for an answer on one. */
interface ConnectionSource {
  readonly connect: () => Promise<PoolClient>;
  readonly answered: <T>(client: PoolClient, work: Promise<T>) => Promise<T>;
  readonly ending: (client: PoolClient) => StatementEnding | undefined;
}

/** A connection that was idle while another one was lost may be lost as well: it is not tried. */
async function connect(pool: Pool, liveness: Liveness | undefined): Promise<PoolClient> {
  for (;;) {
    const client = await pool.connect();
    if (liveness?.isTrusted(client) !== false) return client;
    client.release(true);
  }
}

async function inTransaction<T>(
  source: ConnectionSource,
  work: (connection: SqlTransaction) => Promise<TransactionVerdict<T>>,
  opening: string,
): Promise<T> {
  const { answered } = source;
  const client = await source.connect();
  let broken: Error | undefined;
  try {
    await answered(client, client.query(opening));
    const { commit, value } = await work(transactionOn(client, source));
    await answered(client, client.query(commit ? "commit" : "rollback"));
    return value;
  } catch (error) {
    broken = await answered(client, client.query("rollback")).then(
      () => undefined,
      (cause: unknown) => new Error("a connection that cannot roll back is not used again", { cause }),
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

function transactionOn(client: PoolClient, { answered, ending: endingOf }: ConnectionSource): SqlTransaction {
  const ending = endingOf(client);
  return {
    ...(ending === undefined ? {} : { ending }),
    query: (statement, values) => answered(client, run(client, statement, values)),
    queryOfService: async (text, values) =>
      (await answered(client, client.query<SqlRow>(ofService(text, values)))).rows,
  };
}

/** In the extended protocol, where the server takes one statement and no second behind it. */
function ofService(
  text: string,
  values: readonly unknown[],
): QueryConfig & { readonly queryMode: "extended" } {
  return { text, values: [...values], queryMode: "extended" };
}

/**
 * Not the pool's own `query`: that one drops the connection with all its plans at any error, also at an
 * overtaken flush.
 */
async function onClient<T>(
  { connect: take, answered }: ConnectionSource,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await take();
  try {
    return await answered(client, work(client));
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
 * `bigint` as number: positions, turns and times stay far below 2^53. `json` as its text: the table of
 * columns parses it, and distinguishes SQL's null from JSON's. Given with each of our own statements and not
 * to the pool, because a service's statements in `transact` share the connection and expect the driver's
 * usual values.
 */
const ownTypes = new TypeOverrides();
ownTypes.setTypeParser(20, Number); // int8
ownTypes.setTypeParser(114, String); // json
