// The guide's example of two choreographies in two processes on one PostgreSQL, each running the participants
// of one: every approved order earns its points once, and is heard of soon.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { openOperations } from "quadrille/operations";
import { postgresDatabase } from "quadrille/postgres";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { loyalty, orders } from "../docs/examples/guide/loyalty-points.ts";
import type { Asked, Report } from "./loyalty-process.ts";
import { type FreshDatabase, freshDatabase, owners } from "./postgres.ts";
import { usuallyWithin, within } from "./soon.ts";

const choreographies = [orders, loyalty];

class Process {
  readonly child: ChildProcess;
  readonly ended: Extract<Report, { readonly is: "ended" }>[] = [];
  #isReady = false;

  constructor(url: string, choreography: string) {
    const execArgv = ["--conditions=quadrille-source"];
    this.child = fork(join(import.meta.dirname, "loyalty-process.ts"), [url, choreography], { execArgv });
    this.child.on("message", (message: Report) => {
      if (message.is === "ready") this.#isReady = true;
      if (message.is === "ended") this.ended.push(message);
    });
  }

  ready(): Promise<void> {
    return vi.waitFor(() => expect(this.#isReady).toBe(true), within);
  }

  ask(asked: Asked): void {
    this.child.send(asked);
  }

  async hasEnded(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.ended.length).toBeGreaterThanOrEqual(count), {
      ...within,
      interval: 2,
    });
  }
}

let fresh: FreshDatabase;
let shop: Process;
let points: Process;

beforeAll(async () => {
  fresh = await freshDatabase();
  // One after the other: both make the tables.
  shop = new Process(fresh.url, orders.name);
  await shop.ready();
  points = new Process(fresh.url, loyalty.name);
  await points.ready();
});
afterAll(async () => {
  for (const { child } of [shop, points]) child.kill("SIGKILL");
  await fresh.drop();
});

it("two processes, each running one choreography: an event is heard of in under 50 ms", async () => {
  await expect.poll(() => owners(fresh.url)).toBe(2);
  // From the end of the order's saga in one process to the end of the other one, which the event has started.
  await usuallyWithin(50, async () => {
    const nth = shop.ended.length;
    shop.ask({ orders: 1, atOnce: false });
    await shop.hasEnded(nth + 1);
    await points.hasEnded(nth + 1);
    return (points.ended[nth]?.at ?? Number.NaN) - (shop.ended[nth]?.at ?? Number.NaN);
  });
});

it("two processes, each running one choreography: each order earns its points once, with many at once", async () => {
  const [before, many] = [shop.ended.length, 60];
  shop.ask({ orders: many, atOnce: true });
  await shop.hasEnded(before + many);
  await points.hasEnded(before + many);
  const sagas = (of: Process): ReadonlySet<string> => new Set(of.ended.map(({ sagaId }) => sagaId));
  expect([sagas(shop).size, sagas(points).size]).toEqual([before + many, before + many]);
  await using database = await postgresDatabase({ url: fresh.url, connectionsMax: 1 });
  const operations = await openOperations({ choreographies, database });
  const causes = new Set<string>();
  for (const sagaId of [...sagas(points)].slice(0, 20)) {
    const report = await operations.saga(sagaId);
    expect(report).toMatchObject({ choreography: loyalty.name, end: "earned" });
    for (const cause of report?.causedBy ?? []) causes.add(cause.sagaId);
  }
  expect(causes.size).toBe(20);
  expect([...causes].filter((sagaId) => !sagas(shop).has(sagaId))).toEqual([]);
});
