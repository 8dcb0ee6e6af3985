// The memory store keeps every promise of a store, and refuses what contradicts itself.
import { describe, expect, it } from "vitest";
import { storeConformance, storeSubject } from "../../testing/store-conformance.ts";
import { flushOf, flushOne, journalOf } from "../../testing/store-samples.ts";
import { memoryDatabase } from "./memory-database.ts";

describe("the memory store", () => {
  for (const { name, run } of storeConformance) {
    it(name, () => run(storeSubject({ database: memoryDatabase(), participant: "kitchen", sql: false })));
  }

  it("survives the engine that used it", async () => {
    const database = memoryDatabase();
    const setup = { name: "kitchen", lanes: 1 };
    await database.open(setup);
    await flushOne({ database, participant: setup.name }, flushOf({ head: 1, journal: [journalOf(1)] }));
    await database[Symbol.asyncDispose]();
    expect((await (await database.open(setup)).recover(0)).head).toBe(1);
  });

  it("stops on a flush with a gap in its positions", async () => {
    const database = memoryDatabase();
    await database.open({ name: "kitchen", lanes: 1 });
    const gap = flushOf({ head: 3, journal: [journalOf(1), journalOf(3)] });
    const written = flushOne({ database, participant: "kitchen" }, gap);
    await expect(written).rejects.toThrow("journal position 1 stands where 2 must be");
  });

  it("says that it has no SQL", async () => {
    const store = await memoryDatabase().open({ name: "kitchen", lanes: 1 });
    const work = store.transact(async ({ transaction }) => {
      await transaction.query("select 1");
      return "committed";
    });
    await expect(work).rejects.toMatchObject({ code: "Q_STORE_FAILED", message: /PGlite or PostgreSQL/ });
  });
});
