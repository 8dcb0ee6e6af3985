// What only a real PostgreSQL with several sessions can show.
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { entityOf, flushOf, flushOne, journalFrom, journalOf } from "../../testing/store-samples.ts";
import type { Database } from "../database.ts";
import type { ChangedEntity, Flush, FlushResult, Store } from "../store.ts";
import { postgresDatabase } from "./postgres-database.ts";
import type { SqlRow } from "./client/sql-client.ts";

let fresh: FreshDatabase;
let admin: Client;
/** Never in a transaction: there, the list of sessions would stay as it was first seen. */
let observer: Client;
let database: Database;
let store: Store;
let schemas = 0;
let schema: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  admin = new Client({ connectionString: fresh.url });
  observer = new Client({ connectionString: fresh.url });
  await Promise.all([admin.connect(), observer.connect()]);
  database = await postgresDatabase({ url: fresh.url });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await Promise.all([admin.end(), observer.end()]);
  await fresh.drop();
});
beforeEach(async () => {
  schemas += 1;
  schema = `kitchen_${schemas}`;
  store = await database.open({ name: schema, schema, lanes: 1, sources: ["order"] });
});

describe("a relay that reads position > last skips a row whose transaction commits late", () => {
  it("does so with an identity column", async () => {
    await admin.query("create table outbox (position bigint generated always as identity, writer text)");
    const late = new Client({ connectionString: fresh.url });
    await late.connect();
    await late.query("begin");
    await late.query("insert into outbox (writer) values ('late')");
    await admin.query("insert into outbox (writer) values ('early')");
    const relay = async (last: number): Promise<readonly unknown[]> => {
      const text = "select position::integer, writer from outbox where position > $1 order by 1";
      return (await admin.query<SqlRow>(text, [last])).rows;
    };
    expect(await relay(0)).toEqual([{ position: 2, writer: "early" }]);
    await late.query("commit");
    expect(await relay(2)).toEqual([]);
    await late.end();
  });

  it("cannot do so with lanes: the second writer waits for the first, and its row comes after", async () => {
    const gate = Promise.withResolvers<void>();
    const flushed = Promise.withResolvers<void>();
    const late = store.transact(async ({ flush }) => {
      const result = await flush(flushOf({ head: 1, journal: [journalOf(1, { key: "late" })] }));
      flushed.resolve();
      await gate.promise;
      return result;
    });
    await flushed.promise;
    let earlyDone = false;
    const early = append("early").finally(() => (earlyDone = true));
    await untilWaiting();
    expect(await store.read(0, 0, 10)).toEqual([]);
    expect(earlyDone).toBe(false);
    gate.resolve();
    expect(await late).toBe("committed");
    await early;
    const rows = await store.read(0, 0, 10);
    expect(rows.map(({ position, key }) => [position, key])).toEqual([
      [1, "late"],
      [2, "early"],
    ]);
  });
});

describe("the store on PostgreSQL, with several sessions,", () => {
  it("gives the lane to the second writer when the first rolls back", async () => {
    const gate = Promise.withResolvers<FlushResult>();
    const flushed = Promise.withResolvers<void>();
    const late = store.transact(async ({ flush }) => {
      await flush(flushOf({ head: 1, journal: [journalOf(1, { key: "late" })] }));
      flushed.resolve();
      return gate.promise;
    });
    await flushed.promise;
    const early = flush(flushOf({ head: 1, journal: [journalOf(1, { key: "early" })] }));
    await untilWaiting();
    gate.resolve("overtaken");
    expect(await late).toBe("overtaken");
    expect(await early).toBe("committed");
    expect((await store.read(0, 0, 10)).map(({ key }) => key)).toEqual(["early"]);
  });

  it("counts positions beyond 2^31", async () => {
    await admin.query(`update ${schema}.lane set head = 5000000000, turn = 6000000000`);
    const journal = [5_000_000_001, 5_000_000_002].map((position) => journalOf(position));
    const beyond = flushOf({ turn: 6_000_000_000, head: 5_000_000_002, journal });
    expect(await flush(beyond)).toBe("committed");
    expect(await store.recover(0)).toMatchObject({ turn: 6_000_000_001, head: 5_000_000_002 });
    const rows = await store.read(0, 5_000_000_001, 10);
    expect(rows.map(({ position }) => position)).toEqual([5_000_000_002]);
  });

  it("updates entities in place, without new index entries", async () => {
    await using alone = await openAlone();
    const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);
    await alone.flush(flushOf({ created: keys.map((key) => entityOf(key)) }));
    const changed = keys.map((key) => ({
      record: entityOf(key, { version: 2, state: "STATE_2" }),
      known: 1,
      dataChanged: true,
    }));
    expect(await alone.flush(flushOf({ turn: 1, changed }))).toBe("committed");
    expect(await alone.statistics("n_tup_upd")).toBe(200);
    // The next versions need the room of those before, which is free once no session of the server can see
    // them any more.
    expect(await alone.statistics("n_tup_hot_upd")).toBe(200);
  });

  it("passes few old versions of its rows, however long another session keeps them", async () => {
    await using alone = await openAlone();
    let turn = 0;
    const flushes = async (count: number): Promise<void> => {
      for (const until = turn + count; turn < until; turn += 1) {
        const result = await alone.flush(flushOf({ turn, head: 0, inbox: new Map([["order", turn + 1]]) }));
        expect(result).toBe("committed");
      }
    };
    /** Blocks that one flush looks at. */
    const blocks = async (): Promise<number> => {
      const before = await alone.blocks();
      await flushes(20);
      return ((await alone.blocks()) - before) / 20;
    };
    await flushes(100);
    await observer.query(`begin isolation level repeatable read; select from ${schema}.lane`);
    try {
      await flushes(250);
      const soon = await blocks();
      await flushes(1_500);
      expect(await blocks()).toBeLessThan(1.5 * soon);
    } finally {
      await observer.query("rollback");
    }
  });

  it("finds entities by their key, however large the table has grown since the plan was made", async () => {
    await using alone = await openAlone();
    await alone.store.load(["k1"]);
    await alone.flush(flushOf({ created: [entityOf("k0")] }));
    await alone.flush(flushOf({ turn: 1, changed: [change("k0")] }));
    await admin.query(
      `insert into ${schema}.entity (key, saga_id, lane, state, version, since, began_at, entered_at)
       select 'k' || n, 's' || n, 0, 'OPEN', 1, 1, 1, 1 from generate_series(1, 20000) as n`,
    );
    const before = await alone.statistics("seq_scan");
    await alone.store.load(["k1", "k10000", "k20000"]);
    expect(await alone.flush(flushOf({ turn: 2, changed: [change("k7"), change("k8")] }))).toBe("committed");
    expect(await alone.statistics("seq_scan")).toBe(before);
  });

  it("keeps its connection, and the plans in it, when a flush is overtaken", async () => {
    await using alone = await openAlone();
    const before = await valueInHandler(alone.store, "select pg_backend_pid() as value");
    expect(await alone.flush(flushOf({ turn: 9, head: 1, journal: journalFrom(1, 1) }))).toBe("overtaken");
    expect(await valueInHandler(alone.store, "select pg_backend_pid() as value")).toBe(before);
  });

  it("survives the loss of its connections", async () => {
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'quadrille' and datname = current_database()",
    );
    await expect
      .poll(async () =>
        store.recover(0).then(
          ({ head }) => head,
          (error: unknown) => error,
        ),
      )
      .toBe(0);
  });

  it("says who does not answer, without the password", async () => {
    const opening = postgresDatabase({ url: "postgres://chef:secret@127.0.0.1:1/kitchen" });
    await expect(opening).rejects.toMatchObject({
      code: "Q_STORE_UNREACHABLE",
      retryable: true,
      message: stringMatching(/^PostgreSQL at 127\.0\.0\.1:1\/kitchen: .*ECONNREFUSED.*address/s),
    });
    await expect(opening).rejects.not.toThrow("secret");
  });

  it("reports a lost connection inside a handler as an operating error", async () => {
    const work = store.transact(async ({ transaction }) => {
      const { rows } = await transaction.query("select pg_backend_pid() as pid");
      await admin.query("select pg_terminate_backend($1, 10000)", [rows[0]?.["pid"]]);
      await new Promise((resolve) => setImmediate(resolve));
      await transaction.query("select 1");
      return "committed";
    });
    await expect(work).rejects.toMatchObject({ code: "Q_STORE_UNREACHABLE", retryable: true });
  });
});

describe("a transact handler on PostgreSQL", () => {
  it("gets values as the driver usually gives them", async () => {
    expect(await valueInHandler(store, "select 9007199254740993::bigint as value")).toBe("9007199254740993");
    expect(await valueInHandler(store, `select '{"a": 1}'::json as value`)).toEqual({ a: 1 });
  });

  it("has its statements planned as usual, and the engine has its own pinned", async () => {
    expect(await valueInHandler(store, "select current_setting('enable_hashjoin') as value")).toBe("on");
    let pinned: unknown;
    await store.transact(async ({ transaction, flush }) => {
      const result = await flush(flushOf({}));
      pinned = (await transaction.query("select current_setting('enable_hashjoin') as value")).rows[0];
      return result;
    });
    expect(pinned).toEqual({ value: "off" });
  });

  it("meets the database's own error, with the constraint's name", async () => {
    await admin.query(
      `create table ${schema}.ticket (id integer constraint ticket_id_positive check (id > 0))`,
    );
    const work = store.transact(async ({ transaction }) => {
      await transaction.query(`insert into ${schema}.ticket values (0)`);
      return "committed";
    });
    await expect(work).rejects.toMatchObject({ code: "23514", constraint: "ticket_id_positive" });
  });

  it("that never returns gives its lane back", async () => {
    const seconds = await valueInHandler(
      store,
      "select extract(epoch from current_setting('idle_in_transaction_session_timeout')::interval)::integer as value",
    );
    expect(seconds).toBe(60);
  });
});

function flush(one: Flush): Promise<FlushResult> {
  return flushOne({ database, participant: schema }, one);
}

async function append(writer: string): Promise<void> {
  for (;;) {
    const { turn, head } = await store.recover(0);
    const journal = [journalOf(head + 1, { key: writer })];
    if ((await flush(flushOf({ turn, head: head + 1, journal }))) === "committed") return;
  }
}

async function valueInHandler(of: Store, text: string): Promise<unknown> {
  let value: unknown;
  await of.transact(async ({ transaction }) => {
    value = (await transaction.query(text)).rows[0]?.["value"];
    return "overtaken";
  });
  return value;
}

/** The participant through a single connection, and the statistics of its entity table. */
async function openAlone() {
  const sent = async (): Promise<void> => {
    await valueInHandler(alone, "select pg_stat_force_next_flush() as value");
    await alone.recover(0);
  };
  const single = await postgresDatabase({ url: fresh.url, connectionsMax: 1 });
  const alone = await single.open({ name: schema, schema, lanes: 1, sources: ["order"] });
  return {
    store: alone,
    flush: (one: Flush) => flushOne({ database: single, participant: schema }, one),
    /** A session sends its statistics when it is idle, unless asked to send them after the next statement. */
    statistics: async (column: string): Promise<number> => {
      await sent();
      const text = `select ${column} as value from pg_stat_user_tables where schemaname = $1 and relname = 'entity'`;
      return Number((await admin.query<SqlRow>(text, [schema])).rows[0]?.["value"]);
    },
    /** Blocks of lanes and inbox that were looked at so far. */
    blocks: async (): Promise<number> => {
      await sent();
      const text = `select sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read) as value
        from pg_statio_user_tables where schemaname = $1 and relname in ('lane', 'inbox')`;
      return Number((await admin.query<SqlRow>(text, [schema])).rows[0]?.["value"]);
    },
    [Symbol.asyncDispose]: () => single[Symbol.asyncDispose](),
  };
}

function change(key: string): ChangedEntity {
  return { record: entityOf(key, { version: 2 }), known: 1, dataChanged: true };
}

function stringMatching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

/** Until a session waits for a lock; each look is a round trip. */
async function untilWaiting(): Promise<void> {
  for (;;) {
    const { rows } = await observer.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
  }
}
