// A service's own tables, read and written without an engine: the same on PGlite and PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshPglite } from "../../../../../test/pglite.ts";
import { freshDatabase, type FreshDatabase } from "../../../../../test/postgres.ts";
import { memoryDatabase } from "../memory/memory-database.ts";
import type { SqlDatabase } from "../database.ts";
import { postgresDatabase } from "./postgres-database.ts";

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

describe.each<readonly [string, () => Promise<SqlDatabase>]>([
  ["PGlite", () => freshPglite()],
  ["PostgreSQL", () => postgresDatabase({ url: fresh.url })],
])("own SQL on %s", (_, open) => {
  it("takes one statement a call, with values, and keeps what it wrote", async () => {
    await using database = await open();
    const { sql } = database;
    await sql.query("create table menu (dish text primary key, cents integer not null)");
    await sql.query("insert into menu values ($1, $2)", ["soup", 450]);
    expect((await sql.query("select dish, cents from menu where cents < $1", [500])).rows).toEqual([
      { dish: "soup", cents: 450 },
    ]);
    await expect(sql.query("insert into menu values ($1, $2)", ["soup", 500])).rejects.toThrow("menu_pkey");
    await expect(sql.query("select 1; select 2")).rejects.toThrow("multiple commands");
    expect((await sql.query("select cents from menu")).rows).toEqual([{ cents: 450 }]);
  });
});

it("there is none in memory", () => {
  expect(memoryDatabase().sql).toBeUndefined();
});
