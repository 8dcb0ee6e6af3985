// Lists of sagas: by time, by what they are at, page by page.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { create, first, openPlace, type Place, type Script } from "../../test/operated-places.ts";
import { kinds, type SharedTables, sharedTables } from "../../test/shared-tables.ts";
import type { SagaQuery } from "./api.ts";

describe.each(kinds)("on %s", (kind) => {
  let shared: SharedTables;
  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());
  const place = (script?: Script): Promise<Place> => openPlace(shared.own(), script);

  async function idsOf({ operations }: Place, query: Partial<SagaQuery> = {}): Promise<readonly string[]> {
    return (await operations.sagas({ limit: 10, ...query })).map(({ sagaId }) => sagaId);
  }

  describe("sagas", () => {
    it("are listed newest first, page by page, with their states and ends", async () => {
      await using here = await place({
        choose: (dilemma) =>
          dilemma.participant === "Consumer" && dilemma.sagaId.endsWith("3") ? "no" : first(dilemma),
      });
      const engine = await here.world.start();
      const sent: string[] = [];
      for (const end of ["1", "2", "3"]) {
        const { sagaId } = await engine.send(create, { sagaId: `saga-${end}` });
        sent.unshift(sagaId);
      }
      await here.world.until(async () =>
        (await here.operations.sagas({ limit: 3 })).every(({ end }) => end !== undefined),
      );
      const page = await here.operations.sagas({ limit: 2 });
      expect(page.map(({ sagaId, end }) => [sagaId, end])).toEqual([
        ["saga-3", "rejected"],
        ["saga-2", "approved"],
      ]);
      expect(page[0]?.states).toEqual({
        Order: "REJECTED",
        Consumer: "REFUSED",
        Kitchen: "REJECTED",
        Accounting: "FAILED",
      });
      const rest = await here.operations.sagas({ limit: 2, before: page[1]?.sagaId ?? "" });
      expect(rest.map(({ sagaId }) => sagaId)).toEqual(["saga-1"]);
      expect(sent).toHaveLength(3);
    });

    it("are in the order of time, whatever their ids are", async () => {
      await using here = await place({ without: ["Consumer", "Kitchen", "Accounting"] });
      const engine = await here.world.start();
      for (const sagaId of ["zebra", "apple", "mango"]) {
        await engine.send(create, { sagaId });
        here.world.ambient.advance(1_000);
      }
      expect(await idsOf(here)).toEqual(["mango", "apple", "zebra"]);
      expect(await idsOf(here, { limit: 1 })).toEqual(["mango"]);
      expect(await idsOf(here, { before: "mango", limit: 1 })).toEqual(["apple"]);
      expect(await idsOf(here, { before: "zebra" })).toEqual([]);
    });

    it("are found by end, lock, participant, state and age", async () => {
      await using here = await place({
        choose: (dilemma) =>
          dilemma.participant === "Consumer" && dilemma.sagaId === "refused" ? "no" : first(dilemma),
      });
      const all = await here.world.start();
      for (const sagaId of ["refused", "approved"]) await all.send(create, { sagaId });
      await here.world.until(async () => (await idsOf(here, { underWay: true })).length === 0);
      await here.world.stop(all);
      const order = await here.world.start({ services: here.world.options.services.slice(0, 1) });
      await order.send(create, { sagaId: "waits" });
      here.world.ambient.advance(60_000);
      await order.send(create, { sagaId: "young" });
      const aMinuteAgo = here.world.ambient.clock.now() - 60_000;
      expect(await idsOf(here, { end: "rejected" })).toEqual(["refused"]);
      expect(await idsOf(here, { end: "approved" })).toEqual(["approved"]);
      expect(await idsOf(here, { underWay: true })).toEqual(["young", "waits"]);
      expect(await idsOf(here, { locked: true })).toEqual(["young", "waits"]);
      expect(await idsOf(here, { locked: true, idleSince: aMinuteAgo })).toEqual(["waits"]);
      expect(await idsOf(here, { state: "REJECTED" })).toEqual(["refused"]);
      expect((await idsOf(here, { participant: "Kitchen" })).toSorted()).toEqual(["approved", "refused"]);
      expect((await idsOf(here, { idleSince: aMinuteAgo })).toSorted()).toEqual([
        "approved",
        "refused",
        "waits",
      ]);
    });

    it.each<Partial<SagaQuery>>([
      { end: "gone" },
      { participant: "Nobody" },
      { state: "NOWHERE" },
      { participant: "Kitchen", state: "APPROVAL_PENDING" },
    ])("are refused for what the choreography does not have: %j", async (wrong) => {
      await using here = await place();
      await expect(idsOf(here, wrong)).rejects.toMatchObject({ code: "Q_QUERY_UNKNOWN" });
    });

    it("are found among many, over the pages that the search reads", async () => {
      await using here = await place({
        choose: (dilemma) =>
          dilemma.participant === "Consumer" && dilemma.sagaId.endsWith("7") ? "no" : first(dilemma),
      });
      const engine = await here.world.start();
      const sent = Array.from({ length: 600 }, (_, n) => engine.send(create, { sagaId: `s${n}` }));
      await Promise.all(sent);
      await here.world.until(async () => (await idsOf(here, { underWay: true, limit: 1 })).length === 0);
      const seen: string[] = [];
      for (let before: string | undefined; ; before = seen.at(-1)) {
        const page = await idsOf(here, {
          limit: 7,
          end: "rejected",
          ...(before === undefined ? {} : { before }),
        });
        seen.push(...page);
        if (page.length < 7) break;
      }
      expect(seen).toHaveLength(60);
      expect(new Set(seen).size).toBe(60);
    });

    it("are named by the beginning of their ids", async () => {
      await using here = await place();
      const engine = await here.world.start();
      for (const sagaId of ["beta-2", "alpha", "beta-1"]) await engine.send(create, { sagaId });
      expect(await here.operations.sagaIds("beta", 10)).toEqual(["beta-1", "beta-2"]);
      expect(await here.operations.sagaIds("beta", 1)).toEqual(["beta-1"]);
      expect(await here.operations.sagaIds("alpha", 10)).toEqual(["alpha"]);
      expect(await here.operations.sagaIds("\0", 10)).toEqual([]);
    });

    it("are unknown before anything happened", async () => {
      await using here = await place();
      expect(await here.operations.sagas({ limit: 10 })).toEqual([]);
      expect(await here.operations.saga("nobody")).toBeUndefined();
    });
  });
});
