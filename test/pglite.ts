// For tests: an empty PGlite. To open one takes seconds of computing, so a process empties one and takes it
// again.
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { sqlDatabase, type SqlDatabaseOptions } from "../packages/quadrille/src/store/postgres/database.ts";
import { pgliteClient } from "../packages/quadrille/src/store/postgres/pglite-database.ts";
import { firstClock } from "../packages/quadrille/src/store/first-clock.ts";
import type { SqlClient } from "../packages/quadrille/src/store/postgres/client/sql-client.ts";
import type { SqlDatabase } from "../packages/quadrille/src/store/database.ts";
import { initialisedFolder } from "./pglite-template.ts";

// Provided by postgres-setup.ts.
declare module "vitest" {
  interface ProvidedContext {
    runFolder: string;
  }
}

const free: SqlClient[] = [];

/** An empty database; closing it leaves it to the next caller. */
export async function freshPglite(options: SqlDatabaseOptions = {}): Promise<SqlDatabase> {
  const client = free.pop() ?? (await newClient());
  const leave = async (): Promise<void> => {
    await empty(client);
    free.push(client);
  };
  return sqlDatabase(
    { ...client, [Symbol.asyncDispose]: leave },
    { ...options, time: firstClock(), hasOneConnection: true },
  );
}

/** In a folder of the run. */
async function newClient(): Promise<SqlClient> {
  const folder = mkdtempSync(join(inject("runFolder"), "pglite-"));
  await initialisedFolder(folder);
  return await pgliteClient(folder);
}

/** One schema at a time: to drop all of them at once takes more locks than there are. */
async function empty(client: SqlClient): Promise<void> {
  const made = await client.query({
    text: `select format('drop schema %I cascade', nspname) as drop from pg_namespace
           where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  });
  for (const { drop } of made) await client.query({ text: String(drop) });
  await client.query({ text: "create schema public" });
}
