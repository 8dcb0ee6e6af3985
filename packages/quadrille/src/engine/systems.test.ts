// Several choreographies in one engine: a public event of one starts a saga of another, once, or joins one
// that it names.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { World } from "../../test/engine-world.ts";
import {
  beginVisit,
  buy,
  giveBack,
  loyalty,
  loyaltyServices,
  sale,
  saleServices,
  visits,
  visitServices,
} from "../../test/points-system.ts";
import { openOperations } from "../operations/operations.ts";
import { laneOf } from "./message/lane-of.ts";

const purchase = { customer: "Ada", cents: 1_250 };

function system(more: { readonly lanes?: number } = {}): World {
  const services = [...saleServices(), ...loyaltyServices()];
  return new World({ choreographies: [sale, loyalty], services, ...more });
}

/** The sagas that Points knows. */
async function started(here: World): Promise<readonly string[]> {
  const entities = await (await here.store("Points")).entities({ limit: 1_000 });
  return entities.map(({ sagaId }) => sagaId);
}

describe("a public event of another choreography", () => {
  it("starts a saga there, which comes to an end of its own and knows what caused it", async () => {
    await using here = system();
    const ends: string[] = [];
    const engine = await here.start();
    engine.onEnd(({ choreography, end }) => void ends.push(`${choreography} ${end}`));
    const { sagaId } = await engine.send(buy, purchase);
    await engine.idle({ signal: soon() });
    const [caused = ""] = await started(here);
    expect(caused).not.toBe(sagaId);
    expect(await here.states(caused)).toEqual({ Points: "EARNED", Letters: "SENT" });
    expect(await here.states(sagaId)).toEqual({ Shop: "SOLD", Till: "PAID" });
    expect(ends.toSorted()).toEqual(["Loyalty earned", "Sale paid"]);
    expect(await engine.saga(caused).ended({ signal: soon() })).toMatchObject({
      choreography: "Loyalty",
      end: "earned",
    });
    expect(await engine.saga(sagaId).ended({ signal: soon() })).toMatchObject({
      choreography: "Sale",
      end: "paid",
    });
    const operations = await openOperations({ choreographies: [sale, loyalty], database: here.database });
    const link = { event: "Paid", cause: { source: "Till", lane: 0, position: 1 } };
    const [there, back] = await Promise.all([operations.saga(caused), operations.saga(sagaId)]);
    expect(there).toMatchObject({ choreography: "Loyalty", end: "earned", caused: [] });
    expect(there?.causedBy).toEqual([
      { ...link, choreography: "Sale", sagaId, takenBy: "Points" },
      { ...link, choreography: "Sale", sagaId, takenBy: "Letters" },
    ]);
    expect(back).toMatchObject({ choreography: "Sale", end: "paid", causedBy: [] });
    expect(back?.caused.map(({ takenBy, ...one }) => [takenBy, one.choreography, one.sagaId])).toEqual([
      ["Points", "Loyalty", caused],
      ["Letters", "Loyalty", caused],
    ]);
    expect((await operations.sagas({ limit: 10, choreography: "Loyalty" })).map((one) => one.sagaId)).toEqual(
      [caused],
    );
    expect(
      (await operations.sagas({ limit: 10 })).map(({ choreography }) => choreography).toSorted(),
    ).toEqual(["Loyalty", "Sale"]);
    await expect(operations.sagas({ limit: 10, choreography: "Sales" })).rejects.toThrow(
      "There is no choreography Sales; there are Sale, Loyalty.",
    );
    expect(await here.audit()).toEqual([]);
  });

  it("starts it after a restart too, and none twice", async () => {
    await using here = system();
    const first = await here.start({ services: saleServices() });
    for (let n = 0; n < 5; n += 1) await first.send(buy, purchase);
    await here.stop(first);
    for (let again = 0; again < 3; again += 1) {
      const engine = await here.start({ services: loyaltyServices() });
      await here.pass(2_000);
      await here.stop(engine);
    }
    const sagas = await started(here);
    expect(sagas).toHaveLength(5);
    expect(new Set(sagas).size).toBe(5);
    for (const sagaId of sagas)
      expect(await here.states(sagaId)).toEqual({ Points: "EARNED", Letters: "SENT" });
    expect(await here.audit()).toEqual([]);
  });

  it("starts a saga with the same id, whichever process reads it and whenever", async () => {
    const ids = async (): Promise<readonly string[]> => {
      await using here = system();
      const engine = await here.start();
      await engine.send(buy, purchase, { sagaId: "one" });
      await engine.idle({ signal: soon() });
      return await started(here);
    };
    expect(await ids()).toEqual(await ids());
  });

  it.each([2, 3, 16])("starts it in its own lane, of %i", async (lanes) => {
    await using here = system({ lanes });
    const engine = await here.start();
    for (let n = 0; n < 40; n += 1) await engine.send(buy, purchase, { sagaId: `sale ${n}` });
    await engine.idle({ signal: soon() });
    const sagas = await started(here);
    expect(sagas).toHaveLength(40);
    const points = await here.store("Points");
    for (const sagaId of sagas) {
      const [origin] = await points.origins({ sagaId });
      expect(origin?.cause.lane).toBe(laneOf(sagaId, lanes));
      expect(laneOf(origin?.causedBy.sagaId ?? "", lanes)).toBe(laneOf(sagaId, lanes));
    }
    expect(await here.audit()).toEqual([]);
  });

  it("joins the saga that its payload names, whether that goes on or not", async () => {
    const services = [...saleServices((sagaId) => `visit of ${sagaId}`), ...visitServices];
    await using here = new World({ choreographies: [sale, visits], services });
    const engine = await here.start();
    await engine.send(beginVisit, { sagaId: "visit of Ada" });
    for (const sagaId of ["Ada", "Bob"]) {
      await engine.send(buy, purchase, { sagaId });
      await engine.send(giveBack, { sagaId });
    }
    await engine.idle({ signal: soon() });
    for (const who of ["Ada", "Bob"]) {
      expect(await here.states(`visit of ${who}`)).toEqual({ Guests: "REGRETTED" });
      expect(await engine.saga(`visit of ${who}`).ended({ signal: soon() })).toMatchObject({
        end: "regretted",
      });
    }
    const guests = await here.store("Guests");
    expect(await guests.origins({ causedBy: "Ada" })).toMatchObject([{ sagaId: "visit of Ada" }]);
    expect((await guests.timeline("visit of Ada")).map(({ trigger }) => trigger)).toEqual([
      "visit",
      "Returned",
    ]);
    expect(await here.audit()).toEqual([]);
  });

  it("that joins a saga of its own saga's id stands in one timeline with it, after what it comes from", async () => {
    const services = [...saleServices(), ...visitServices];
    await using here = new World({ choreographies: [sale, visits], services });
    const engine = await here.start();
    await engine.send(buy, purchase, { sagaId: "Ada" });
    await engine.send(giveBack, { sagaId: "Ada" });
    await engine.idle({ signal: soon() });
    const operations = await openOperations({ choreographies: [visits, sale], database: here.database });
    const report = await operations.saga("Ada");
    const timeline = (report?.timeline ?? []).map((one) => `${one.participant} ${one.trigger}`);
    expect(timeline.filter((one) => !one.startsWith("Till"))).toEqual([
      "Shop buy",
      "Shop giveBack",
      "Guests Returned",
    ]);
  });

  it("whose payload names no saga is a dead letter", async () => {
    const services = [...saleServices(() => ""), ...visitServices];
    await using here = new World({ choreographies: [sale, visits], services });
    const engine = await here.start();
    const { sagaId } = await engine.send(buy, purchase);
    await engine.send(giveBack, { sagaId });
    await engine.idle({ signal: soon() });
    expect(await here.parked("Guests")).toMatchObject([
      { reason: "dead", error: { code: "Q_PAYLOAD_INVALID" } },
    ]);
  });
});

describe("a system that cannot run is refused", () => {
  const services = saleServices();
  it.each([
    [
      "a choreography is missing",
      { choreographies: [loyalty], services: [] },
      /takes Paid from "Sale", which is not/,
    ],
    [
      "a name is given twice",
      { choreographies: [sale, { ...sale, name: "Again" }], services },
      /participant Shop as well \(W20/,
    ],
    [
      "a payload names the saga and there are two lanes",
      { choreographies: [sale, visits], services, lanes: 2 },
      /one lane, not 2/,
    ],
    [
      "the event is not public there",
      { choreographies: [{ ...sale, publicEvents: ["Returned"] }, loyalty], services },
      /Paid is taken from "Sale", where it is not public \(W25/,
    ],
  ] as const)("because %s", async (_, options, message) => {
    await using here = new World(options);
    await expect(here.start()).rejects.toThrow(message);
  });
});
