// Brings one participant's schema up to date, safely beside other processes that do the same.
import { QuadrilleError } from "../../../errors.ts";
import type { Migration } from "./migrations.ts";
import type { SqlClient, SqlRow } from "../client/sql-client.ts";

/** Whose tables they are. */
export interface SchemaPlace {
  readonly participant: string;
  /** The schema's plain name. */
  readonly name: string;
  /** The schema's quoted identifier. */
  readonly schema: string;
}

/** What to apply. */
export interface MigrationPlan {
  readonly migrations: readonly Migration[];
  /** How long to wait for another process that is migrating the same tables. */
  readonly lockWaitMs: number;
}

/**
 * Applies what is missing. Rejects with `Q_SCHEMA_NEWER` when the tables have a breaking migration that is
 * not among `migrations`, with `Q_SCHEMA_DRIFTED` when one was applied with another text, with
 * `Q_SCHEMA_BUSY` when another process holds the tables for too long.
 */
export async function migrate(client: SqlClient, place: SchemaPlace, plan: MigrationPlan): Promise<void> {
  const { migrations } = plan;
  await createBookkeeping(client, place);
  const applied = await appliedMigrations(client, place);
  refuseNewer(place, applied, migrations);
  for (const migration of migrations) {
    const row = applied.find(({ number }) => number === migration.number);
    if (row === undefined) await apply(client, place, { migration, lockWaitMs: plan.lockWaitMs });
    else refuseDrifted(place, row, migration);
  }
}

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly breaking: boolean;
  readonly checksum: string;
}

/**
 * `if not exists` is not safe side by side: two sessions may both see nothing, and one then fails. So they
 * take turns.
 */
async function createBookkeeping(client: SqlClient, { schema }: SchemaPlace): Promise<void> {
  const [existing] = await client.query({ text: "select to_regclass($1) is not null as made" }, [
    `${schema}.migration`,
  ]);
  if (existing?.["made"] === true) return;
  await client.transaction(async (connection) => {
    await connection.query({ text: "select pg_advisory_xact_lock(hashtextextended($1, 0))" }, [
      `quadrille ${schema}`,
    ]);
    // A session sees schemas made by others when it opens a table, but not after waiting for an advisory
    // lock: without looking again, a schema made meanwhile would seem missing, and making it would fail.
    await connection.query({ text: "select from pg_catalog.pg_namespace limit 1" });
    for (const text of bookkeepingTexts(schema)) await connection.query({ text });
    return { commit: true, value: undefined };
  });
}

/** Makes the table that remembers what was applied; `schema` is a quoted identifier. */
export function bookkeepingTexts(schema: string): readonly string[] {
  return [
    `create schema if not exists ${schema}`,
    `create table if not exists ${schema}.migration (
      number integer not null,
      name text not null,
      breaking boolean not null,
      checksum text not null,
      applied_at timestamptz not null default now(),
      constraint migration_pkey primary key (number)
    )`,
    `comment on table ${schema}.migration is 'The migrations applied to this schema; the row is inserted before its SQL runs.'`,
    `comment on column ${schema}.migration.number is 'The migration''s number, from 1.'`,
    `comment on column ${schema}.migration.name is 'The name of its file.'`,
    `comment on column ${schema}.migration.breaking is 'Whether a version that does not know it must not run on these tables.'`,
    `comment on column ${schema}.migration.checksum is 'SHA-256 of its text: another text is refused as drift.'`,
    `comment on column ${schema}.migration.applied_at is 'When it was applied, by the database''s clock.'`,
  ];
}

async function appliedMigrations(
  client: SqlClient,
  { schema }: SchemaPlace,
): Promise<readonly AppliedMigration[]> {
  const text = `select number, name, breaking, checksum from ${schema}.migration order by number`;
  return (await client.query({ text })).map(appliedFromRow);
}

function appliedFromRow(row: SqlRow): AppliedMigration {
  return {
    number: Number(row["number"]),
    name: String(row["name"]),
    breaking: row["breaking"] === true,
    checksum: String(row["checksum"]),
  };
}

function refuseNewer(
  { participant, name }: SchemaPlace,
  applied: readonly AppliedMigration[],
  migrations: readonly Migration[],
): void {
  const newer = applied.filter(({ number, breaking }) => breaking && number > migrations.length);
  const [first] = newer;
  if (first === undefined) return;
  throw new QuadrilleError(
    "Q_SCHEMA_NEWER",
    `The tables of ${participant} (schema ${name}) have migration ${first.name}, and this version of quadrille knows ` +
      `${migrations.length}. Update it where this process runs: npm install quadrille@latest`,
  );
}

function refuseDrifted(
  { participant, name }: SchemaPlace,
  row: AppliedMigration,
  migration: Migration,
): void {
  if (row.checksum === migration.checksum) return;
  throw new QuadrilleError(
    "Q_SCHEMA_DRIFTED",
    `The tables of ${participant} (schema ${name}) were made by another text of migration ${row.name} than this ` +
      `version's (checksum ${row.checksum.slice(0, 12)}, here ${migration.checksum.slice(0, 12)}). Run the version of ` +
      "quadrille that made them, or move the data to a new schema.",
  );
}

/** The migration's row is inserted first: a second process waits for it, and then finds the work done. */
async function apply(
  client: SqlClient,
  place: SchemaPlace,
  { migration, lockWaitMs }: { readonly migration: Migration; readonly lockWaitMs: number },
): Promise<void> {
  const { schema, participant, name } = place;
  const row = [migration.number, migration.name, migration.breaking, migration.checksum];
  try {
    await client.transaction(async (connection) => {
      const text = `insert into ${schema}.migration (number, name, breaking, checksum) values ($1, $2, $3, $4)`;
      await connection.query({ text }, row);
      await connection.query({ text: migration.text.replaceAll("${schema}", () => schema) });
      return { commit: true, value: undefined };
    }, `begin; set local lock_timeout = '${lockWaitMs}ms'`);
  } catch (error) {
    if (codeOf(error) === "55P03") {
      throw new QuadrilleError(
        "Q_SCHEMA_BUSY",
        `Another process has been migrating the tables of ${participant} (schema ${name}) for more than ${lockWaitMs} ms. ` +
          "Start this one again when that one is done.",
        { retryable: true, cause: error },
      );
    }
    const [done] = (await appliedMigrations(client, place)).filter(
      ({ number }) => number === migration.number,
    );
    if (codeOf(error) !== "23505" || done === undefined) throw error;
    refuseDrifted(place, done, migration);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
