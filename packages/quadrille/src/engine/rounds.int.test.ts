// Rounds on PostgreSQL: processes that run other parts of a choreography, few connections, a table that
// refuses.
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { soon } from "../../../../test/soon.ts";
import { audit } from "../../test/engine-audit.ts";
import { storeOf } from "../../test/store-of.ts";
import { reference } from "../../test/reference-choreographies.ts";
import { systemAmbient } from "../ambient/system.ts";
import { fromJson } from "../contract/json/from-json.ts";
import type { Service } from "../contract/handler.ts";
import { command } from "../contract/trigger.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import type { Database } from "../store/database.ts";
import { scriptedServices } from "../testing/scripted.ts";
import { flushOf, journalOf } from "../testing/store-samples.ts";
import type { Engine, SagaEnd } from "./message/api.ts";
import { startEngine } from "./engine.ts";

const createOrder = fromJson(reference("create-order"));
const create = command("createOrder");
const limits = { backoffMs: 5, pauseMsMax: 50, pollMs: 20, renewMs: 100 };

let fresh: FreshDatabase;
let admin: Client;

beforeAll(async () => {
  fresh = await freshDatabase();
  admin = new Client({ connectionString: fresh.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await fresh.drop();
});

/** Those of the participants, in this order. */
function servicesOf(...names: readonly string[]): readonly Service[] {
  let asked = 0;
  const choose = ({ outcomes }: { readonly outcomes: readonly string[] }): string =>
    outcomes[(asked += 1) % 10 === 0 ? outcomes.length - 1 : 0] ?? "";
  const all = scriptedServices(createOrder, { choose });
  return names.flatMap((name) => all.filter(({ participant }) => participant.name === name));
}

async function start(database: Database, ...names: readonly string[]): Promise<Engine> {
  const ambient = systemAmbient(() => undefined);
  return startEngine({
    choreography: createOrder,
    services: servicesOf(...names),
    database,
    limits,
    ambient,
  });
}

/** Places orders at the engines in turn and gives their ends. */
async function placeAll(
  engines: readonly Engine[],
  sagaIds: readonly string[],
): Promise<readonly (SagaEnd | undefined)[]> {
  return Promise.all(
    sagaIds.map(async (sagaId, index) => {
      const engine = engines[index % engines.length];
      await engine?.send(create, { sagaId, idempotencyKey: sagaId });
      return engine?.saga(sagaId).ended({ signal: soon() });
    }),
  );
}

function idsOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
}

describe("rounds on PostgreSQL", () => {
  it("of processes that run other parts, in another order, neither hang nor lose nor double anything", async () => {
    await using one = await postgresDatabase({ url: fresh.url, connectionsMax: 1 });
    await using two = await postgresDatabase({ url: fresh.url, connectionsMax: 1 });
    await using three = await postgresDatabase({ url: fresh.url, connectionsMax: 2 });
    const engines = [
      await start(one, "Order", "Kitchen", "Consumer"),
      await start(two, "Accounting", "Kitchen", "Order"),
    ];
    const third = await start(three, "Consumer", "Accounting");
    const ends = await placeAll(engines, idsOf("parts", 40));
    expect(ends.every((end) => end !== undefined)).toBe(true);
    for (const engine of [...engines, third]) await engine.drain();
    expect(await audit(one, [createOrder])).toEqual([]);
  });

  it("take the lanes in one order, so that they never deadlock", async () => {
    await using one = await postgresDatabase({ url: fresh.url, connectionsMax: 1 });
    await using two = await postgresDatabase({ url: fresh.url, connectionsMax: 1 });
    const names = ["ring_a", "ring_b", "ring_c"];
    for (const name of names) for (const database of [one, two]) await database.open({ name, lanes: 2 });
    for (let turn = 0; turn < 40; turn += 1) {
      const flushes = [0, 1].map((lane) =>
        flushOf({ lane, turn, head: turn + 1, journal: [journalOf(turn + 1, { lane })] }),
      );
      const round = names.map((name, nth) => [name, nth === 1 ? flushes : flushes.toReversed()] as const);
      const results = [one.flush(new Map(round)), two.flush(new Map(round.toReversed()))];
      const ended = (await Promise.all(results)).map(({ result }) => result);
      expect(ended.toSorted()).toEqual(["committed", "overtaken"]);
    }
    const text = "select deadlocks::integer from pg_stat_database where datname = current_database()";
    expect((await admin.query(text)).rows).toEqual([{ deadlocks: 0 }]);
  });

  it("go on without a participant that nothing can be written to, and with it again once it can", async () => {
    await using database = await postgresDatabase({ url: fresh.url, connectionsMax: 2 });
    await using engine = await start(database, "Order", "Consumer", "Kitchen", "Accounting");
    await admin.query("alter table kitchen.entity rename to moved");
    const sagaIds = idsOf("refused", 20);
    const ended = placeAll([engine], sagaIds);
    const reader = await storeOf(database, "Consumer");
    await expect.poll(async () => (await reader.load(sagaIds)).size).toBe(20);
    const troubled = (): readonly string[] =>
      engine.status().flatMap(({ name, trouble }) => (trouble === undefined ? [] : [name]));
    await expect.poll(troubled).toEqual(["Kitchen"]);
    await admin.query("alter table kitchen.moved rename to entity");
    expect((await ended).every((end) => end !== undefined)).toBe(true);
    await engine.idle({ signal: soon() });
    expect(engine.status().every((one) => one.trouble === undefined)).toBe(true);
    expect(await audit(database, [createOrder])).toEqual([]);
  });

  it("kill the message whose row the database refuses, and take all others", async () => {
    await using database = await postgresDatabase({ url: fresh.url, connectionsMax: 2 });
    await using engine = await start(database, "Order", "Consumer", "Kitchen", "Accounting");
    const sagaIds = idsOf("picky", 20);
    const [bad = "", ...others] = sagaIds.toReversed();
    await admin.query(`alter table kitchen.entity add constraint picky check (key <> '${bad}')`);
    void placeAll([engine], [bad]);
    const ended = placeAll([engine], others);
    expect((await ended).every((end) => end !== undefined)).toBe(true);
    const kitchen = await storeOf(database, "Kitchen");
    await expect
      .poll(() => kitchen.parked({ limit: 9 }))
      .toMatchObject([{ key: bad, reason: "dead", error: { code: "Q_WRITE_REFUSED" } }]);
    await admin.query("alter table kitchen.entity drop constraint picky");
  });

  it("go on without a participant whose table another session has locked", async () => {
    await using database = await postgresDatabase({ url: fresh.url });
    await using engine = await start(database, "Order", "Consumer", "Kitchen", "Accounting");
    await engine.idle({ signal: soon() });
    await admin.query("begin; lock table kitchen.entity in access exclusive mode");
    const sagaIds = idsOf("locked", 20);
    const ended = placeAll([engine], sagaIds);
    const reader = await storeOf(database, "Consumer");
    await expect.poll(async () => (await reader.load(sagaIds)).size).toBe(20);
    await admin.query("rollback");
    expect((await ended).every((end) => end !== undefined)).toBe(true);
    await engine.idle({ signal: soon() });
    expect(await audit(database, [createOrder])).toEqual([]);
  });
});
