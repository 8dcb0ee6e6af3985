// Makes and upgrades a service's own tables from the numbered SQL files that lie beside the service.
import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { Sql } from "./sql.ts";

/** Whose tables, and where their SQL lies. */
export interface Migrations {
  /** The schema, not quoted. */
  readonly schema: string;
  readonly folder: URL;
}

/**
 * Runs the files that were not run yet, in the order of their names. Throws when the database is ahead of the
 * files.
 */
export async function migrate(sql: Sql, { schema, folder }: Migrations): Promise<void> {
  const done = `"${schema}".service_migration`;
  await runAlone(
    sql,
    `create schema if not exists "${schema}"; create table if not exists ${done} (file text primary key);`,
  );
  const { rows } = await sql.query(`select file from ${done}`);
  const ran = new Set(
    z
      .array(z.object({ file: z.string() }))
      .parse(rows)
      .map(({ file }) => file),
  );
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .toSorted();
  const unknown = ran.difference(new Set(files));
  if (unknown.size > 0) {
    throw new Error(
      `The schema ${schema} was made by a newer version (${[...unknown].join(", ")}); run that version, or start again with --reset`,
    );
  }
  for (const file of files.filter((name) => !ran.has(name))) {
    const text = readFileSync(new URL(file, folder), "utf8");
    const isNew = `not exists (select from ${done} where file = '${file}')`;
    await runAlone(sql, `if ${isNew} then\n${text}\ninsert into ${done} (file) values ('${file}');\nend if;`);
  }
}

// One `do` block is one transaction, on PGlite and PostgreSQL alike: a crash in the middle leaves nothing
// half made. The lock keeps two programs that start on an empty database from making the same tables;
// `if not exists` alone does not.
async function runAlone(sql: Sql, statements: string): Promise<void> {
  const lock = "perform pg_advisory_xact_lock(hashtextextended('pizza_place.migration', 0));";
  await sql.query(`do $migration$ begin\n${lock}\n${statements}\nend $migration$`);
}
