// Opens the database that was chosen: the embedded one in a folder, or PostgreSQL.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { type Database, isQuadrilleError } from "quadrille";
import { pgliteDatabase } from "quadrille/pglite";
import { postgresDatabase } from "quadrille/postgres";
import type { DatabaseChoice } from "./database-choice.ts";
import { UserError } from "../shared/user-error.ts";

/** Opens it. Rejects with a `QuadrilleError` when it is in use by another process or cannot be reached. */
export async function openDatabase({ url, dataFolder }: DatabaseChoice): Promise<Database> {
  if (url !== undefined) return await postgresDatabase({ url });
  return await pgliteDatabase({ folder: dataFolder });
}

/** Whether an earlier run left anything there. */
export async function hasData({ url, dataFolder }: DatabaseChoice): Promise<boolean> {
  if (url === undefined) return existsSync(embeddedData(dataFolder));
  return await withClient(url, async (client) => (await madeHere(client, ["pizza_place"])).length > 0);
}

/**
 * Removes the schemas that earlier runs made, and nothing else. Refuses while another process works on it.
 */
export async function resetDatabase(choice: DatabaseChoice, schemas: readonly string[]): Promise<void> {
  if (choice.url === undefined) await resetFolder(choice.dataFolder);
  else await resetServer(choice.url, schemas);
}

// Opening shows that no other process has the folder. Data that cannot be opened any more may be removed as
// well.
async function resetFolder(dataFolder: string): Promise<void> {
  if (!existsSync(embeddedData(dataFolder))) return;
  try {
    const database = await pgliteDatabase({ folder: dataFolder });
    await database[Symbol.asyncDispose]();
  } catch (error) {
    if (isQuadrilleError(error) && error.code === "Q_DATA_FOLDER_BUSY") throw error;
  }
  await rm(embeddedData(dataFolder), { recursive: true, force: true });
}

async function resetServer(url: string, schemas: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where datname = current_database() and application_name = 'quadrille'",
    );
    if (rows.length > 0) {
      throw new UserError(
        "Another process works on this database: stop it first, then use --reset again.",
        1,
      );
    }
    const found = await madeHere(client, schemas);
    if (found.length === 0) return;
    await client.query(`drop schema ${found.map((schema) => `"${schema}"`).join(", ")} cascade`);
  });
}

// A schema of the same name that another program made has none of these tables, and stays: those of a
// service, or of business time.
async function madeHere(client: Client, schemas: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ schema: string }>(
    `select nspname as schema from pg_namespace
     where nspname = any ($1) and coalesce(
       to_regclass(quote_ident(nspname) || '.service_migration'), to_regclass(quote_ident(nspname) || '.business_time')
     ) is not null`,
    [schemas],
  );
  return rows.map(({ schema }) => schema);
}

/** How long a server may take for an answer before it counts as away. */
const answerMsMax = 5_000;

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: "pizza-place",
    connectionTimeoutMillis: answerMsMax,
    query_timeout: answerMsMax,
  });
  // A broken connection is reported by its statement.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error && error.message !== "" ? error.message : "no answer";
    throw new UserError(
      `The database given with --database or QUADRILLE_DATABASE cannot be reached (${reason}): check the URL and that the server runs.`,
      1,
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function embeddedData(dataFolder: string): string {
  return join(dataFolder, "data");
}
