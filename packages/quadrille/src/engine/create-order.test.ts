// The Create Order choreography through the real engine: every end, every failure, every order of the three
// answers.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { reference } from "../../test/reference-choreographies.ts";
import { World } from "../../test/engine-world.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { command } from "../contract/trigger.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { scriptedServices, type Dilemma } from "../testing/scripted.ts";
import { directTransport } from "../transport/direct.ts";
import type { Delivery, Transport } from "../transport/transport.ts";

const createOrder = fromJson(reference("create-order"));
const lifecycle = fromJson(reference("order-lifecycle"));
const create = command("createOrder");

/** Makes the choice named under `participant trigger`, the good one otherwise. */
function choosing(wishes: Readonly<Record<string, string>>): (dilemma: Dilemma) => string {
  return ({ participant, trigger, outcomes }) => wishes[`${participant} ${trigger}`] ?? outcomes[0] ?? "";
}

function world(wishes: Readonly<Record<string, string>> = {}, choreography = createOrder): World {
  return new World({ choreography, services: scriptedServices(choreography, { choose: choosing(wishes) }) });
}

const approved = {
  Order: "APPROVED",
  Consumer: "VERIFIED",
  Kitchen: "AWAITING_ACCEPTANCE",
  Accounting: "AUTHORIZED",
};

describe("an order", () => {
  it("is approved when all agree", async () => {
    await using here = world();
    const engine = await here.start();
    const answer = await engine.send(create);
    expect(answer).toMatchObject({ status: "accepted", state: "APPROVAL_PENDING", repeated: false });
    const end = await engine.saga(answer.sagaId).ended({ signal: soon() });
    expect(end).toEqual({
      sagaId: answer.sagaId,
      choreography: createOrder.name,
      end: "approved",
      states: approved,
      durationMs: 0,
    });
    expect(await here.audit()).toEqual([]);
  });

  it.each([
    ["the consumer may not order", { "Consumer OrderCreated": "no" }, "REFUSED"],
    ["the kitchen refuses", { "Kitchen OrderCreated": "no" }, "VERIFIED"],
    ["both refuse", { "Consumer OrderCreated": "no", "Kitchen OrderCreated": "no" }, "REFUSED"],
    ["the card is declined", { "Accounting pspAuthorize": "declined" }, "VERIFIED"],
  ])("is rejected and leaves nothing behind when %s", async (_, wishes, consumer) => {
    await using here = world(wishes);
    const engine = await here.start();
    const { sagaId } = await engine.send(create);
    await engine.idle({ signal: soon() });
    expect(await engine.saga(sagaId).ended({ signal: soon() })).toMatchObject({
      end: "rejected",
      states: { Order: "REJECTED", Consumer: consumer, Kitchen: "REJECTED", Accounting: "FAILED" },
    });
    expect(engine.status().map(({ parked }) => parked.dead)).toEqual([0, 0, 0, 0]);
    expect(await here.audit()).toEqual([]);
  });

  it("reaches a declared end, each of a thousand with choices of its own", async () => {
    await using here = world();
    const ends = new Map<string, string>();
    const choose = ({ outcomes }: Dilemma): string =>
      outcomes[Math.floor(here.ambient.random() * outcomes.length)] ?? "";
    const engine = await here.start({ services: scriptedServices(createOrder, { choose }) });
    engine.onEnd(({ sagaId, end }) => ends.set(sagaId, end));
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => engine.send(create)));
    await engine.idle({ signal: soon() });
    expect(new Set(ends.keys())).toEqual(new Set(answers.map(({ sagaId }) => sagaId)));
    expect(new Set(ends.values())).toEqual(new Set(["approved", "rejected"]));
    expect(await here.audit()).toEqual([]);
  });
});

/** Holds rows back, by source, until they are let through. */
class Sluice implements Transport {
  readonly #open = new Map<string, number>();
  readonly #inner: Transport;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** Lets everything of `source` through. */
  open(source: string): void {
    this.#open.set(source, Number.POSITIVE_INFINITY);
  }

  async read(reading: Parameters<Transport["read"]>[0]): Promise<Delivery> {
    return this.#open.has(reading.source) ? this.#inner.read(reading) : { rows: [], isPartial: true };
  }

  watch(): () => void {
    return () => undefined;
  }
}

/** All orders of `things`. */
function permutations<T>(things: readonly T[]): readonly (readonly T[])[] {
  if (things.length < 2) return [things];
  return things.flatMap((first, index) =>
    permutations(things.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

describe("the three answers at Accounting: an event that arrives before it is waited for is lost (inngest #1433) is excluded; they", () => {
  const answers = ["Order", "Consumer", "Kitchen"];
  const cases = [
    { wishes: {}, end: "approved" },
    { wishes: { "Accounting pspAuthorize": "declined" }, end: "rejected" },
    { wishes: { "Consumer OrderCreated": "no" }, end: "rejected" },
    { wishes: { "Kitchen OrderCreated": "no" }, end: "rejected" },
  ].flatMap(({ wishes, end }) => permutations(answers).map((order) => ({ wishes, end, order })));

  it.each(cases)("lead to the same end in the order $order with $wishes", async ({ wishes, end, order }) => {
    const services = scriptedServices(createOrder, { choose: choosing(wishes) });
    await using here = new World({ choreography: createOrder, services, database: memoryDatabase() });
    // Accounting runs apart, so that its rows come by a transport of its own.
    const others = services.filter(({ participant }) => participant.name !== "Accounting");
    const rest = await here.start({ services: others });
    const names = createOrder.participants.map(({ name }) => name);
    const stores = await Promise.all(names.map(async (name) => [name, await here.store(name)] as const));
    const sluice = new Sluice(directTransport(new Map(stores)));
    const accounting = services.filter(({ participant }) => participant.name === "Accounting");
    await here.start({ services: accounting, transport: sluice });
    const { sagaId } = await rest.send(create);
    await here.pass(1_000);
    for (const source of order) {
      sluice.open(source);
      await here.pass(1_000);
    }
    await here.until(async () => {
      const { Order, Accounting } = await here.states(sagaId);
      return Order !== "APPROVAL_PENDING" && (Accounting === "AUTHORIZED" || Accounting === "FAILED");
    });
    await here.pass(1_000);
    expect(await here.states(sagaId)).toMatchObject(
      end === "approved" ? approved : { Order: "REJECTED", Kitchen: "REJECTED", Accounting: "FAILED" },
    );
    const timeline = await (await here.store("Accounting")).timeline(sagaId);
    const events: Readonly<Record<string, string>> = {
      Order: "OrderCreated",
      Consumer: "ConsumerVerified",
      Kitchen: "TicketCreated",
    };
    if (!Object.values(wishes).includes("no"))
      expect(timeline.slice(0, 3).map(({ trigger }) => trigger)).toEqual(order.map((one) => events[one]));
    expect(await here.audit()).toEqual([]);
  });
});

describe("an approved order", () => {
  it("is cancelled, revised or kept, and always ends where the choreography says", async () => {
    await using here = world({}, lifecycle);
    const choose = ({ outcomes }: Dilemma): string =>
      outcomes[Math.floor(here.ambient.random() * outcomes.length)] ?? "";
    const engine = await here.start({ services: scriptedServices(lifecycle, { choose }) });
    const ids = (await Promise.all(Array.from({ length: 200 }, () => engine.send(create)))).map(
      ({ sagaId }) => sagaId,
    );
    const wishes = ["cancelOrder", "reviseOrder", "acceptTicket", "startPreparing"].map((name) =>
      command(name),
    );
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(
        ids.map((sagaId) => {
          const wish = wishes[Math.floor(here.ambient.random() * wishes.length)] ?? create;
          return engine.send(wish, { sagaId });
        }),
      );
    }
    await engine.idle({ signal: soon() });
    const ends = await Promise.all(ids.map((sagaId) => engine.saga(sagaId).ended({ signal: soon() })));
    expect(ends.filter((end) => end === undefined)).toEqual([]);
    expect(engine.status().map(({ parked }) => parked)).toEqual(
      Array.from({ length: 4 }, () => ({ deferred: 0, retrying: 0, waiting: 0, dead: 0 })),
    );
    expect(await here.audit()).toEqual([]);
  });
});
