// What an incomplete join has collected is understood by the facts, in whatever order and number a later
// contract names them; and what is parked counts, however much was discarded before it.
import { describe, expect, it } from "vitest";
import { collecting, facts, first, publish } from "../../../test/collected-facts.ts";
import type { World } from "../../../test/engine-world.ts";
import { openOperations } from "../../operations/operations.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import { acceptContracts } from "./migrate-contracts.ts";
import { flushOf, flushOne, parkedOf } from "../../testing/store-samples.ts";

describe("an incomplete join", () => {
  it.each([3, 9, 10, 12])(
    "of %i facts goes on where a later contract names them in another order",
    async (count) => {
      const database = memoryDatabase();
      await using before = collecting(first(count), database);
      expect(await publish(before, [0, 1])).toBe("none+F0+F1");
      await before[Symbol.asyncDispose]();
      await using after = collecting(first(count).toReversed(), database);
      const engine = await after.start();
      expect(engine.status().map(({ parked }) => parked["dead"] ?? 0)).toEqual([0, 0]);
      const operations = await openOperations({ choreography: after.choreography, database });
      expect((await operations.sagas({ limit: 5, locked: true })).map(({ sagaId }) => sagaId)).toEqual(["s"]);
      const named = await operations.sagas({ limit: 5, participant: "Collector", state: "none+F1+F0" });
      expect(named.map(({ sagaId }) => sagaId)).toEqual(["s"]);
      const rest = Array.from({ length: count - 2 }, (_, index) => index + 2);
      expect(await publish(after, rest)).toBe("DONE");
      expect(await after.parked("Collector")).toEqual([]);
    },
  );

  it.each([
    [5, 6],
    [9, 10],
    [10, 11],
  ])("of %i facts goes on where a later contract has %i", async (count, more) => {
    const database = memoryDatabase();
    await using before = collecting(first(count), database);
    await publish(before, [0, 1]);
    await before[Symbol.asyncDispose]();
    await using after = collecting(first(more), database);
    const rest = Array.from({ length: more - 2 }, (_, index) => index + 2);
    expect(await publish(after, rest)).toBe("DONE");
  });

  it.each([
    [4, 3],
    [10, 9],
    [11, 10],
    [12, 11],
  ])(
    "of %i facts is refused where a later contract does not have one of those seen: %i",
    async (count, fewer) => {
      const database = memoryDatabase();
      await using before = collecting(first(count), database);
      await publish(before, [0, count - 1]);
      await before[Symbol.asyncDispose]();
      await using after = collecting(first(fewer), database);
      await expect(after.start()).rejects.toThrow(
        `1 entity is in none+F0+F${count - 1}, which the contract does not have any more`,
      );
    },
  );
});

/** Accepts the contract of this world as it is. */
async function accept({ choreography: given, database, ambient }: World): Promise<void> {
  await acceptContracts({ choreographies: [given], database, ambient });
}

describe("an incomplete join over three contracts", () => {
  it.each([4, 11, 12])(
    "of %i facts is refused where the third does not have one of those seen",
    async (count) => {
      const database = memoryDatabase();
      await using before = collecting(first(count), database);
      await publish(before, [0, 1]);
      await before[Symbol.asyncDispose]();
      await using turned = collecting(first(count).toReversed(), database);
      await turned.start();
      await turned[Symbol.asyncDispose]();
      await using third = collecting(first(count).toSpliced(1, 1), database);
      await expect(third.start()).rejects.toThrow(
        "1 entity is in none+F0+F1, which the contract does not have any more",
      );
    },
  );

  it.each([4, 12])("of %i facts, that the second does not understand, is accepted once", async (count) => {
    const database = memoryDatabase();
    await using before = collecting(first(count), database);
    await publish(before, [0, count - 1]);
    await before[Symbol.asyncDispose]();
    await using second = collecting(first(count - 1), database);
    await accept(second);
    await second.start();
    await second[Symbol.asyncDispose]();
    await using third = collecting(first(count - 1).toReversed(), database);
    await third.start();
    await third[Symbol.asyncDispose]();
    await using back = collecting(first(count), database);
    await accept(back);
    const rest = Array.from({ length: count - 2 }, (_, index) => index + 1);
    expect(await publish(back, rest)).toBe("DONE");
  });
});

describe("an incomplete join, after a contract without one was accepted", () => {
  it.each([4, 12])("of %i facts is not refused by the next", async (count) => {
    const database = memoryDatabase();
    await using before = collecting(first(count), database);
    await publish(before, [0, 1]);
    await before[Symbol.asyncDispose]();
    await using lone = collecting(first(1), database);
    await accept(lone);
    await using next = collecting(facts.slice(1, 2), database);
    await next.start();
    await next[Symbol.asyncDispose]();
    await using back = collecting(first(count), database);
    await accept(back);
    const rest = Array.from({ length: count - 2 }, (_, index) => index + 2);
    expect(await publish(back, rest)).toBe("DONE");
  });
});

describe("a parked message that a later contract does not take", () => {
  it("is found behind ten thousand that were discarded", async () => {
    const database = memoryDatabase();
    await using before = collecting(first(3), database);
    await (await before.start()).idle({ signal: AbortSignal.timeout(9_000) });
    await before[Symbol.asyncDispose]();
    const gone = { trigger: "Gone", parkedAt: 2 };
    const discarded = Array.from({ length: 10_001 }, (_, nth) =>
      parkedOf(`old ${nth}`, { ...gone, parkedAt: 1, reason: "discarded" }),
    );
    const parked = [...discarded, parkedOf("left", { ...gone, reason: "dead" })];
    const { turn } = await (await before.store("Collector")).recover(0);
    expect(await flushOne({ database, participant: "Collector" }, flushOf({ turn, parked }))).toBe(
      "committed",
    );
    await using after = collecting(first(4), database);
    await expect(after.start()).rejects.toThrow(
      "1 Gone is parked, which the contract does not take any more",
    );
  });
});
