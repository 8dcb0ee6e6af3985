// For tests of versions: one database of a kind, in which each test has tables of its own.
import { freshPglite } from "../../../test/pglite.ts";
import { freshDatabase } from "../../../test/postgres.ts";
import { memoryDatabase } from "../src/store/memory.ts";
import { postgresDatabase } from "../src/store/postgres/postgres-database.ts";
import type { Database } from "../src/store/database.ts";

/** The kinds of databases. */
export const kinds = ["memory", "PGlite", "PostgreSQL"] as const;

/** A database that tests share. */
export interface SharedTables {
  /** Tables that no other test has. */
  readonly own: () => Database;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Opens one of a kind. */
export async function sharedTables(kind: (typeof kinds)[number]): Promise<SharedTables> {
  const fresh = kind === "PostgreSQL" ? await freshDatabase() : undefined;
  const shared = await databaseOf(kind, fresh?.url);
  let cases = 0;
  return {
    own: () => {
      cases += 1;
      const prefix = `v${cases}_`;
      return {
        ...shared,
        open: (setup) => shared.open({ ...setup, schema: `${prefix}${setup.name.toLowerCase()}` }),
        inspect: (place) => shared.inspect({ ...place, schema: `${prefix}${place.name.toLowerCase()}` }),
        flush: (round) => shared.flush(round),
      };
    },
    [Symbol.asyncDispose]: async () => {
      await shared[Symbol.asyncDispose]();
      await fresh?.drop();
    },
  };
}

function databaseOf(kind: (typeof kinds)[number], url: string | undefined): Database | Promise<Database> {
  if (url !== undefined) return postgresDatabase({ url });
  return kind === "PGlite" ? freshPglite() : memoryDatabase();
}
