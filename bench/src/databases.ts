// The databases that are measured, each started fresh for one run, with a count of the log bytes it has
// written.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Client } from "pg";
import { type Database, memoryDatabase } from "quadrille";
import { pgliteDatabase } from "quadrille/pglite";
import { postgresDatabase } from "quadrille/postgres";
import { startPostgres } from "../../test/embedded-postgres.ts";
import { serverCpuMs } from "./server-cpu.ts";

export const storeNames = ["postgres", "pglite", "memory"] as const;
export type StoreName = (typeof storeNames)[number];

/** A database under measurement. */
export interface Measured extends AsyncDisposable {
  readonly database: Database;
  /**
   * Bytes of write-ahead log since `database` was opened; closes the database first where it has only one
   * owner.
   */
  walBytes(): Promise<number | undefined>;
  /** Processor time of the database so far, in milliseconds, where it is not this process's. */
  cpuMs(): Promise<number | undefined>;
}

/** Starts a fresh database whose data lies on the disk of `folder`. */
export async function startDatabase(store: StoreName, folder: string): Promise<Measured> {
  switch (store) {
    case "postgres":
      return measuredPostgres(folder);
    case "pglite":
      return measuredPglite(folder);
    case "memory":
      return {
        database: memoryDatabase(),
        walBytes: () => Promise.resolve(undefined),
        cpuMs: () => Promise.resolve(undefined),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
  }
}

/** A real server with PostgreSQL's own defaults: fsync and synchronous_commit are on. */
async function measuredPostgres(parentDirectory: string): Promise<Measured> {
  const server = await startPostgres({ parentDirectory });
  const database = await postgresDatabase({ url: server.url });
  const observer = new Client({ connectionString: server.url });
  await observer.connect();
  const position = async (): Promise<number> => {
    const { rows } = await observer.query<{ bytes: string }>(
      "select pg_current_wal_insert_lsn() - '0/0' as bytes",
    );
    return Number(rows[0]?.bytes);
  };
  const before = await position();
  return {
    database,
    walBytes: async () => (await position()) - before,
    cpuMs: () => serverCpuMs(observer),
    [Symbol.asyncDispose]: async () => {
      await observer.end();
      await database[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

/** PGlite has one owner, so its log is looked at before it is opened and after it was closed. */
async function measuredPglite(parent: string): Promise<Measured> {
  const folder = mkdtempSync(join(parent, "quadrille-pglite-"));
  const opened = await pgliteDatabase({ folder });
  await opened[Symbol.asyncDispose]();
  const before = await pgliteWal(folder);
  const database = await pgliteDatabase({ folder });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= Promise.resolve(database[Symbol.asyncDispose]()));
  return {
    database,
    walBytes: async () => {
      await close();
      return (await pgliteWal(folder)) - before;
    },
    cpuMs: () => Promise.resolve(undefined),
    [Symbol.asyncDispose]: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function pgliteWal(folder: string): Promise<number> {
  const pglite = await PGlite.create({ dataDir: join(folder, "data") });
  const { rows } = await pglite.query<{ bytes: string }>(
    "select (pg_current_wal_insert_lsn() - '0/0')::text as bytes",
  );
  await pglite.close();
  return Number(rows[0]?.bytes);
}
