// PGlite: PostgreSQL in this process, in memory or in a folder that one process owns.
import { yieldToEventLoop } from "../../ambient/system.ts";
import { assertOptions } from "../../contract/known-keys.ts";
import { QuadrilleError, thrownText } from "../../errors.ts";
import { firstClock } from "../first-clock.ts";
import type { SqlDatabase } from "../database.ts";
import { ownFolder } from "../../node/data-folder.ts";
import { peer } from "../../node/peer.ts";
import { makeSureOfRoom } from "../../node/make-sure-of-room.ts";
import { sqlDatabase, sqlDatabaseKeys, type SqlDatabaseOptions } from "./database.ts";
import { PgliteServer } from "./client/pglite-server.ts";
import { pgliteStream } from "./client/pglite-stream.ts";
import { startSession } from "./client/session.ts";
import type { SqlClient } from "./client/sql-client.ts";

/** Where the data is. */
export interface PgliteOptions extends SqlDatabaseOptions {
  /** The folder of the data, made when missing; in memory, and gone with the process, unless given. */
  readonly folder?: string;
}

/**
 * Opens PGlite. Rejects with `Q_DATA_FOLDER_BUSY`, naming the process, when another one has the folder open,
 * with `Q_FOLDER_UNUSABLE` when nothing can be written there, with `Q_STORE_FAILED` when what is there is no
 * database.
 *
 * What is committed survives the end of the process, kill -9 included. PGlite does not sync to the disk, so a
 * power cut may cost the last commits: use PostgreSQL where that matters.
 */
export async function pgliteDatabase(given: PgliteOptions = {}): Promise<SqlDatabase> {
  assertOptions("pgliteDatabase", given, ["folder", ...sqlDatabaseKeys]);
  const { folder, ...options } = given;
  return sqlDatabase(await pgliteClient(folder), { ...options, time: firstClock(), hasOneConnection: true });
}

/** PGlite as a client, which owns it: in the folder, or in memory. Rejects as {@link pgliteDatabase} does. */
export async function pgliteClient(folder?: string): Promise<SqlClient> {
  const [{ PGlite }, { Pool }] = await Promise.all([
    peer("@electric-sql/pglite", "quadrille/pglite", () => import("@electric-sql/pglite")),
    peer("pg", "quadrille/pglite", () => import("pg")),
  ]);
  // It imports `pg` as well, and its error would not say what to install.
  const { poolClient } = await import("./client/pool-client.ts");
  const owned = folder === undefined ? undefined : await ownFolder(folder);
  try {
    const label = folder === undefined ? "PGlite in memory" : `PGlite at ${folder}`;
    const pglite = await PgliteServer.start({
      label,
      open: () =>
        PGlite.create(owned === undefined ? {} : { dataDir: owned.data }).catch((error: unknown) => {
          throw notOpened(owned?.data ?? "memory", error);
        }),
      ...(owned === undefined ? undefined : { makeSureOfRoom: () => makeSureOfRoom(owned.data, roomBytes) }),
    });
    const pool = new Pool({
      stream: () => pgliteStream(pglite),
      user,
      database: "postgres",
      // The one session of PGlite, for as long as the pool lives: its prepared statements stay.
      max: 1,
      idleTimeoutMillis: 0,
      onConnect: (connection): unknown => startSession(connection),
    });
    const client = poolClient({
      label,
      pool,
      // PGlite has no log-in, so the server does not know whose session it was.
      user,
      close: async () => {
        await pglite.close();
        await owned?.release();
      },
    });
    return yielding(client);
  } catch (error) {
    await owned?.release();
    throw error;
  }
}

const user = "postgres";

/** Two files of PostgreSQL's log: after a crash it writes one before it serves. */
const roomBytes = 2 * 16 * 2 ** 20;

function notOpened(place: string, error: unknown): QuadrilleError {
  const reason = thrownText(error);
  const message = `PGlite cannot open the data in ${place} (${reason}). Move them away to start over, or use another folder.`;
  return new QuadrilleError("Q_STORE_FAILED", message, { cause: error });
}

/**
 * Yields to the event loop before each batch. PGlite computes in this thread, and its callers go on in
 * microtasks: without this, a busy engine kept requests, timers and signals waiting until it was done.
 */
function yielding(client: SqlClient): SqlClient {
  const transaction: SqlClient["transaction"] = async (work, opening) => {
    await yieldToEventLoop();
    return await client.transaction(work, opening);
  };
  return {
    ...client,
    runTogether: async (statements) => {
      await yieldToEventLoop();
      return await client.runTogether(statements);
    },
    transaction,
    longTransaction: transaction,
  };
}
