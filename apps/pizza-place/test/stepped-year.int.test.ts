// The year in stepped time: two runs write the same journals, and so does a run that moves time to every
// single step.
import { beforeAll, describe, expect, it } from "vitest";
import { byOrder, journalsIn, replayed, type Replayed, type SteppedRun } from "./stepped-year.ts";
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

it("careful orders of a day go together, and have the journals that they have where time is moved to every step", async () => {
  // Two of them are of one consumer on one day.
  const orders = 90;
  const together = await run("PGlite", { orders, contract: "careful" });
  const moments = await run("PGlite", { orders, contract: "careful", together: "moment" });
  expect(together.report).toMatchObject({ green: true, orders, live: 0 });
  expect(byOrder(together)).toEqual(byOrder(moments));
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
