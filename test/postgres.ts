// For tests of the int and e2e tiers: a database of one's own on the run's PostgreSQL.
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";

// Provided by postgres-setup.ts.
declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export interface FreshDatabase {
  /** A connection string of the new, empty database. */
  readonly url: string;
  /** Drops the database, closing whatever is still connected. */
  readonly drop: () => Promise<void>;
}

/** Creates an empty database: one for a test file, in `beforeAll`, dropped in `afterAll`. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const serverUrl = inject("postgresUrl");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await execute(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => void (await execute(serverUrl, `drop database ${name} with (force)`)),
  };
}

/**
 * How many processes own lanes in the database. Each of them has its connection for notices by then, which
 * opens in the background.
 */
export async function owners(url: string): Promise<number> {
  const [row] = await execute(
    url,
    `select count(distinct pid)::int as owners from pg_locks join pg_database on oid = database
     where datname = current_database() and locktype = 'advisory' and mode = 'ExclusiveLock' and granted`,
  );
  return Number(row?.["owners"]);
}

async function execute(
  url: string,
  statement: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Readonly<Record<string, unknown>>>(statement)).rows;
  } finally {
    await client.end();
  }
}
