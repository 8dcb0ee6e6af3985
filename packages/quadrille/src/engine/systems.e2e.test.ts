// Two processes of the operating system on one PostgreSQL, each with one choreography, that meet through a
// public event: taken once, whichever of them is killed, and whenever.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { within } from "../../../../test/soon.ts";
import { audit } from "../../test/engine-audit.ts";
import { storeOf } from "../../test/store-of.ts";
import type { PointsReport } from "../../test/points-process.ts";
import { loyalty, sale } from "../../test/points-system.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";

const program = join(import.meta.dirname, "../../test/points-process.ts");
const choreographies = [sale, loyalty];
type Which = "sale" | "loyalty";

describe("two processes, each with one choreography", () => {
  let fresh: FreshDatabase;
  const running = new Map<Which, ChildProcess>();
  const reports: PointsReport[] = [];
  beforeEach(async () => {
    fresh = await freshDatabase();
    reports.length = 0;
  });
  afterEach(async () => {
    for (const child of running.values()) child.kill("SIGKILL");
    running.clear();
    await fresh.drop();
  });

  async function start(which: Which): Promise<void> {
    const child = fork(program, [fresh.url, which], { execArgv: ["--conditions=quadrille-source"] });
    running.set(which, child);
    await new Promise<void>((resolve) => {
      child.on("message", (message: PointsReport) => {
        reports.push(message);
        if (message.is === "ready") resolve();
      });
    });
  }
  async function kill(which: Which): Promise<void> {
    const child = running.get(which);
    const gone = new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await gone;
  }
  const buy = (sagaIds: readonly string[]): void => void running.get("sale")?.send({ sagaIds });
  const bought = (): ReadonlySet<string> =>
    new Set(reports.flatMap((one) => (one.is === "bought" ? [one.sagaId] : [])));
  /** The sagas that each sale has caused, by sale, once nothing is missing and the audit is clean. */
  async function causedBy(sales: readonly string[]): Promise<readonly (readonly string[])[]> {
    await using database = await postgresDatabase({ url: fresh.url, connectionsMax: 3 });
    const points = await storeOf(database, "Points");
    const letters = await storeOf(database, "Letters");
    await vi.waitFor(async () => {
      const ends = await Promise.all(sales.map((sagaId) => letters.origins({ causedBy: sagaId })));
      expect(ends.filter((origins) => origins.length !== 1)).toEqual([]);
      expect(await audit(database, choreographies)).toEqual([]);
    }, within);
    const caused: (readonly string[])[] = [];
    for (const sagaId of sales) {
      const origins = [
        ...(await points.origins({ causedBy: sagaId })),
        ...(await letters.origins({ causedBy: sagaId })),
      ];
      caused.push(origins.map((one) => one.sagaId));
    }
    return caused;
  }

  it("take each public event once, though one or the other is killed again and again", async () => {
    await start("sale");
    await start("loyalty");
    const sales = Array.from({ length: 120 }, (_, nth) => `sale ${nth}`);
    for (let round = 0; round < 4; round += 1) {
      const victim: Which = round % 2 === 0 ? "loyalty" : "sale";
      buy(sales.slice(round * 30, round * 30 + 30));
      // Somewhere in the middle of the work: sooner or later with each round.
      await vi.waitFor(() => expect(bought().size).toBeGreaterThan(round * 7), within);
      await kill(victim);
      await start(victim);
    }
    const again = { ...within, interval: 500 };
    await vi.waitFor(() => {
      buy(sales.filter((sagaId) => !bought().has(sagaId)));
      expect(bought().size).toBe(sales.length);
    }, again);
    const caused = await causedBy(sales);
    // Both participants of the points take the event, in one saga: the same one for both, and one for each
    // sale.
    expect(caused.map((sagaIds) => [sagaIds.length, new Set(sagaIds).size])).toEqual(sales.map(() => [2, 1]));
    expect(new Set(caused.flat()).size).toBe(sales.length);
  });
});
