// The numbered SQL files in ../sql: read once, checked for their headers, never edited after they were
// published.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { invariant } from "../../../errors.ts";

/** One numbered SQL file. */
export interface Migration {
  readonly number: number;
  /** The file's name. */
  readonly name: string;
  /** Whether a process that does not know it must stay away from tables that have it. */
  readonly breaking: boolean;
  /** SHA-256 of the file, in hexadecimal: what was applied is what is in the file. */
  readonly checksum: string;
  /** The SQL, with `${schema}` for the quoted schema. */
  readonly text: string;
}

const header = /^-- quadrille-migration: (\d{4})\n-- breaking: (yes|no)\n/;

/** All migrations, in order, numbered from 1 without gaps. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const folder = join(import.meta.dirname, "..", "..", "sql");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  const migrations = await Promise.all(
    names.map(async (name) => parseMigration(name, await readFile(join(folder, name), "utf8"))),
  );
  migrations.forEach(({ number, name }, index) => {
    invariant(number === index + 1, `migration ${name} stands where number ${index + 1} must be`);
  });
  return migrations;
}

/** A migration from its file. */
export function parseMigration(name: string, text: string): Migration {
  const [, digits, breaking] = header.exec(text) ?? [];
  invariant(
    digits !== undefined && name.startsWith(`${digits}-`),
    `migration ${name} has no header with its number`,
  );
  const checksum = createHash("sha256").update(text).digest("hex");
  return { number: Number(digits), name, breaking: breaking === "yes", checksum, text };
}
