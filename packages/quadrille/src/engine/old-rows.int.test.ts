// Old rows may be deleted by hand, as docs/guide/operating.md says: what every reader has taken, but for each
// lane's last row.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { soon } from "../../../../test/soon.ts";
import { add, closeTill, counting, countingServices } from "../../test/counter-choreography.ts";
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
