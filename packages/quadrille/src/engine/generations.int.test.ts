// A contract meets tables that another contract has written: understood and recorded, or refused; on every
// store.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  bonus,
  bonusForAll,
  depot,
  depotOfAllGifts,
  depotOfGifts,
  depotRenamed,
  depotSending,
  depotWithReturns,
  parcels,
  place,
  shop,
  shopRenamed,
  shopWithoutGifts,
  type Version,
  warehouse,
} from "../../test/parcel-contracts.ts";
import { kinds, type OwnTables, type SharedTables, sharedTables } from "../../test/shared-tables.ts";
import { systemAmbient } from "../ambient/system.ts";
import { choreography, type Choreography } from "../contract/choreography.ts";
import { flushOf, flushOne } from "../testing/store-samples.ts";
import { openOperations } from "../operations/operations.ts";
import { soon } from "../../../../test/soon.ts";
import type { Engine } from "./message/api.ts";
import { startEngine } from "./engine.ts";

describe.each(kinds)("a contract and its tables on %s", (kind) => {
  let shared: SharedTables;
  let database: OwnTables;
  const engines: Engine[] = [];
  const lines: string[] = [];

  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine[Symbol.asyncDispose]();
  });

  /** Tables of its own for each test. */
  let lanes = 1;
  function begin(laneCount = 1): void {
    lanes = laneCount;
    lines.splice(0);
    database = shared.own();
  }

  async function start(versions: readonly Version[], running = versions, of?: Choreography): Promise<Engine> {
    const engine = await startEngine({
      choreography: of ?? parcels(...versions),
      services: running.map(({ service }) => service),
      database,
      lanes,
      ambient: systemAmbient(({ message }) => lines.push(message)),
      limits: { pollMs: 20, renewMs: 50, pauseMsMax: 100, backoffMs: 5 },
    });
    engines.push(engine);
    return engine;
  }
  async function stop(engine: Engine): Promise<void> {
    engines.splice(engines.indexOf(engine), 1);
    await engine[Symbol.asyncDispose]();
  }
  async function placeAll(engine: Engine, names: readonly string[]): Promise<void> {
    for (const sagaId of names) await engine.send(place, { sagaId });
  }
  /** Runs these versions until nothing is under way. */
  async function run(versions: readonly Version[], names: readonly string[] = []): Promise<void> {
    const engine = await start(versions);
    await placeAll(engine, names);
    await engine.idle({ signal: soon() });
    await stop(engine);
  }
  async function census(name: string): Promise<Readonly<Record<string, number>>> {
    const store = await database.inspect({ name });
    return Object.fromEntries(await store.census());
  }
  async function dead(name: string): Promise<readonly string[]> {
    const store = await database.inspect({ name });
    return (await store.parked({ reason: "dead", limit: 100 })).map(({ trigger }) => trigger);
  }

  const few = ["s1", "s2", "s3"];

  describe("that is understood", () => {
    it("is recorded as the next generation, without further steps", async () => {
      begin();
      await run([shop, depot], few);
      await run([shop, depotWithReturns], ["s4"]);
      expect(await census("Depot")).toEqual({ SHIPPED: 4 });
      const store = await database.inspect({ name: "Depot" });
      expect((await store.generations()).map(({ number, isRun }) => [number, isRun])).toEqual([
        [1, true],
        [2, true],
      ]);
    });

    it("takes a new event from the head on, and says once for all lanes what it leaves", async () => {
      begin(4);
      await run([shop, depot], few);
      await run([shop, depotOfGifts], ["s4"]);
      expect(await census("Depot")).toEqual({ SHIPPED: 3, BOTH: 1 });
      expect(lines.filter((line) => line.includes("takes Gift from now on"))).toEqual([
        expect.stringContaining("3 of its last 3 rows"),
      ]);
    });

    it("takes a new event from the beginning where it says so, and no other event twice", async () => {
      begin();
      await run([shop, depot], few);
      await run([shop, depotOfAllGifts], ["s4"]);
      expect(await census("Depot")).toEqual({ BOTH: 4 });
      expect(await dead("Depot")).toEqual([]);
    });
  });

  describe("that finds a journal which ends before what was taken of it", () => {
    it("is refused: the journal comes from an older copy, and its next rows would be passed over", async () => {
      begin();
      await run([shop, depot], few);
      const setup = { name: "Depot", lanes: 1, sources: ["Shop"] };
      const { turn, head } = await (await database.open(setup)).recover(0);
      const flush = flushOf({ turn, head, inbox: new Map([["Shop", 7]]) });
      expect(await flushOne({ database, participant: "Depot" }, flush)).toBe("committed");
      await expect(start([shop, depot])).rejects.toThrow(
        "The journal of Shop ends at position 3 of lane 0, and Depot has taken it up to 7",
      );
    });
  });

  describe("of a participant that joins", () => {
    it("begins at the head", async () => {
      begin();
      await run([shop, depot], few);
      await run([shop, depot, bonus], ["s4"]);
      expect(await census("Bonus")).toEqual({ GIVEN: 1 });
    });

    it("begins at the beginning where it says so", async () => {
      begin();
      await run([shop, depot], few);
      await run([shop, depot, bonusForAll], ["s4"]);
      expect(await census("Bonus")).toEqual({ GIVEN: 4 });
    });

    it("takes what was published after the start of another participant that knows it", async () => {
      begin();
      const early = await start([shop, depot], [shop]);
      await placeAll(early, few);
      await stop(early);
      await run([shop, depot]);
      expect(await census("Depot")).toEqual({ SHIPPED: 3 });
    });
  });

  describe.skipIf(kind === "memory")("of a reader of a journal whose old rows were removed", () => {
    /** As an operator does: rows that every reader has taken. Memory has no such tables. */
    async function removeRows(last: number): Promise<void> {
      await database.sql?.query(`delete from "${database.prefix}shop".journal where position <= ${last}`);
    }

    it("goes on, joins at the head, and begins at what is still there", async () => {
      begin();
      await run([shop, depot], few);
      await removeRows(2);
      await run([shop, depot], ["s4"]);
      await run([shop, depot, bonusForAll], ["s5"]);
      await run([shop, depotOfGifts, bonusForAll], ["s6"]);
      expect(await census("Depot")).toEqual({ SHIPPED: 5, BOTH: 1 });
      expect(await census("Bonus")).toEqual({ GIVEN: 4 });
    });

    it("is reported in a sentence where it had not taken them", async () => {
      begin();
      const early = await start([shop, depot], [shop]);
      await placeAll(early, few);
      await stop(early);
      await removeRows(2);
      const late = await start([shop, depot]);
      await expect
        .poll(() => late.status().find(({ name }) => name === "Depot")?.trouble)
        .toMatch(
          /^The journal of Shop goes on at position 3, and was read up to 0: the rows between were removed/,
        );
    });
  });

  describe("that is not understood", () => {
    const changes = [
      {
        what: "an event with another name",
        versions: [shopRenamed, depotRenamed],
        says: /^The tables of Depot have generation 1 .* 3 Placed are on the way from Shop, which the contract does not take/,
      },
      {
        what: "a participant with another name",
        versions: [shop, warehouse],
        says: /^The tables of Shop have generation 1 .*Depot was a participant of it/,
      },
    ];
    it.each(changes)("is refused: $what", async ({ versions, says }) => {
      begin();
      const early = await start([shop, depot], [shop]);
      await placeAll(early, few);
      await stop(early);
      const late = start(versions);
      await expect(late).rejects.toMatchObject({ code: "Q_CONTRACT_CHANGED" });
      await expect(late).rejects.toThrow(says);
      await expect(late).rejects.toThrow("quadrille migrate --accept");
      // Nothing was recorded: the version before goes on.
      await run([shop, depot]);
      expect(await census("Depot")).toEqual({ SHIPPED: 3 });
    });

    it("is refused: a state with another name", async () => {
      begin();
      await run([shop, depot], few);
      const late = start([shop, depotSending]);
      await expect(late).rejects.toMatchObject({ code: "Q_CONTRACT_CHANGED" });
      await expect(late).rejects.toThrow(
        "3 entities are in SHIPPED, which the contract does not have any more",
      );
    });

    it("is refused to an earlier version, which has been superseded", async () => {
      begin();
      await run([shop, depot], few);
      await run([shop, depotWithReturns]);
      await expect(start([shop, depot])).rejects.toMatchObject({ code: "Q_CONTRACT_SUPERSEDED" });
    });
  });

  describe("of two versions side by side", () => {
    it("is the later one's alone, and no event is passed over", async () => {
      begin();
      const shops = await start([shop, depotOfGifts], [shop]);
      const early = await start([shop, depot], [depot]);
      await placeAll(shops, few);
      await start([shop, depotOfGifts], [depotOfGifts]);
      const late = ["s4", "s5", "s6"];
      await placeAll(shops, late);
      await expect.poll(() => census("Depot")).toEqual({ SHIPPED: 3, BOTH: 3 });
      await expect.poll(() => early.status()[0]?.trouble).toContain("this process runs generation 2");
      expect(await dead("Depot")).toEqual([]);
    });

    it("answers commands of the earlier one with the error", async () => {
      begin();
      const early = await start([shopWithoutGifts, depot]);
      await placeAll(early, few);
      await start([shop, depot]);
      const sent = early.send(place, { sagaId: "late" });
      await expect(sent).rejects.toMatchObject({ code: "Q_CONTRACT_SUPERSEDED" });
      expect(await census("Shop")).toEqual({ DONE: 3 });
    });

    it("notes an event that is not known yet, and the version that takes it begins there", async () => {
      begin();
      await run([shopWithoutGifts, depot], few);
      // The shop is the first to be updated; the depot does not know of gifts yet.
      await start([shopWithoutGifts, depot], [depot]);
      const shops = await start([shop, depotOfGifts], [shop]);
      await placeAll(shops, ["s4", "s5"]);
      await expect.poll(() => census("Depot")).toEqual({ SHIPPED: 5 });
      await expect.poll(() => lines.filter((line) => line.includes("Shop publishes Gift"))).toHaveLength(1);
      await start([shop, depotOfGifts], [depotOfGifts]);
      await placeAll(shops, ["s6"]);
      await expect.poll(() => census("Depot")).toEqual({ SHIPPED: 3, BOTH: 3 });
      expect(await dead("Depot")).toEqual([]);
    });
  });

  describe("of another program", () => {
    it("is refused, whichever of the two has the tables", async () => {
      begin();
      await run([shop, depot], few);
      const other = choreography("Rentals", { participants: [shopWithoutGifts.participant], ends: {} });
      const started = start([], [shopWithoutGifts], other);
      await expect(started).rejects.toMatchObject({ code: "Q_TABLES_OWNED" });
      await expect(started).rejects.toThrow('belong to the participant Shop of the choreography "Parcels"');
      await expect(started).rejects.toThrow("schemaPrefix");
      const looked = openOperations({ choreography: other, database });
      await expect(looked).rejects.toMatchObject({ code: "Q_TABLES_OWNED" });
      await openOperations({ choreography: parcels(shop, depotOfGifts), database });
    });
  });
});
