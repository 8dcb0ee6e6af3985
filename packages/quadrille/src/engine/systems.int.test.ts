// Two choreographies in two processes on one PostgreSQL: what one publishes starts a saga in the other, soon
// and once; and both see one business time.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FreshDatabase, freshDatabase, owners } from "../../../../test/postgres.ts";
import { usuallyWithin, within } from "../../../../test/soon.ts";
import { audit } from "../../test/engine-audit.ts";
import { buy, loyalty, loyaltyServices, sale, saleServices } from "../../test/points-system.ts";
import { steppedTime } from "../ambient/business-time.ts";
import { openOperations } from "../operations/operations.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import type { Database } from "../store/database.ts";
import type { Engine, SagaEnd } from "./message/api.ts";
import { startEngine } from "./engine.ts";

const choreographies = [sale, loyalty];
const from = Date.parse("2015-06-01T12:00:00Z");
const sagasMax = 200;
/** They poll so rarely that what they know, they know from notices. */
const limits = { pollMs: 10_000 };

describe("two processes, each with one choreography", () => {
  let fresh: FreshDatabase;
  const opened = new AsyncDisposableStack();
  const open = async (): Promise<Database> =>
    opened.use(await postgresDatabase({ url: fresh.url, connectionsMax: 3 }));
  let shop: Engine;
  let points: Engine;
  const ends: { readonly end: SagaEnd; readonly at: number }[] = [];
  beforeAll(async () => {
    fresh = await freshDatabase();
    const businessTime = steppedTime({ from });
    shop = opened.use(
      await startEngine({
        choreographies,
        services: saleServices(),
        database: await open(),
        businessTime,
        limits,
      }),
    );
    points = opened.use(
      await startEngine({ choreographies, services: loyaltyServices(), database: await open(), limits }),
    );
    points.onEnd((end) => void ends.push({ end, at: performance.now() }));
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    await fresh.drop();
  });

  async function ended(count: number): Promise<void> {
    await vi.waitFor(() => expect(ends.length).toBeGreaterThanOrEqual(count), { ...within, interval: 2 });
  }

  it("an event is heard of in under 50 ms", async () => {
    await expect.poll(() => owners(fresh.url)).toBe(2);
    // From the command to the end of the other saga.
    await usuallyWithin(50, async () => {
      const [begun, before] = [performance.now(), ends.length];
      await shop.send(buy, { customer: "Ada", cents: 500 });
      await ended(before + 1);
      return (ends.at(-1)?.at ?? 0) - begun;
    });
  });

  it("each starts one saga, in the order's business time, linked both ways", async () => {
    const before = ends.length;
    await shop.time.moveTo(from + 3_600_000);
    const sold = await Promise.all(
      Array.from({ length: sagasMax }, () => shop.send(buy, { customer: "Bob", cents: 250 })),
    );
    await ended(before + sagasMax);
    await shop.time.moveTo(from + 7_200_000);
    expect(new Set(ends.map(({ end }) => end.sagaId)).size).toBe(before + sagasMax);
    const database = await open();
    const operations = await openOperations({ choreographies, database });
    const report = await operations.saga(sold[0]?.sagaId ?? "");
    const caused = await operations.saga(report?.caused[0]?.sagaId ?? "");
    expect(caused?.causedBy[0]).toMatchObject({ choreography: "Sale", sagaId: sold[0]?.sagaId });
    expect(caused?.timeline.map(({ time }) => time)).toEqual(caused?.timeline.map(() => from + 3_600_000));
    expect(await audit(database, choreographies)).toEqual([]);
    expect(await database.businessTime.read()).toMatchObject({ at: from + 7_200_000, factor: 0 });
    await database.businessTime.write({ at: from, measuredAt: 0, factor: 0 });
    expect(await database.businessTime.read()).toMatchObject({ at: from + 7_200_000 });
  });

  it("have one who moves time: another is refused until that one is gone", async () => {
    const businessTime = steppedTime({ from });
    const database = await open();
    const other = opened.use(
      await startEngine({ choreographies, services: saleServices(), database, businessTime }),
    );
    const [now, later] = [from + 7_200_000, from + 10_800_000];
    await expect(other.time.moveTo(later)).rejects.toThrow("another process moves it");
    await shop.time.moveTo(now);
    await shop[Symbol.asyncDispose]();
    await other.time.moveTo(later);
    expect(await database.businessTime.read()).toMatchObject({ at: later });
  });
});
