// For tests on every kind of database: the tests of a file share one, and each has tables of its own in it.
// To make a participant's tables takes longer than most tests, so what a test leaves is emptied, and taken by
// the next one.
import { onTestFinished } from "vitest";
import { freshPglite } from "../../../test/pglite.ts";
import { freshDatabase } from "../../../test/postgres.ts";
import { memoryDatabase } from "../src/store/memory/memory-database.ts";
import { postgresDatabase } from "../src/store/postgres/postgres-database.ts";
import type { Database, SqlDatabase } from "../src/store/database.ts";

/** The kinds of databases. */
export const kinds = ["memory", "PGlite", "PostgreSQL"] as const;

/** A database as one test has it. */
export interface OwnTables extends Database {
  /** Put before the names of its schemas. */
  readonly prefix: string;
}

/** A database that tests share. */
export interface SharedTables extends AsyncDisposable {
  /** Tables in which nothing has happened, until the test that asks for them is over. */
  readonly own: () => OwnTables;
  /** Tables that are not made yet. */
  readonly untouched: () => Database;
}

/** Opens one of a kind. */
export async function sharedTables(kind: (typeof kinds)[number]): Promise<SharedTables> {
  if (kind === "memory") {
    const own = (): OwnTables => ({ ...memoryDatabase(), prefix: "" });
    return { own, untouched: memoryDatabase, [Symbol.asyncDispose]: async () => {} };
  }
  const fresh = kind === "PostgreSQL" ? await freshDatabase() : undefined;
  const shared = fresh === undefined ? await freshPglite() : await postgresDatabase({ url: fresh.url });
  const emptied: string[] = [];
  let count = 0;
  const newPrefix = (): string => `case${(count += 1)}_`;
  return {
    own: () => {
      const prefix = emptied.pop() ?? newPrefix();
      onTestFinished(async () => {
        await empty(shared, prefix);
        emptied.push(prefix);
      });
      return prefixed(shared, prefix);
    },
    untouched: () => prefixed(shared, newPrefix()),
    [Symbol.asyncDispose]: async () => {
      await shared[Symbol.asyncDispose]();
      await fresh?.drop();
    },
  };
}

function prefixed(shared: Database, prefix: string): OwnTables {
  return {
    ...shared,
    prefix,
    open: (setup) => shared.open({ ...setup, schema: prefix + setup.name.toLowerCase() }),
    inspect: (place) => shared.inspect({ ...place, schema: prefix + place.name.toLowerCase() }),
    lanesMade: (place) => shared.lanesMade({ ...place, schema: prefix + place.name.toLowerCase() }),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Leaves the tables as the migrations have made them. */
async function empty({ sql }: SqlDatabase, prefix: string): Promise<void> {
  await sql.query(`
    do $$
    declare
      made regclass;
    begin
      for made in
        select pg_class.oid from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where starts_with(nspname, '${prefix}') and relkind = 'r' and relname <> 'migration'
      loop
        execute format('delete from %s', made);
      end loop;
    end
    $$`);
}
