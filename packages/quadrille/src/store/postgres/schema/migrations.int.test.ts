// Migrations: safe side by side, refused when the tables and this version do not belong together.
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../../test/postgres.ts";
import { entityOf, flushOf, flushOne, journalOf } from "../../../testing/store-samples.ts";
import type { Database } from "../../database.ts";
import { readCatalogue } from "./catalogue.ts";
import type { SqlDatabaseOptions } from "../database.ts";
import { manifest } from "./manifest.ts";
import { parseMigration, readMigrations } from "./migrations.ts";
import { postgresDatabase } from "../postgres-database.ts";
import type { SqlRow } from "../client/sql-client.ts";

let fresh: FreshDatabase;
let admin: Client;
/** Never in a transaction: there, the list of sessions would stay as it was first seen. */
let observer: Client;
let schemas = 0;
let schema: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  admin = new Client({ connectionString: fresh.url });
  observer = new Client({ connectionString: fresh.url });
  await Promise.all([admin.connect(), observer.connect()]);
});
afterAll(async () => {
  await Promise.all([admin.end(), observer.end()]);
  await fresh.drop();
});
beforeEach(() => {
  schemas += 1;
  schema = `kitchen_${schemas}`;
});

/** The migrations of this version; the tests add one more. */
const known = await readMigrations();
const next = known.length + 1;
const nextDigits = String(next).padStart(4, "0");

const setup = { name: "kitchen", lanes: 1, sources: ["order"] };

function connect(options: SqlDatabaseOptions = {}): Promise<Database> {
  return postgresDatabase({ url: fresh.url, connectionsMax: 2, ...options });
}

/** Opens the participant in the test's schema, as a process would that starts. */
async function start(options: SqlDatabaseOptions = {}): Promise<void> {
  await using database = await connect(options);
  await database.open({ ...setup, schema });
}

describe("migrations", () => {
  // Ten times: where nothing made them take turns, one start in eight failed.
  it("are applied once by processes that start together", { repeats: 9 }, async () => {
    await Promise.all(Array.from({ length: 6 }, () => start()));
    const { rows } = await admin.query(
      `select number, name, breaking from ${schema}.migration order by number`,
    );
    expect(rows).toEqual(known.map(({ number, name, breaking }) => ({ number, name, breaking })));
  });

  it("are applied once by two processes that open one participant after another", {
    repeats: 4,
  }, async () => {
    const processes = [await connect(), await connect()];
    const openAll = async (database: Database): Promise<void> => {
      for (const part of ["a", "b", "c"])
        await database.open({ ...setup, name: part, schema: `${schema}_${part}` });
    };
    await Promise.all(processes.map(openAll));
    for (const database of processes) await database[Symbol.asyncDispose]();
    const { rows } = await admin.query(
      "select count(*)::integer as made from pg_namespace where starts_with(nspname, $1)",
      [`${schema}_`],
    );
    expect(rows).toEqual([{ made: 3 }]);
  });

  it("keep the data of tables that are there already", async () => {
    await using database = await connect();
    await database.open({ ...setup, schema });
    await flushOne({ database, participant: setup.name }, flushOf({ head: 1, journal: [journalOf(1)] }));
    const second = parseMigration(
      `${nextDigits}-colour.sql`,
      `-- quadrille-migration: ${nextDigits}\n-- breaking: no\nalter table \${schema}.entity add column colour text;`,
    );
    await using newer = await connect({ migrations: [...known, second] });
    const store = await newer.open({ ...setup, schema });
    expect((await store.recover(0)).head).toBe(1);
    await expect(start()).resolves.toBeUndefined();
  });

  it("give the kinds of triggers that are there already their present names", async () => {
    await using database = await connect();
    await database.open({ ...setup, schema });
    await flushOne({ database, participant: setup.name }, flushOf({ head: 1, journal: [journalOf(1)] }));
    await admin.query(`update ${schema}.journal set kind = 'on'`);
    await admin.query(`delete from ${schema}.migration where name like '%kind-of-trigger%'`);
    await start();
    expect((await admin.query(`select kind from ${schema}.journal`)).rows).toEqual([{ kind: "event" }]);
  });

  it("give what was parked before its size, and a time where it is to be offered again", async () => {
    const migrations = (await readMigrations()).slice(0, 5);
    // It makes the older tables, and does not run on them.
    await expect(start({ migrations })).rejects.toMatchObject({ code: "Q_SCHEMA_DRIFTED" });
    const row = (id: string, ordinal: number, reason: string): string =>
      `('${id}', 0, 'k', 's', ${ordinal}, 'event', 'E', '{"n":1}', 'order', 0, 1, '${reason}', 1, 1, 0)`;
    await admin.query(
      `insert into ${schema}.parked (id, lane, key, saga_id, ordinal, kind, trigger, data, cause_source, cause_lane,
        cause_position, reason, attempts, version, parked_at)
      values ${row("first", 1, "waiting")}, ${row("second", 2, "waiting")}, ${row("third", 3, "deferred")}`,
    );
    await using database = await connect();
    const store = await database.open({ ...setup, schema });
    expect(await store.parkedDue(0, 0, 9)).toMatchObject([
      { id: "first", bytes: 7 },
      { id: "third", bytes: 7 },
    ]);
  });

  it("keep the entities that are there already, and who may read them", async () => {
    const migrations = known.filter(({ number }) => number < 11);
    // The tables are those of that time: where a later migration adds to them, they are not as this version
    // wants them.
    await start({ migrations }).catch((error: unknown) =>
      expect(error).toMatchObject({ code: "Q_SCHEMA_DRIFTED" }),
    );
    await admin.query(
      `insert into ${schema}.entity (key, saga_id, lane, state, version, since, began_at, entered_at, data)
      values ('own', 'own', 0, 'OPEN', 3, 2, 10, 20, '{"n":1}'), ('shared', 'own', 0, 'OPEN', 1, 1, 10, 10, null)`,
    );
    await admin.query(`grant select on ${schema}.entity to pg_monitor`);
    await using database = await connect();
    const store = await database.open({ ...setup, schema });
    expect(await store.entities({ sagaId: "own", limit: 9 })).toMatchObject([
      { key: "own", state: "OPEN", version: 3, since: 2, beganAt: 10, enteredAt: 20, data: { n: 1 } },
      { key: "shared", sagaId: "own", data: undefined },
    ]);
    const { rows } = await admin.query("select has_table_privilege('pg_monitor', $1, 'select') as may", [
      `${schema}.entity`,
    ]);
    expect(rows).toEqual([{ may: true }]);
  });

  it("keep the positions that were taken", async () => {
    const migrations = known.filter(({ number }) => number < 15);
    const before = start({ migrations });
    await expect(before).rejects.toMatchObject({ code: "Q_SCHEMA_DRIFTED" });
    await admin.query(
      `insert into ${schema}.lane (lane, turn, head) values (0, 3, 7), (1, 4, 8), (2, 0, 0);
      insert into ${schema}.inbox (lane, source, position) values
        (0, 'order', 5000000000), (0, 'left', 6), (1, 'order', 9)`,
    );
    await using database = await connect();
    const store = await database.open({ ...setup, schema, lanes: 3 });
    const lanes = await Promise.all([0, 1, 2].map((lane) => store.recover(lane)));
    expect(lanes.map(({ turn, inbox }) => ({ turn, inbox: Object.fromEntries(inbox) }))).toEqual([
      { turn: 3, inbox: { order: 5_000_000_000, left: 6 } },
      { turn: 4, inbox: { order: 9 } },
      { turn: 0, inbox: { order: 0 } },
    ]);
  });

  it("leave nothing behind when they fail", async () => {
    const broken = parseMigration(
      `${nextDigits}-broken.sql`,
      `-- quadrille-migration: ${nextDigits}\n-- breaking: yes\ncreate table \${schema}.half (a integer); select 1 / 0;`,
    );
    const migrations = [...known, broken];
    await expect(start({ migrations })).rejects.toMatchObject({ code: "Q_STORE_FAILED", retryable: false });
    const { rows } = await admin.query(
      `select max(number) as number, to_regclass('${schema}.half') as half from ${schema}.migration`,
    );
    expect(rows).toEqual([{ number: known.length, half: null }]);
    await expect(start()).resolves.toBeUndefined();
  });

  it("are refused when the tables are newer, with the command that helps", async () => {
    await start();
    await admin.query(
      `insert into ${schema}.migration values (${next}, '${nextDigits}-later.sql', true, 'abc')`,
    );
    await expect(start()).rejects.toMatchObject({
      code: "Q_SCHEMA_NEWER",
      message: stringMatching(
        new RegExp(
          `kitchen.*${nextDigits}-later\\.sql.*knows ${known.length}\\..*npm install quadrille@latest`,
          "s",
        ),
      ),
    });
  });

  it("let an older process run beside a newer one that breaks nothing", async () => {
    await start();
    await admin.query(
      `insert into ${schema}.migration values (${next}, '${nextDigits}-later.sql', false, 'abc')`,
    );
    await expect(start()).resolves.toBeUndefined();
  });

  it("are refused when they were applied with another text", async () => {
    await start();
    await admin.query(`update ${schema}.migration set checksum = 'abcdefabcdefabcdef'`);
    await expect(start()).rejects.toMatchObject({
      code: "Q_SCHEMA_DRIFTED",
      message: stringMatching(/another text of migration 0001.*abcdefabcdef, here/s),
    });
  });

  it("wait for another process that migrates, and say so when it takes too long", async () => {
    await start();
    await admin.query(`delete from ${schema}.migration`);
    await admin.query("begin");
    await admin.query(`insert into ${schema}.migration values (1, '0001-first-tables.sql', true, 'abc')`);
    await expect(start({ migrationWaitMs: 50 })).rejects.toMatchObject({
      code: "Q_SCHEMA_BUSY",
      retryable: true,
      message: stringMatching(/kitchen.*50 ms.*again/s),
    });
    await admin.query("rollback");
  });

  it("are refused as drifted when the other process applied another text", async () => {
    await start();
    await admin.query(`delete from ${schema}.migration`);
    await admin.query("begin");
    await admin.query(`insert into ${schema}.migration values (1, '0001-first-tables.sql', true, 'abc')`);
    const starting = start();
    const refused = expect(starting).rejects.toMatchObject({ code: "Q_SCHEMA_DRIFTED" });
    await untilWaiting();
    await admin.query("commit");
    await refused;
  });
});

describe("the catalogue of a schema", () => {
  it("is exactly what the manifest says, once the migrations have run", async () => {
    await start();
    const found = await readCatalogue(asClient(), { participant: "kitchen", name: schema, schema });
    const columns = Object.entries(manifest).flatMap(([table, expected]) =>
      Object.entries(expected.columns).map(([column, type]) => [`${table}.${column}`, type]),
    );
    expect(Object.fromEntries(found.columns)).toEqual(Object.fromEntries(columns));
    expect(found.indexes).toEqual(new Set(Object.values(manifest).flatMap(({ indexes }) => indexes)));
  });

  it.each([
    ["drop index S.entity_due", "index entity_due is missing"],
    ["alter table S.journal drop column trace", "column journal.trace is missing"],
    [
      "alter table S.parked alter note type varchar(9)",
      "column parked.note is character varying and should be text",
    ],
    [
      "alter table S.entity alter state drop not null",
      "column entity.state is text and should be text not null",
    ],
    ["drop table S.answer", "index answer_pkey is missing"],
  ])("is refused after %s", async (change, difference) => {
    await start();
    await admin.query(change.replace("S.", `${schema}.`));
    await expect(start()).rejects.toMatchObject({
      code: "Q_SCHEMA_DRIFTED",
      message: stringContaining(difference),
    });
  });

  it("may hold more than the manifest", async () => {
    await start();
    await admin.query(`alter table ${schema}.entity add column colour text`);
    await admin.query(`create index entity_state on ${schema}.entity (state)`);
    await expect(start()).resolves.toBeUndefined();
  });

  it("logs of an updated entity what has changed, and not its data", async () => {
    await using database = await connect();
    await database.open({ ...setup, schema });
    const data = { note: Array.from({ length: 500 }, (_, index) => index).join("") };
    await flushOne(
      { database, participant: setup.name },
      flushOf({ created: [entityOf("e", { activity: undefined, deadline: undefined, data })] }),
    );
    const update = async (): Promise<number> => {
      const { rows } = await admin.query<{ "QUERY PLAN": [{ Plan: { "WAL Bytes": number } }] }>(
        `explain (analyze, wal, format json)
        update ${schema}.entity set version = version + 1, entered_at = entered_at + 1, state = state || 'x'`,
      );
      return rows[0]?.["QUERY PLAN"][0].Plan["WAL Bytes"] ?? Number.NaN;
    };
    // The first one after a checkpoint logs the page.
    const logged = [await update(), await update(), await update()];
    expect(Math.min(...logged)).toBeLessThan(300);
  });

  it("explains every table and column", async () => {
    await start();
    const { rows } = await admin.query(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = $1 and table_name <> 'migration'
         and col_description(format('%I.%I', table_schema, table_name)::regclass, ordinal_position) is null
       union all
       select table_name from information_schema.tables
       where table_schema = $1 and obj_description(format('%I.%I', table_schema, table_name)::regclass) is null`,
      [schema],
    );
    expect(rows).toEqual([]);
  });

  it("has its own schema for each participant, with a name one can type", async () => {
    await using database = await connect({ schemaPrefix: "acme_" });
    await database.open({ ...setup, name: "OrderHistory" });
    await database.open({ ...setup, name: "CreditCard" });
    const { rows } = await admin.query(
      "select nspname from pg_namespace where nspname like 'acme%' order by 1",
    );
    expect(rows).toEqual([{ nspname: "acme_credit_card" }, { nspname: "acme_order_history" }]);
  });

  it("may be named in any way", async () => {
    schema = `a "quoted" ${schemas}; drop`;
    await start();
    const { rows } = await admin.query("select nspname from pg_namespace where nspname = $1", [schema]);
    expect(rows).toEqual([{ nspname: schema }]);
  });

  it("refuses two processes that disagree on the number of lanes", async () => {
    await start();
    await admin.query(`truncate ${schema}.lane`);
    const starts = await Promise.allSettled(
      [2, 3].map(async (lanes) => {
        await using database = await connect();
        await database.open({ ...setup, schema, lanes });
      }),
    );
    expect(starts.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const { rows } = await admin.query<{ lanes: number }>(
      `select count(*)::integer as lanes from ${schema}.lane`,
    );
    expect(rows[0]?.lanes).toBe(starts[0]?.status === "fulfilled" ? 2 : 3);
  });
});

function stringMatching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

function stringContaining(part: string): unknown {
  return expect.stringContaining(part);
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

function asClient(): Parameters<typeof readCatalogue>[0] {
  return {
    label: "test",
    query: async ({ text }, values = []) => (await observer.query<SqlRow>(text, [...values])).rows,
    runTogether: () => expect.unreachable(),
    transaction: () => expect.unreachable(),
    longTransaction: () => expect.unreachable(),
    [Symbol.asyncDispose]: async () => {},
  };
}
