// Statements sent together are one transaction, whatever fails among them and whichever side cuts the
// connection.
import { Client, Pool, type PoolClient } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../../test/postgres.ts";
import { type RunTogether, togetherRunner } from "./run-together.ts";
import type { BoundStatement } from "./sql-client.ts";

let fresh: FreshDatabase;
let admin: Client;
let pool: Pool;
let runTogether: RunTogether;
let tables = 0;
let table: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  admin = new Client({ connectionString: fresh.url });
  await admin.connect();
  pool = new Pool({ connectionString: fresh.url, max: 2 });
  pool.on("error", () => {});
  pool.on("connect", (connection) => connection.on("error", () => {}));
});
afterAll(async () => {
  await pool.end();
  await admin.end();
  await fresh.drop();
});
beforeEach(async () => {
  table = `t${(tables += 1)}`;
  await admin.query(`create table ${table} (n integer primary key)`);
  runTogether = togetherRunner();
});

/** Writes a number; a zero divides by zero. */
function add(n: number): BoundStatement {
  const text = `insert into ${table} select $1::integer / case when $1::integer = 0 then 0 else 1 end`;
  return { statement: { name: `${table}.add`, text }, values: [String(n)] };
}

async function numbers(): Promise<readonly number[]> {
  const { rows } = await admin.query<{ n: number }>(`select n from ${table} order by n`);
  return rows.map(({ n }) => n);
}

async function onClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** Prepares the statement on a connection. */
async function warmed(client: PoolClient): Promise<void> {
  expect(await runTogether(client, [add(1_000)])).toBe(undefined);
  await admin.query(`delete from ${table}`);
}

async function backend(client: PoolClient): Promise<unknown> {
  return (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
}

describe("statements sent together", () => {
  const ways = [
    { way: "the first time", prepared: false },
    { way: "once they are prepared", prepared: true },
  ];
  const places = [0, 1, 2].flatMap((index) => ways.map((way) => ({ ...way, index })));

  it.each(places)(
    "leave nothing behind when number $index fails, $way, and go on",
    async ({ index, prepared }) => {
      await onClient(async (client) => {
        if (prepared) await warmed(client);
        const failing = [1, 2, 3].map((n, at) => add(at === index ? 0 : n));
        expect(await runTogether(client, failing)).toMatchObject({ index, error: { code: "22012" } });
        expect(await numbers()).toEqual([]);
        for (const n of [4, 5]) expect(await runTogether(client, [add(n), add(n + 10)])).toBe(undefined);
        expect(await numbers()).toEqual([4, 5, 14, 15]);
      });
    },
  );

  it.each(ways)("leave nothing behind when only the commit fails, $way", async ({ prepared }) => {
    const constraint = "unique (n) deferrable initially deferred";
    await admin.query(`alter table ${table} drop constraint ${table}_pkey, add ${constraint}`);
    await onClient(async (client) => {
      if (prepared) await warmed(client);
      const twice = [add(1), add(2), add(1)];
      expect(await runTogether(client, twice)).toMatchObject({ index: 3, error: { code: "23505" } });
      expect(await numbers()).toEqual([]);
      expect(await runTogether(client, [add(1), add(2)])).toBe(undefined);
    });
    expect(await numbers()).toEqual([1, 2]);
  });

  it("are prepared on each connection by itself", async () => {
    await onClient(async (one) => {
      await warmed(one);
      await onClient(async (other) => {
        for (const n of [1, 2]) expect(await runTogether(other, [add(n)])).toBe(undefined);
        expect(await runTogether(one, [add(3)])).toBe(undefined);
        expect(await backend(one)).not.toBe(await backend(other));
      });
    });
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it.each(ways)("are none of them written when the connection was cut before, $way", async ({ prepared }) => {
    await onClient(async (client) => {
      if (prepared) await warmed(client);
      await admin.query("select pg_terminate_backend($1, 10000)", [await backend(client)]);
      const failed = await runTogether(client, [add(1), add(2)]);
      expect(failed).toMatchObject({ index: 0 });
    });
    expect(await numbers()).toEqual([]);
    // The pool has dropped it: the next one is new, and nothing is prepared there.
    await onClient(async (client) => expect(await runTogether(client, [add(3)])).toBe(undefined));
    expect(await numbers()).toEqual([3]);
  });

  it.each(ways)(
    "are none of them written when the connection is cut between them, $way",
    async ({ prepared }) => {
      const holder = new Client({ connectionString: fresh.url });
      await holder.connect();
      await onClient(async (client) => {
        if (prepared) await warmed(client);
        const pid = await backend(client);
        await holder.query("begin");
        await holder.query(`insert into ${table} values (2)`);
        const running = runTogether(client, [add(1), add(2), add(3)]);
        await untilWaiting(pid);
        await admin.query("select pg_terminate_backend($1, 10000)", [pid]);
        expect(await running).toMatchObject({ index: 1, error: { code: "57P01" } });
      });
      await holder.query("rollback");
      await holder.end();
      expect(await numbers()).toEqual([]);
      await onClient(async (client) => expect(await runTogether(client, [add(4)])).toBe(undefined));
      expect(await numbers()).toEqual([4]);
    },
  );
});

/** Until the session waits for a lock; each look is a round trip. */
async function untilWaiting(pid: unknown): Promise<void> {
  const text = "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'";
  while ((await admin.query(text, [pid])).rows.length === 0);
}
