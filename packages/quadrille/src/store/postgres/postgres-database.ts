// PostgreSQL, 15 or newer, through `pg`.
import type { ClientBase } from "pg";
import { later, systemAmbient } from "../../ambient/system.ts";
import { assertOptions, wrongArgument } from "../../contract/known-keys.ts";
import { kindOf } from "../../contract/reading.ts";
import { QuadrilleError } from "../../errors.ts";
import { peer } from "../../node/peer.ts";
import type { SqlDatabase } from "../database.ts";
import { sqlDatabase, sqlDatabaseKeys, type SqlDatabaseOptions } from "./database.ts";
import { endOf, Liveness } from "./client/liveness.ts";
import { assertPostgresUrl, databaseLabel } from "./client/postgres-url.ts";
import type { SqlClient } from "./client/sql-client.ts";
import { startSession } from "./client/session.ts";
import { storeError } from "./client/sql-errors.ts";

/** Where the database is and how to use it. */
export interface PostgresOptions extends SqlDatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /**
   * The most connections of this process; 8 unless given. All lanes share one, but each lane of a participant
   * with `transact` handlers has its own while they run: of three connections and more they leave two free.
   */
  readonly connectionsMax?: number;
}

/** So many processes can share the work evenly enough. */
const lanesAtFirst = 16;

/** The longest wait for a connection, free or new. */
const connectMsMax = 5_000;

/** How long an idle connection is kept, with its plans. */
const idleMsMax = 300_000;

/**
 * Opens a database on a PostgreSQL server. Rejects with `Q_STORE_UNREACHABLE` when it does not answer, with
 * `Q_DATABASE_URL_INVALID` when the URL is none, with `Q_DATABASE_ENCODING` when its encoding is not UTF-8,
 * and with `Q_PACKAGE_MISSING` without the package `pg`. Connect to the server itself or through a pooler in
 * session mode: the engine's settings belong to the session.
 */
export async function postgresDatabase(given: PostgresOptions): Promise<SqlDatabase> {
  assertOptions("postgresDatabase", given, ["url", "connectionsMax", ...sqlDatabaseKeys]);
  const { url, connectionsMax = 8, ...options } = given;
  if (typeof url !== "string")
    throw wrongArgument(`postgresDatabase: url is a text, postgres://…, not ${kindOf(url)}`);
  assertPostgresUrl(url);
  const label = databaseLabel(url);
  // First alone: the other modules import it, and their error would name no package to install.
  const { Pool } = await peer("pg", "quadrille/postgres", () => import("pg"));
  const [{ poolClient }, { askServer, canceller, endSessions }, { Wire }] = await Promise.all([
    import("./client/pool-client.ts"),
    import("./client/ask-server.ts"),
    import("./client/wire.ts"),
  ]);
  const address = { connectionString: url, application_name: "quadrille" };
  const { clock } = systemAmbient();
  const liveness = new Liveness(clock, askServer(address));
  const wire = new Wire(address, clock);
  const pool = new Pool({
    ...address,
    max: connectionsMax,
    connectionTimeoutMillis: connectMsMax,
    idleTimeoutMillis: idleMsMax,
    // A peer that vanished without closing its connection is noticed, and its lane given up.
    keepAlive: true,
    onConnect: (connection): unknown => begin(connection),
  });
  // The pool limits the time for a connection, and not what comes before it hands the connection out.
  const begin = async (connection: ClientBase): Promise<void> => {
    const late = later(connectMsMax, () => void endOf(connection));
    try {
      liveness.began(connection, await startSession(connection));
      const lost = liveness.takeLost();
      if (lost.length > 0) await connection.query(endSessions(lost));
    } finally {
      late.cancel();
    }
  };
  const client = poolClient({
    label,
    pool,
    liveness,
    cancel: canceller(address),
    close: async () => await wire[Symbol.asyncDispose](),
  });
  try {
    await refuseEncoding(client);
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw storeError(error, label);
  }
  return sqlDatabase(client, {
    ...options,
    notices: wire,
    owners: wire.owners,
    lanesAtFirst,
    hasOneConnection: connectionsMax === 1,
  });
}

/**
 * Texts of payloads, keys and errors may have any character; another encoding would refuse them one by one.
 */
async function refuseEncoding(client: SqlClient): Promise<void> {
  const [row] = await client.query({ text: "select current_setting('server_encoding') as encoding" });
  if (row?.["encoding"] === "UTF8") return;
  throw new QuadrilleError(
    "Q_DATABASE_ENCODING",
    `${client.label} is encoded in ${String(row?.["encoding"])}, and UTF8 is needed. Make a database with ` +
      "`create database NAME encoding 'UTF8' template template0` and use that.",
  );
}
