// What an operator can rely on, on every kind of database.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gate, World } from "../../test/engine-world.ts";
import {
  choreography,
  create,
  first,
  openPlace,
  type Place,
  type Script,
} from "../../test/operated-places.ts";
import { kinds, type SharedTables, sharedTables } from "../../test/shared-tables.ts";
import { type ScriptedCall, type ScriptedChoice, scriptedServices } from "../testing/scripted.ts";
import { openOperations } from "./operations.ts";

describe.each(kinds)("on %s", (kind) => {
  let shared: SharedTables;
  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());
  const place = (script?: Script): Promise<Place> => openPlace(shared.own(), script);

  describe("looking", () => {
    it("makes nothing where there is nothing, and takes the lanes as they are", async () => {
      const database = shared.untouched();
      const look = () => openOperations({ choreography, database });
      await expect(look()).rejects.toMatchObject({ code: "Q_SCHEMA_MISSING" });
      await expect(look()).rejects.toMatchObject({ code: "Q_SCHEMA_MISSING" });
      const services = scriptedServices(choreography, { choose: first });
      await using world = new World({ choreography, services, database, lanes: 3 });
      const engine = await world.start();
      const { sagaId } = await engine.send(create);
      const operations = await look();
      await world.until(async () => (await operations.saga(sagaId))?.end === "approved");
    });
  });

  describe("an id that no store can hold", () => {
    it.each(["a\0b", "a\uD800"])("is one of nothing: %j", async (id) => {
      await using here = await place();
      expect(await here.operations.saga(id)).toBeUndefined();
      await expect(here.operations.redrive("Order", id)).rejects.toMatchObject({ code: "Q_PARKED_UNKNOWN" });
      await expect(here.operations.sagas({ limit: 1, before: id })).rejects.toMatchObject({
        code: "Q_QUERY_UNKNOWN",
      });
    });
  });

  describe("a saga's report", () => {
    it("shows it in causal order, and expects nothing more at its end", async () => {
      await using here = await place();
      const engine = await here.world.start();
      const { sagaId } = await engine.send(create);
      await here.world.until(async () => (await here.operations.saga(sagaId))?.end === "approved");
      await here.world.calm();
      const report = await here.operations.saga(sagaId);
      const shown = report?.timeline.map(({ participant, trigger }) => `${participant} ${trigger}`) ?? [];
      expect(shown[0]).toBe("Order createOrder");
      expect(shown.toSorted()).toEqual(
        [
          "Order createOrder",
          "Consumer OrderCreated",
          "Kitchen OrderCreated",
          "Accounting OrderCreated",
          "Accounting ConsumerVerified",
          "Accounting TicketCreated",
          "Accounting pspAuthorize",
          "Kitchen CreditCardAuthorized",
          "Order CreditCardAuthorized",
        ].toSorted(),
      );
      expect(shown.indexOf("Kitchen OrderCreated")).toBeLessThan(shown.indexOf("Accounting TicketCreated"));
      await here.world.until(async () => (await here.operations.saga(sagaId))?.expected.length === 0);
    });

    it("says which published event was not taken, by whom it is owed and who else waits", async () => {
      await using here = await place({ without: ["Kitchen"] });
      const engine = await here.world.start();
      const { sagaId } = await engine.send(create);
      await here.world.until(
        async () => (await here.operations.saga(sagaId))?.states["Consumer"] === "VERIFIED",
      );
      await here.world.until(async () => ((await here.operations.saga(sagaId))?.expected.length ?? 9) <= 3);
      const report = await here.operations.saga(sagaId);
      expect(report?.expected).toEqual([
        expect.objectContaining({
          kind: "event",
          what: ["OrderCreated"],
          from: ["Order"],
          to: "Kitchen",
          where: "Order/0/1/0",
        }),
        expect.objectContaining({
          kind: "answer",
          // The consumer has agreed already: no refusal can come from there any more.
          what: ["CreditCardAuthorized", "TicketCreationFailed", "CreditCardAuthorizationFailed"],
          from: ["Kitchen", "Accounting"],
          to: "Order",
        }),
        expect.objectContaining({
          kind: "answer",
          what: ["TicketCreated", "OrderRejected"],
          from: ["Order", "Kitchen"],
          to: "Accounting",
        }),
      ]);
    });

    it("shows a call under way", async () => {
      const { open, opened } = gate();
      await using here = await place({ call: () => opened });
      const engine = await here.world.start();
      const { sagaId } = await engine.send(create);
      await here.world.until(
        async () => (await here.operations.saga(sagaId))?.states["Accounting"] === "AUTHORIZING",
      );
      expect((await here.operations.saga(sagaId))?.expected).toContainEqual(
        expect.objectContaining({
          kind: "activity",
          what: ["pspAuthorize"],
          from: ["Accounting"],
          to: "Accounting",
        }),
      );
      open();
    });
  });

  describe("a dead letter", () => {
    let broken = true;
    const choose: ScriptedChoice = (dilemma) => {
      if (broken && dilemma.participant === "Kitchen") throw new Error("the oven is cold");
      return first(dilemma);
    };

    async function dead(): Promise<Place & { readonly sagaId: string }> {
      broken = true;
      const here = await place({ choose });
      const engine = await here.world.start();
      const { sagaId } = await engine.send(create);
      await here.world.until(
        async () => (await here.operations.parked({ reason: "dead", limit: 1 })).length === 1,
      );
      return { ...here, sagaId, [Symbol.asyncDispose]: () => here[Symbol.asyncDispose]() };
    }

    it("is listed and expected, with its error", async () => {
      await using here = await dead();
      expect(await here.operations.parked({ limit: 10 })).toEqual([
        expect.objectContaining({
          participant: "Kitchen",
          id: "Order/0/1/0",
          sagaId: here.sagaId,
          trigger: "OrderCreated",
        }),
      ]);
      expect((await here.operations.parked({ limit: 1 }))[0]?.error).toMatchObject({
        code: "Q_HANDLER_THREW",
      });
      expect(await here.operations.parked({ participant: "Order", limit: 10 })).toEqual([]);
      const report = await here.operations.saga(here.sagaId);
      const parked = report?.expected.find(({ kind }) => kind === "parked");
      expect(parked).toMatchObject({ what: ["OrderCreated"], to: "Kitchen" });
      expect(parked?.where).toContain("the oven is cold");
      // The other participants may still be at work.
      expect(report?.expected.filter(({ kind, to }) => kind === "event" && to === "Kitchen")).toEqual([]);
    });

    it("is taken after a redrive, in an engine that knew nothing of it", async () => {
      await using here = await dead();
      broken = false;
      await here.operations.redrive("Kitchen", "Order/0/1/0");
      await here.world.until(async () => (await here.operations.saga(here.sagaId))?.end === "approved");
      expect(await here.operations.parked({ limit: 10 })).toEqual([]);
      expect(await here.world.audit()).toEqual([]);
    });

    it("dies again after a redrive that changed nothing", async () => {
      await using here = await dead();
      await here.operations.redrive("Kitchen", "Order/0/1/0");
      await here.world.until(async () => (await here.operations.parked({ limit: 1 }))[0]?.reason === "dead");
      broken = false;
      await here.operations.redrive("Kitchen", "Order/0/1/0");
      await here.world.until(async () => (await here.operations.saga(here.sagaId))?.end === "approved");
    });

    it("is discarded with any text as its reason", async () => {
      await using here = await dead();
      await here.operations.discard("Kitchen", "Order/0/1/0", "sold\0 by \ud800");
      expect(await here.operations.parked({ limit: 10 })).toEqual([
        expect.objectContaining({ reason: "discarded", note: "sold\uFFFD by \uFFFD" }),
      ]);
    });

    it("is discarded with its reason, once", async () => {
      await using here = await dead();
      await here.operations.discard("Kitchen", "Order/0/1/0", "the oven was sold");
      expect(await here.operations.parked({ limit: 10 })).toEqual([
        expect.objectContaining({ reason: "discarded", note: "the oven was sold" }),
      ]);
      const report = await here.operations.saga(here.sagaId);
      expect(report?.expected.filter(({ to }) => to === "Kitchen")).toEqual([]);
      await expect(here.operations.discard("Kitchen", "Order/0/1/0", "again")).rejects.toMatchObject({
        code: "Q_PARKED_UNKNOWN",
      });
      await expect(here.operations.redrive("Kitchen", "Order/0/1/0")).rejects.toMatchObject({
        code: "Q_PARKED_UNKNOWN",
      });
    });

    it("has one effect when two operators redrive it at once", async () => {
      await using here = await dead();
      broken = false;
      const both = await Promise.allSettled(
        [1, 2].map(() => here.operations.redrive("Kitchen", "Order/0/1/0")),
      );
      expect(both.map(({ status }) => status)).toContain("fulfilled");
      await here.world.until(async () => (await here.operations.saga(here.sagaId))?.end === "approved");
      expect(await here.world.audit()).toEqual([]);
    });

    it("must exist, at a participant that exists", async () => {
      await using here = await dead();
      const { operations } = here;
      await expect(operations.redrive("Kitchen", "Order/0/9/0")).rejects.toMatchObject({
        code: "Q_PARKED_UNKNOWN",
        message: "The message Order/0/9/0 of Kitchen is not parked.",
      });
      await expect(operations.discard("Oven", "Order/0/1/0", "x")).rejects.toMatchObject({
        code: "Q_PARKED_UNKNOWN",
        message: "There is no participant Oven; there are Order, Consumer, Kitchen, Accounting.",
      });
      await expect(operations.parked({ participant: "Oven", limit: 1 })).rejects.toMatchObject({
        code: "Q_PARKED_UNKNOWN",
      });
    });
  });

  describe("a dead call", () => {
    it("can be redriven and not given up, because its state waits for it", async () => {
      let down = true;
      const call: ScriptedCall = async () => {
        if (down) throw new Error("no line");
      };
      await using here = await place({ call });
      const engine = await here.world.start();
      const { sagaId } = await engine.send(create);
      await here.world.until(
        async () => (await here.operations.parked({ reason: "dead", limit: 1 })).length === 1,
      );
      const [{ id } = { id: "" }] = await here.operations.parked({ limit: 1 });
      await expect(here.operations.discard("Accounting", id, "no use")).rejects.toThrow(
        /waits for in AUTHORIZING/,
      );
      down = false;
      await here.operations.redrive("Accounting", id);
      await here.world.until(async () => (await here.operations.saga(sagaId))?.end === "approved");
      expect(await here.world.audit()).toEqual([]);
    });
  });
});
