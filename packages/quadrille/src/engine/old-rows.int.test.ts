// Old rows may be deleted by hand, as docs/guide/operating.md says: what every reader has taken, but for each
// lane's last row.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { soon, within } from "../../../../test/soon.ts";
import { add, closeTill, counting, countingServices } from "../../test/counter-choreography.ts";
import { statusOf } from "../../test/engine-world.ts";
import { systemAmbient } from "../ambient/system.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import { schemaNameOf } from "../store/schema-name-of.ts";
import { startEngine } from "./engine.ts";
import type { Engine } from "./message/api.ts";

const page = join(import.meta.dirname, "../../../../docs/guide/operating.md");
const till = `"${schemaNameOf("till", "")}"`;
const ledger = `"${schemaNameOf("ledger", "")}"`;
const moveInbox = `update ${ledger}.lane set inbox = jsonb_build_object('till', (inbox ->> 'till')::bigint`;

/** The page's statements, for the journal of the till, which the ledger reads. */
function statements(): readonly string[] {
  const [, sql = ""] = /```sql\n(delete from stock[\s\S]*?)```/.exec(readFileSync(page, "utf8")) ?? [];
  return sql
    .replaceAll("stock.", `${till}.`)
    .replaceAll('"order".lane', `${ledger}.lane`)
    .replaceAll("'Stock'", "'till'")
    .replaceAll("90 days", "0 days")
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

let fresh: FreshDatabase;
let sql: Client;
beforeAll(async () => {
  fresh = await freshDatabase();
  sql = new Client({ connectionString: fresh.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await fresh.drop();
});

async function working(work: (engine: Engine) => Promise<void>): Promise<void> {
  await using database = await postgresDatabase({ url: fresh.url });
  const services = countingServices();
  await using engine = await startEngine({ choreography: counting, services, database, lanes: 1 });
  await work(engine);
}

it("old rows may be deleted by hand, and everything goes on", async () => {
  await working(async (engine) => {
    for (const sagaId of ["a", "b", "c"])
      await engine.send(add, { amount: 1 }, { sagaId, idempotencyKey: `first of ${sagaId}` });
    await engine.idle({ signal: soon() });
  });
  expect(statements()).toHaveLength(2);
  // A first time by a row that is still to be taken: it stays.
  await sql.query(`${moveInbox} - 1)`);
  for (const statement of statements()) await sql.query(statement);
  const left = `select position from ${till}.journal order by position`;
  expect((await sql.query(left)).rows).toEqual([{ position: "3" }]);
  await sql.query(`${moveInbox} + 1)`);
  for (const statement of statements()) await sql.query(statement);
  expect((await sql.query(left)).rows).toEqual([{ position: "3" }]);
  expect((await sql.query(`select from ${till}.answer`)).rows).toEqual([]);

  await working(async (engine) => {
    await engine.send(add, { amount: 2 }, { sagaId: "a" });
    await engine.send(closeTill, { sagaId: "a" });
    const end = await engine.saga("a").ended({ signal: soon() });
    expect(end).toMatchObject({ end: "closed", states: { till: "CLOSED", ledger: "WRITTEN" } });
  });
  const { rows } = await sql.query(`select data from ${ledger}.entity where key = 'a'`);
  expect(rows).toEqual([{ data: { sum: 3 } }]);
});

it("the last rows of a journal, removed before a reader has taken them, stop that reader until they are back", async () => {
  const copy = "create temporary table removed as select * from";
  await using database = await postgresDatabase({ url: fresh.url, schemaPrefix: "cut_" });
  const cut = `"${schemaNameOf("till", "cut_")}".journal`;
  const [selling, writing] = countingServices().map((one) => [one]);
  const start = (services: typeof selling): Promise<Engine> =>
    startEngine({
      choreography: counting,
      services: services ?? [],
      database,
      lanes: 1,
      limits: { pollMs: 50, pauseMsMax: 50 },
      ambient: systemAmbient(({ message }) => logged.push(message)),
    });
  const logged: string[] = [];
  await using seller = await start(selling);
  for (const amount of [1, 2, 3]) await seller.send(add, { amount }, { sagaId: "a" });
  await sql.query(`${copy} ${cut} where position > 1`);
  await sql.query(`delete from ${cut} where position > 1`);
  await using writer = await start(writing);
  const trouble = (): string | undefined => statusOf(writer, "ledger").trouble;
  await expect
    .poll(trouble, within)
    .toContain("The journal of till goes up to position 3, and was read up to 1");
  await pause(500);
  expect(trouble()).toContain("goes up to position 3");
  expect(logged.filter((line) => line.includes("goes up to position 3"))).toHaveLength(1);
  await sql.query(`insert into ${cut} select * from removed`);
  const written = `select data from "${schemaNameOf("ledger", "cut_")}".entity where key = 'a'`;
  const data = async (): Promise<unknown> => (await sql.query(written)).rows;
  await expect.poll(data, within).toEqual([{ data: { sum: 6 } }]);
  await expect.poll(trouble, within).toBe(undefined);
});
