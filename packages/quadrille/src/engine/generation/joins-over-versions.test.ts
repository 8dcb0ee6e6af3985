// What an incomplete join has collected is understood by the facts, in whatever order and number a later
// contract names them; and what is parked counts, however much was discarded before it.
import { describe, expect, it } from "vitest";
import { World } from "../../../test/engine-world.ts";
import { choreography } from "../../contract/choreography.ts";
import { service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { ignore, on } from "../../contract/reaction.ts";
import { all, command, type CommandType, event, type EventType } from "../../contract/trigger.ts";
import { openOperations } from "../../operations/operations.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import type { Database } from "../../store/database.ts";
import { acceptContracts } from "./migrate-contracts.ts";
import { flushOf, flushOne, parkedOf } from "../../testing/store-samples.ts";

type Fact = EventType<string, undefined>;
const facts: readonly Fact[] = Array.from({ length: 12 }, (_, index) => event(`F${index}`));
const commands: readonly CommandType<string, undefined>[] = facts.map(({ name }) =>
  command(`publish ${name}`),
);
const first = (count: number): readonly Fact[] => facts.slice(0, count);

/** A publisher of facts, and a collector that waits for all of those it is given; of one, without a join. */
function collecting(wanted: readonly Fact[], database: Database): World {
  const [one, two, ...others] = wanted;
  if (one === undefined) throw new Error("a collector waits for a fact");
  const teller = participant("Teller", {
    entity: "Talk",
    initial: "none",
    states: {
      none: facts.map((fact, index) => on(commands[index] ?? command("no"), to("none").emits(fact))),
    },
  });
  const collector = participant("Collector", {
    entity: "Set",
    initial: "none",
    states: {
      none: [
        two === undefined ? on(one, to("DONE")) : on(all(one, two, ...others), to("DONE"), { as: "ready" }),
        ...facts.filter((fact) => !wanted.includes(fact)).map((fact) => ignore(fact)),
      ],
      DONE: facts.map((fact) => ignore(fact)),
    },
  });
  const sets = choreography("Sets", {
    participants: [teller, collector],
    ends: { done: { Collector: "DONE" } },
    commands: Object.fromEntries(commands.map(({ name }) => [name, "unbounded" as const])),
  });
  return new World({ choreography: sets, services: [service(teller), service(collector)], database });
}

/** Publishes facts of the saga s, and gives the collector's state then. */
async function publish(here: World, indexes: readonly number[]): Promise<string | undefined> {
  const engine = await here.start();
  for (const index of indexes) await engine.send(commands[index] ?? command("no"), { sagaId: "s" });
  await here.calm();
  await here.pass(1_000);
  return (await here.states("s"))["Collector"];
}

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

  it("is refused where a later contract needs no more than was seen", async () => {
    const database = memoryDatabase();
    await using before = collecting(first(12), database);
    await publish(before, [0, 1]);
    await before[Symbol.asyncDispose]();
    await using after = collecting(first(2), database);
    await expect(after.start()).rejects.toMatchObject({ code: "Q_CONTRACT_CHANGED" });
  });
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
