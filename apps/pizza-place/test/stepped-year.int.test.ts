// The year in stepped time: two runs write the same journals, and so does a run that moves time to every
// single step.
import { systemAmbient } from "quadrille";
import { beforeAll, describe, expect, it } from "vitest";
import { byOrder, journalsIn, replayed, type Replayed, type SteppedRun } from "./stepped-year.ts";
import { startSystem } from "../src/composition/system.ts";
import { sqlOf } from "../src/database/sql.ts";
import type { Together } from "../src/replay/stepped-replay.ts";
import { postgresDatabase } from "quadrille/postgres";
import { freshDatabase } from "../../../test/postgres.ts";
import { emptyDatabase } from "./world.ts";

const orders = 150;

async function run(kind: "PGlite" | "PostgreSQL", how: SteppedRun): Promise<Replayed> {
  const { database, drop } = await emptyDatabase(kind);
  try {
    const left = await replayed(database, how);
    return { ...left, journals: await journalsIn(database) };
  } finally {
    await database[Symbol.asyncDispose]();
    await drop();
  }
}

describe("the first orders of the year in stepped time", () => {
  let first: Replayed;
  beforeAll(async () => {
    first = await run("PGlite", { orders });
  });

  it("end well, with cancels and revisions, in the order's own time", () => {
    expect(first.report).toMatchObject({ green: true, orders, live: 0 });
    expect(first.report.cancelled).toBeGreaterThan(5);
    const times = Object.values(first.journals).flatMap((rows) => rows.map(({ time }) => time));
    expect(new Date(Math.min(...times)).toISOString()).toBe("2015-01-01T11:38:36.000Z");
    expect(new Date(Math.max(...times)).toISOString()).toMatch(/^2015-01-0\d/);
  });

  it("have the same journals in a second run, in every column", async () => {
    const second = await run("PGlite", { orders });
    expect(second.journals).toEqual(first.journals);
  });

  it("have the same journals on PostgreSQL, order by order: ids and positions are its own", async () => {
    const second = await run("PostgreSQL", { orders });
    expect(byOrder(second)).toEqual(byOrder(first));
  });

  it("have the same journals, order by order, where time is moved to every step", async () => {
    const second = byOrder(await run("PGlite", { orders: 40, together: "moment" }));
    expect(second.size).toBe(40);
    expect(second).toEqual(new Map([...byOrder(first)].slice(0, 40)));
  });
});

it("careful orders of one consumer on one day come after each other, as where time is moved to every step", async () => {
  // Five consumers with two orders on a day each. Their credit takes one of the two, and each order is to be
  // cancelled.
  const orders = [71, 85, 112, 127, 137, 186, 205, 238, 245, 248];
  const careful = async (together?: Together): Promise<Replayed> => {
    const { database, drop } = await emptyDatabase("PGlite");
    try {
      const { engine, year } = await startSystem({
        database,
        seed: 1,
        ambient: systemAmbient(),
        contract: "careful",
        time: { of: "orders" },
      });
      await engine.drain();
      const chosen = year.filter((_, index) => orders.includes(index));
      for (const [consumerId, own] of Map.groupBy(chosen, (order) => order.consumerId)) {
        expect(own).toHaveLength(2);
        await sqlOf(database).query(
          "update consumer.account set credit_cents = $2, limit_cents = $2, blocked = false where consumer_id = $1",
          [consumerId, Math.max(...own.map(({ total }) => total))],
        );
      }
      const how = { orders, contract: "careful", cancels: 1 } as const;
      const left = await replayed(database, together === undefined ? how : { ...how, together });
      return { ...left, journals: await journalsIn(database) };
    } finally {
      await database[Symbol.asyncDispose]();
      await drop();
    }
  };
  const together = await careful();
  expect(together.report).toMatchObject({ green: true, orders: 10, live: 0 });
  // The credit is the consumer's again when the second order is placed, at half past seven.
  const second = byOrder(together).get("2015-000187") ?? [];
  expect(second.filter((row) => row.includes("APPROVED"))).not.toEqual([]);
  expect(byOrder(together)).toEqual(byOrder(await careful("moment")));
});

it("two processes that replay the same orders on one PostgreSQL place each once; one of them moves time", async () => {
  const fresh = await freshDatabase();
  const databases = await Promise.all([
    postgresDatabase({ url: fresh.url }),
    postgresDatabase({ url: fresh.url }),
  ]);
  try {
    const both = await Promise.all(databases.map((database) => replayed(database, { orders: 60 })));
    for (const { report } of both) expect(report).toMatchObject({ green: true, orders: 60, live: 0 });
    const [database] = databases;
    const rows = (await journalsIn(database)).Order ?? [];
    const created = rows.filter(({ trigger }) => trigger === "createOrder");
    expect(created).toHaveLength(60);
    expect(created.every(({ time }) => time < Date.parse("2015-01-03T00:00:00Z"))).toBe(true);
  } finally {
    for (const database of databases) await database[Symbol.asyncDispose]();
    await fresh.drop();
  }
});
