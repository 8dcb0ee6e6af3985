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

/** Runs the files that were not run yet, in the order of their names. Throws when the database is ahead of the files. */
export async function migrate(sql: Sql, { schema, folder }: Migrations): Promise<void> {
  const done = `"${schema}".service_migration`;
  await sql.query(`create schema if not exists "${schema}"`);
  await sql.query(`create table if not exists ${done} (file text primary key)`);
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
    await runFile(sql, new URL(file, folder), `insert into ${done} (file) values ('${file}')`);
  }
}

// One `do` block is one transaction, on PGlite and PostgreSQL alike: a crash in the middle leaves nothing half made.
async function runFile(sql: Sql, file: URL, mark: string): Promise<void> {
  await sql.query(`do $migration$ begin\n${readFileSync(file, "utf8")}\n${mark};\nend $migration$`);
}
