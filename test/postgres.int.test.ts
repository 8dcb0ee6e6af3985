// The database of the int tier: a real PostgreSQL that keeps its promises about durability.
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "./postgres.ts";

describe("the test database", () => {
  let database: FreshDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await freshDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it("syncs each commit to the disk", async () => {
    const fsync = await client.query("show fsync");
    const synchronousCommit = await client.query("show synchronous_commit");
    expect(fsync.rows).toEqual([{ fsync: "on" }]);
    expect(synchronousCommit.rows).toEqual([{ synchronous_commit: "on" }]);
  });

  it("is a new and empty database of its own", async () => {
    const tables = await client.query("select tablename from pg_tables where schemaname = 'public'");
    expect(tables.rows).toEqual([]);
    const other = await freshDatabase();
    expect(other.url).not.toBe(database.url);
    await other.drop();
    const left = await client.query("select 1 from pg_database where datname = $1", [
      new URL(other.url).pathname.slice(1),
    ]);
    expect(left.rowCount).toBe(0);
  });
});
