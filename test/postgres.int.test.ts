// The database of the int tier: a real PostgreSQL, whose commits outlive each process of it, though not the
// machine.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "./postgres.ts";
import { within } from "./soon.ts";

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

  it("writes each commit before it answers, and does not wait for the disk", async () => {
    const { rows } = await client.query(
      "select name, setting, boot_val from pg_settings where name in ('fsync', 'synchronous_commit') order by name",
    );
    expect(rows).toEqual([
      { name: "fsync", setting: "off", boot_val: "on" },
      { name: "synchronous_commit", setting: "on", boot_val: "on" },
    ]);
  });

  it("goes with all of its folder when the run that has started it is killed", async () => {
    const script = `
      import { startPostgres, unsynced } from "./embedded-postgres.ts";
      const { folder } = await startPostgres({ settings: unsynced });
      process.stdout.write(folder);
      setInterval(() => undefined, 60_000);`;
    const run = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname });
    const printed: readonly unknown[] = await once(run.stdout, "data");
    const folder = String(printed[0]);
    writeFileSync(join(folder, "of a test"), "");
    run.kill("SIGKILL");
    await expect.poll(() => existsSync(dirname(folder)), within).toBe(false);
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
