// The pizza place as a process: replays, restarts, kill -9 in the middle, and the audit.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "quadrille";
import { pgliteDatabase } from "quadrille/pglite";
import { postgresDatabase } from "quadrille/postgres";
import { initialisedFolder } from "../../../test/pglite-template.ts";
import { freshDatabase } from "../../../test/postgres.ts";
import { openBooks } from "../src/composition/books.ts";
import { readOrders } from "../src/data-set/orders.ts";
import { type Ended, errorsOf, runToEnd, start, temporaryFolder } from "./child.ts";
import { databases, type DatabaseKind } from "./world.ts";

interface Report {
  readonly orders: number;
  readonly live: number;
  readonly approved: number;
  readonly cancelled: number;
  readonly authorizations: number;
  readonly green: boolean;
}

/** Where a place lives, and how to look at what it left. */
interface Home {
  /** The arguments that lead there. */
  readonly args: readonly string[];
  readonly open: () => Promise<Database>;
  readonly remove: () => Promise<void>;
}

async function newHome(kind: DatabaseKind): Promise<Home> {
  const { folder, remove } = temporaryFolder();
  const args = ["--data-folder", folder];
  if (kind === "PGlite") {
    await initialisedFolder(folder);
    return { args, open: () => pgliteDatabase({ folder }), remove: async () => remove() };
  }
  const { url, drop } = await freshDatabase();
  return {
    args: [...args, "--database", url],
    open: () => postgresDatabase({ url }),
    remove: async () => {
      remove();
      await drop();
    },
  };
}

const run = (home: Home, ...args: readonly string[]) =>
  runToEnd("main", [...home.args, "--port", "0", ...args]);
const once = (home: Home, orders: number) => run(home, "--orders", String(orders), "--rate", "max", "--once");

async function auditOf(home: Home): Promise<Report> {
  const { code, out, err } = await runToEnd("audit-main", [...home.args, "--json", "--settled"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Report;
}

/** The data set's numbers of all orders that were placed, and their ends. */
async function placedIn(
  home: Home,
): Promise<{ readonly references: readonly string[]; readonly ends: ReadonlySet<unknown> }> {
  await using database = await home.open();
  const { orders, operations } = await openBooks(database);
  const all = await orders.page({ limit: 100_000 });
  const sagas = await operations.sagas({ limit: 100_000 });
  return {
    references: all.map(({ reference }) => reference ?? "none").toSorted(),
    ends: new Set(sagas.map(({ end }) => end)),
  };
}

const yearsFirst = (count: number): readonly string[] =>
  readOrders()
    .slice(0, count)
    .map(({ orderId }) => orderId);

function expectGreen(ended: Ended, orders: number): void {
  const { code, err } = ended;
  expect({ code, errors: errorsOf(ended) }, err).toEqual({ code: 0, errors: [] });
  expect(ended.out).toMatch(
    new RegExp(
      `^Audit: green\\. ${orders} orders: \\d+ approved, \\d+ rejected, \\d+ cancelled, 0 under way; `,
      "m",
    ),
  );
}

for (const kind of databases) {
  describe(`a replay on ${kind}`, () => {
    let home: Home;
    beforeAll(async () => {
      home = await newHome(kind);
    });
    afterAll(async () => {
      await home.remove();
    });

    it("brings every order to a declared end with a green audit, and a restart places none twice", async () => {
      const first = await once(home, 100);
      expectGreen(first, 100);
      expect(first.out).not.toContain("\u001B");
      const again = await once(home, 100);
      expectGreen(again, 100);
      expect(again.out).toContain("0 orders placed now, 100 earlier.");
      const more = await once(home, 120);
      expectGreen(more, 120);
      expect(more.out).toContain("20 orders placed now, 100 earlier.");
      expect(await auditOf(home)).toMatchObject({ green: true, orders: 120, live: 0 });
      const { references, ends } = await placedIn(home);
      expect(references).toEqual(yearsFirst(120));
      expect(ends.difference(new Set(["approved", "rejected", "cancelled"]))).toEqual(new Set());
    });
  });
}

// On PGlite: killed-year.sim.test.ts.
describe("a crash on PostgreSQL", () => {
  let home: Home;
  beforeAll(async () => {
    home = await newHome("PostgreSQL");
  });
  afterAll(async () => {
    await home.remove();
  });

  it("in the middle of a replay loses nothing and does nothing twice", async () => {
    const orders = 300;
    for (const reactions of [200, 800]) await killAfter(home, orders, reactions);
    const resumed = await once(home, orders);
    expectGreen(resumed, orders);
    const report = await auditOf(home);
    const authorizations = report.approved + report.cancelled;
    expect(report).toMatchObject({ green: true, orders, live: 0, authorizations });
    const { references, ends } = await placedIn(home);
    expect(references).toEqual(yearsFirst(orders));
    expect(ends.difference(new Set(["approved", "rejected", "cancelled"]))).toEqual(new Set());
  });
});

interface Participant {
  readonly reactions: number;
  readonly waiting: number;
  readonly activitiesRunning: number;
}

/**
 * Replays and kills the process in the middle of its work, once its participants have reacted as often as
 * asked.
 */
async function killAfter(home: Home, orders: number, reactions: number): Promise<void> {
  const child = start("main", [...home.args, "--port", "0", "--orders", String(orders), "--rate", "max"]);
  const url = await child.url();
  const isInTheMiddle = async (): Promise<boolean> => {
    const { participants } = (await (await fetch(`${url}/health`)).json()) as { participants: Participant[] };
    const reacted = participants.reduce((sum, one) => sum + one.reactions, 0);
    const atWork = participants.some(({ waiting, activitiesRunning }) => waiting + activitiesRunning > 0);
    return reacted > reactions && atWork;
  };
  await expect.poll(isInTheMiddle, { interval: 1 }).toBe(true);
  child.kill("SIGKILL");
  const { code, out } = await child.ended;
  expect(code).toBeNull();
  expect(out).not.toContain("The replay is over");
}
