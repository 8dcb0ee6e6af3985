// A `transactAll` handler is asked for all messages of its kind in a batch; what is wrong with one is that
// one's matter alone.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownTableDatabase } from "../../../test/own-table-database.ts";
import { add, type Asked, type Deed, order, shelf, shelfServices } from "../../../test/shelf-choreography.ts";
import { freshPglite } from "../../../../../test/pglite.ts";
import { freshDatabase } from "../../../../../test/postgres.ts";
import { soon } from "../../../../../test/soon.ts";
import { systemAmbient } from "../../ambient/system.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import type { ParkedRecord } from "../../store/records.ts";
import type { Database } from "../../store/database.ts";
import type { Engine } from "../message/api.ts";
import { startEngine } from "../engine.ts";

const table = "create table public.taken (id text primary key, quantity integer not null)";

/** A database with the stock's table, and what that has. */
interface Place extends AsyncDisposable {
  readonly database: Database;
  readonly taken: () => Promise<ReadonlyMap<string, number>>;
}

async function placeOf(name: string): Promise<Place> {
  if (name === "memory") {
    const { database, taken } = ownTableDatabase();
    const dispose = async (): Promise<void> => database[Symbol.asyncDispose]();
    return { database, taken: async () => taken(), [Symbol.asyncDispose]: dispose };
  }
  const fresh = name === "PostgreSQL" ? await freshDatabase() : undefined;
  const database = fresh === undefined ? await freshPglite() : await postgresDatabase({ url: fresh.url });
  await database.sql.query(table);
  return {
    database,
    taken: async () => {
      const { rows } = await database.sql.query("select id, quantity from public.taken");
      return new Map(rows.map(({ id, quantity }) => [String(id), Number(quantity)]));
    },
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await fresh?.drop();
    },
  };
}

describe.each(["memory", "PGlite", "PostgreSQL"])("a set of messages on %s", (name) => {
  const asked: Asked[] = [];
  let deed: Deed = () => undefined;
  let place: Place;
  let engine: Engine;
  beforeAll(async () => {
    place = await placeOf(name);
    engine = await startEngine({
      choreography: shelf,
      services: shelfServices(asked, (tx, hows) => deed(tx, hows)),
      database: place.database,
      lanes: 1,
      ambient: systemAmbient(() => undefined),
      limits: { attemptsMax: 1 },
    });
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /**
   * Orders one piece each, and gives the ids once nothing is pending. `hows`: what is wrong with some, by
   * number.
   */
  async function orderAll(
    prefix: string,
    count: number,
    hows: Readonly<Record<number, string>> = {},
  ): Promise<readonly string[]> {
    asked.length = 0;
    const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    await Promise.all(
      ids.map((sagaId, index) => engine.send(order, { quantity: 1, how: hows[index] ?? "fine" }, { sagaId })),
    );
    await engine.idle({ signal: soon() });
    return ids;
  }
  async function parked(prefix: string): Promise<readonly ParkedRecord[]> {
    const store = await place.database.inspect({ name: "Stock" });
    const rows = await store.parked({ limit: 1_000 });
    return rows.filter(({ key }) => key.startsWith(`${prefix}-`));
  }
  async function takenBy(prefix: string): Promise<readonly string[]> {
    return [...(await place.taken()).keys()].filter((id) => id.startsWith(`${prefix}-`));
  }
  async function endOf(sagaId: string): Promise<string | undefined> {
    const ended = await engine.saga(sagaId).ended({ signal: soon() });
    return ended?.end;
  }

  it("is hundreds of orders, reserved by one statement", async () => {
    const ids = await orderAll("many", 300);
    // The first ones may come before the others are there.
    expect(asked.length).toBeLessThanOrEqual(4);
    expect(asked.flatMap(({ ids: some }) => some)).toEqual(ids);
    expect(await takenBy("many")).toHaveLength(300);
    expect(new Set(await Promise.all(ids.map(endOf)))).toEqual(new Set(["sold"]));
  });

  it.each([
    ["answered with an error", "error", /^Q_HANDLER_THREW not this one$/],
    ["answered with a payload that does not fit", "unfit", /^Q_PAYLOAD_INVALID .*quantity/],
    ["that makes the whole set throw", "throws", /^Q_HANDLER_THREW one of them is bad$/],
    ["for which answers are missing", "too few", /^Q_HANDLER_REFUSED .*given 1 messages and gave 0 answers/],
  ])("parks one %s alone", async (_, how, error) => {
    const prefix = how.replace(" ", "");
    const ids = await orderAll(prefix, 40, { 17: how });
    const bad = `${prefix}-17`;
    const found = await parked(prefix);
    expect(found.map(({ key, reason }) => `${key} ${reason}`)).toEqual([`${bad} dead`]);
    expect(`${found[0]?.error?.code} ${found[0]?.error?.message}`).toMatch(error);
    const others = ids.filter((id) => id !== bad);
    expect((await takenBy(prefix)).toSorted()).toEqual(others.toSorted());
    expect(new Set(await Promise.all(others.map(endOf)))).toEqual(new Set(["sold"]));
  });

  it("parks several that fail in different ways, each with its own error", async () => {
    await orderAll("mixed", 24, { 3: "error", 4: "throws", 11: "unfit", 23: "error" });
    const found = (await parked("mixed")).map(({ key, error }) => `${key} ${error?.code ?? ""}`);
    expect(found.toSorted()).toEqual([
      "mixed-11 Q_PAYLOAD_INVALID",
      "mixed-23 Q_HANDLER_THREW",
      "mixed-3 Q_HANDLER_THREW",
      "mixed-4 Q_HANDLER_THREW",
    ]);
    expect(await takenBy("mixed")).toHaveLength(20);
  });

  it("has one message of an entity at most, and keeps their order", async () => {
    const [id = ""] = await orderAll("again", 1);
    asked.length = 0;
    const answers = await Promise.all(
      [2, 3, 4].map((quantity) => engine.send(add, { quantity, how: "fine" }, { sagaId: id })),
    );
    expect(answers.map(({ status }) => status)).toEqual(["accepted", "accepted", "accepted"]);
    expect(asked.map(({ ids }) => ids)).toEqual([[id], [id], [id]]);
    expect((await place.taken()).get(id)).toBe(10);
    const store = await place.database.inspect({ name: "Stock" });
    expect((await store.load([id])).get(id)?.data).toEqual({ pieces: 10 });
  });

  it("has one command of an idempotency key at most, whatever entities they are for", async () => {
    const ids = await orderAll("once", 2);
    asked.length = 0;
    const idempotencyKey = "add once";
    await Promise.allSettled(
      ids.map((sagaId) => engine.send(add, { quantity: 1, how: "fine" }, { sagaId, idempotencyKey })),
    );
    expect(asked).toEqual([{ ids: ids.slice(0, 1) }]);
    const taken = await place.taken();
    expect(ids.map((id) => taken.get(id))).toEqual([2, 1]);
  });

  it("takes a command of each saga together", async () => {
    const ids = await orderAll("commands", 30);
    asked.length = 0;
    await Promise.all(ids.map((sagaId) => engine.send(add, { quantity: 1, how: "fine" }, { sagaId })));
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(asked.flatMap(({ ids: some }) => some)).toEqual(ids);
  });

  it("has a transaction that closes, as one message has", async () => {
    let kept: Parameters<Deed>[0] | undefined;
    deed = (tx) => void (kept = tx);
    await orderAll("walls", 4);
    deed = () => undefined;
    expect(await takenBy("walls")).toHaveLength(4);
    await expect(kept?.query("select 1")).rejects.toMatchObject({ code: "Q_TRANSACTION_CLOSED" });
  });

  it("cannot end the transaction: the one that tries is alone", async () => {
    deed = (tx, hows) => (hows.includes("commits") ? tx.query("commit") : undefined);
    await orderAll("control", 6, { 5: "commits" });
    deed = () => undefined;
    expect((await parked("control")).map(({ key, error }) => [key, error?.code])).toEqual([
      ["control-5", "Q_TRANSACTION_CONTROL"],
    ]);
    expect(await takenBy("control")).toHaveLength(5);
  });
});
