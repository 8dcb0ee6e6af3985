// Lanes, shared entities, transports at their worst: whatever the way, each message has its effect once.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { soon } from "../../../../test/soon.ts";
import { statusOf, World } from "../../test/engine-world.ts";
import { reference } from "../../test/reference-choreographies.ts";
import { choreography } from "../contract/choreography.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import type { Database, RoundResult } from "../store/database.ts";
import { scriptedServices } from "../testing/scripted.ts";
import { directTransport } from "../transport/direct.ts";
import type { Transport } from "../transport/transport.ts";
import { unreliableTransport } from "../transport/unreliable.ts";
import type { Engine } from "./message/api.ts";
import { laneOf } from "./message/lane-of.ts";

const createOrder = fromJson(reference("create-order"));
const create = command("createOrder");

function orders(more: { readonly lanes?: number; readonly seed?: number } = {}): World {
  const services = scriptedServices(createOrder, {
    choose: ({ outcomes }) => outcomes[Math.floor(here.ambient.random() * outcomes.length)] ?? "",
  });
  const here: World = new World({ choreography: createOrder, services, ...more });
  return here;
}

/** All participants' journals by a transport made of them. */
async function transportOf(here: World): Promise<ReturnType<typeof directTransport>> {
  const stores = new Map(
    await Promise.all(
      createOrder.participants.map(async ({ name }) => [name, await here.store(name)] as const),
    ),
  );
  return directTransport(stores);
}

describe("several lanes", () => {
  it("share the sagas between them, and all come to their ends", async () => {
    await using here = orders({ lanes: 4 });
    const engine = await here.start();
    const ends = new Map<string, string>();
    engine.onEnd(({ sagaId, end }) => ends.set(sagaId, end));
    const sagaIds = Array.from({ length: 100 }, (_, nth) => `saga ${nth}`);
    await Promise.all(sagaIds.map((sagaId) => engine.send(create, { sagaId })));
    await engine.idle({ signal: soon() });
    expect(ends.size).toBe(100);
    const store = await here.store("Order");
    const heads = await Promise.all([0, 1, 2, 3].map(async (lane) => (await store.recover(lane)).head));
    expect(heads.every((head) => head > 0)).toBe(true);
    expect(statusOf(engine, "Order").reactions).toBe(heads.reduce((sum, head) => sum + head, 0));
    expect(await here.audit()).toEqual([]);
  });

  it("get many sagas without ids of their own into one of them, in a row", async () => {
    await using here = orders({ lanes: 4 });
    const engine = await here.start();
    const lanes: number[][] = [];
    for (let wave = 0; wave < 4; wave += 1) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => engine.send(create)));
      lanes.push([...new Set(answers.map(({ sagaId }) => laneOf(sagaId, 4)))]);
    }
    expect(lanes.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
    expect(new Set(lanes.flat()).size).toBe(1);
  });

  it("keep an idempotency key's promise between them", async () => {
    await using here = orders({ lanes: 4 });
    const engine = await here.start();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => engine.send(create, { idempotencyKey: "k" })),
    );
    expect(new Set(answers.map(({ sagaId }) => sagaId)).size).toBe(1);
    expect(answers.filter((one) => one.status === "accepted" && !one.repeated)).toHaveLength(1);
  });

  it("go on without one that another process has written to, and with it again in its turn", async () => {
    await using here = orders({ lanes: 2 });
    const { database } = here;
    const results: (readonly [lanes: readonly number[], result: RoundResult])[] = [];
    const flush: Database["flush"] = async (round) => {
      const lanes = (round.get("Order") ?? []).map(({ lane }) => lane);
      const result = await database.flush(round);
      results.push([lanes, result]);
      return result;
    };
    const engine = await here.start({ database: { ...database, flush } });
    const idOf = (lane: number): string =>
      Array.from({ length: 50 }, (_, nth) => `saga ${nth}`).find((id) => laneOf(id, 2) === lane) ?? "";
    const [first, second] = [idOf(0), idOf(1)];
    const orderStore = await database.open({ name: "Order", lanes: 2 });
    await engine.idle({ signal: soon() });
    results.length = 0;
    await orderStore.skipTurn(1);
    const sent = [first, second].map((sagaId) => engine.send(create, { sagaId }));
    const states = (await Promise.all(sent)).map(({ status }) => status);
    expect(states).toEqual(["accepted", "accepted"]);
    const [together, alone] = results;
    expect(together).toEqual([[0, 1], { result: "overtaken", participant: "Order", lanes: [1] }]);
    // Each by itself, whichever comes first: the lane that was overtaken has to be read again.
    expect(alone?.[0]).toHaveLength(1);
    expect(results.slice(1).every(([, { result }]) => result === "committed")).toBe(true);
    await engine.idle({ signal: soon() });
    expect(await here.audit()).toEqual([]);
  });

  it("let a flood in one of them leave room for the others", async () => {
    await using here = orders({ lanes: 2 });
    const engine = await here.start({ limits: { batchMessagesMax: 4 } });
    const ids = Array.from({ length: 400 }, (_, nth) => `saga ${nth}`);
    const flood = ids.filter((id) => laneOf(id, 2) === 0).slice(0, 100);
    const answered: string[] = [];
    const send = async (sagaId: string): Promise<void> => {
      await engine.send(create, { sagaId });
      answered.push(sagaId);
    };
    const one = ids.find((id) => laneOf(id, 2) === 1) ?? "";
    await Promise.all([...flood, one].map(send));
    expect(answered.indexOf(one)).toBeLessThan(20);
  });

  it("that are both flooded have their turns, wherever they lie among the others", async () => {
    await using here = orders({ lanes: 16 });
    const engine = await here.start({ limits: { batchMessagesMax: 8 } });
    const ids = Array.from({ length: 20_000 }, (_, nth) => `saga ${nth}`);
    const done: [number, number] = [0, 0];
    const flood = async (lane: 0 | 1): Promise<void> => {
      const own = ids.filter((id) => laneOf(id, 16) === lane);
      const next = async (): Promise<void> => {
        const sagaId = own.pop();
        if (sagaId === undefined || done[0] + done[1] > 600) return;
        await engine.send(create, { sagaId });
        done[lane] += 1;
        return next();
      };
      await Promise.all(Array.from({ length: 32 }, next));
    };
    await Promise.all([flood(0), flood(1)]);
    expect(Math.max(...done) / Math.min(...done)).toBeLessThan(1.5);
  });

  it("are fixed once the tables are made", async () => {
    const database = memoryDatabase();
    await using here = orders({ lanes: 2 });
    await here.stop(await here.start({ database }));
    await expect(here.start({ database, lanes: 3 })).rejects.toMatchObject({ code: "Q_LANES_CHANGED" });
  });

  it("are as many as the tables were made with, where it is not said how many", async () => {
    const database = memoryDatabase();
    await using before = orders({ lanes: 3 });
    await before.stop(await before.start({ database }));
    await using here = orders();
    const engine = await here.start({ database });
    const sagaIds = Array.from({ length: 12 }, (_, nth) => `saga ${nth}`);
    await Promise.all(sagaIds.map((sagaId) => engine.send(create, { sagaId })));
    const store = await database.open({ name: "Order", lanes: 3 });
    const heads = await Promise.all([0, 1, 2].map(async (lane) => (await store.recover(lane)).head));
    expect(heads.every((head) => head > 0)).toBe(true);
  });

  it("are at first as many as the database suggests, and one where entities are shared", async () => {
    const database: Database = { ...memoryDatabase(), lanesAtFirst: 4 };
    await using here = orders();
    await here.start({ database });
    expect(await (await database.inspect({ name: "Order" })).reading()).toHaveLength(4);
    const shops: Database = { ...memoryDatabase(), lanesAtFirst: 4 };
    await using shared = new World({ choreography: shopping, services: shopServices });
    await shared.start({ database: shops });
    expect(await (await shops.inspect({ name: "customers" })).reading()).toHaveLength(1);
  });

  it("are refused where the tables have several, and entities are shared now", async () => {
    const database = memoryDatabase();
    await database.open({ name: "customers", lanes: 3 });
    await using here = new World({ choreography: shopping, services: shopServices });
    await expect(here.start({ database })).rejects.toThrow(
      /customers keys Customer .* so it runs with one lane, not the 3 that the tables were made with/,
    );
  });

  it("have their entities looked up by one statement for all of them", async () => {
    const database = memoryDatabase();
    await using here = orders({ lanes: 8 });
    const asked: number[] = [];
    const open: Database["open"] = async (setup) => {
      const store = await database.open(setup);
      if (setup.name !== "Order") return store;
      const load = store.load.bind(store);
      return Object.assign(store, {
        load: (keys: readonly string[]) => {
          asked.push(keys.length);
          return load(keys);
        },
      });
    };
    const engine = await here.start({ database: { ...database, open } });
    const sagaIds = Array.from({ length: 30 }, (_, nth) => `saga ${nth}`);
    await Promise.all(sagaIds.map((sagaId) => engine.send(create, { sagaId })));
    // To decide on them, and to know their sagas' ends: others may have begun them.
    expect(asked).toEqual([30, 30]);
  });
});

describe("a transport that repeats, shortens, delays and loses wake-ups", () => {
  const faults = { repeat: 0.5, repeatRowsMax: 9, delay: 0.4, shorten: 0.4, loseWake: 0.5, repeatWake: 0.5 };

  it.each([1, 2, 3, 4, 5])("changes nothing in the end (seed %i)", async (seed) => {
    await using here = orders({ seed });
    // Each participant runs apart, so that every row goes by the transport.
    const direct = await transportOf(here);
    const transport: Transport = unreliableTransport(direct, faults, () => here.ambient.random());
    const engines = await Promise.all(
      here.options.services.map((one) => here.start({ services: [one], transport })),
    );
    const order = engines[0] as Engine;
    const ends = new Map<string, string | undefined>();
    for (let count = 0; count < 20; count += 1) {
      const { sagaId } = await order.send(create);
      void order
        .saga(sagaId)
        .ended({ signal: soon() })
        .then((end) => ends.set(sagaId, end?.end));
    }
    await here.until(() => ends.size === 20);
    expect([...ends.values()].every((end) => end === "approved" || end === "rejected")).toBe(true);
    await here.pass(5_000);
    expect(await here.audit()).toEqual([]);
  });

  it("that delivers everything again, each time, is listened to for what is new", async () => {
    await using here = orders();
    const direct = await transportOf(here);
    const transport: Transport = {
      ...direct,
      read: ({ limit, ...reading }) => direct.read({ ...reading, after: 0, limit: limit + reading.after }),
    };
    const engine = await here.start({ transport, limits: { handoverRowsMax: 0 } });
    for (let count = 0; count < 5; count += 1) {
      await engine.send(create);
      await here.pass(500);
      expect(engine.status().map(({ trouble }) => trouble)).toEqual(Array(4).fill(undefined));
    }
    expect(await here.audit()).toEqual([]);
  });

  it("that passes a row over is stopped, and believed again when it delivers it", async () => {
    await using here = orders();
    const direct = await transportOf(here);
    let skipping = true;
    const transport: Transport = {
      ...direct,
      read: async (reading) => {
        const whole = await direct.read(reading);
        return { ...whole, rows: whole.rows.slice(skipping ? 1 : 0) };
      },
    };
    const services = here.options.services.filter(({ participant: { name } }) => name === "Consumer");
    const others = here.options.services.filter((one) => !services.includes(one));
    const order = await here.start({ services: others });
    const consumer = await here.start({ services, transport });
    const [one, two] = [await order.send(create), await order.send(create)];
    await here.pass(1_000);
    expect(await here.states(two.sagaId)).not.toHaveProperty("Consumer");
    expect(statusOf(consumer, "Consumer").trouble).toContain(
      "The journal of Order goes on at position 2, and was read up to 0",
    );
    skipping = false;
    await here.pass(10_000);
    expect(await here.states(one.sagaId)).toHaveProperty("Consumer");
    expect(await here.states(two.sagaId)).toHaveProperty("Consumer");
    expect(await here.audit()).toEqual([]);
  });
});

const Ordered = event("Ordered", z.object({ customer: z.string(), total: z.number() }));
const order = command("order", z.object({ customer: z.string(), total: z.number() }));
const shop = participant("shop", {
  entity: "Order",
  initial: "NEW",
  states: { NEW: [on(order, to("ORDERED").emits(Ordered))], ORDERED: [] },
});
const customers = participant("customers", {
  entity: "Customer",
  data: z.object({ spent: z.number() }),
  initial: "NEW",
  states: {
    NEW: [on(Ordered, to("KNOWN"), { by: ({ customer }) => customer })],
    KNOWN: [on(Ordered, to("KNOWN"))],
  },
});
const shopping = choreography("Shopping", {
  participants: [shop, customers],
  ends: { ordered: { shop: "ORDERED" } },
});
const shopServices = [
  service(shop, {
    handlers: { NEW: { order: ({ payload: ordered, choose }) => choose({ Ordered: ordered }) } },
  }),
  service(customers, {
    handlers: {
      NEW: { Ordered: ({ payload: { total }, choose }) => choose({ data: { spent: total } }) },
      KNOWN: {
        Ordered: ({ payload: { total }, entity, choose }) => {
          if (total < 0) throw new Error("no refunds");
          return choose({ data: { spent: entity.data.spent + total } });
        },
      },
    },
  }),
];

describe("an entity that sagas share", () => {
  it("is keyed by the payload, takes all their events in order, and is blocked for all by a bad one", async () => {
    await using here = new World({
      choreography: shopping,
      services: shopServices,
      limits: { attemptsMax: 1 },
    });
    const engine = await here.start();
    for (const total of [1, 2, 3]) await engine.send(order, { customer: "ada", total });
    await engine.send(order, { customer: "bob", total: 5 });
    await engine.send(order, { customer: "ada", total: -1 });
    await engine.send(order, { customer: "ada", total: 4 });
    await engine.send(order, { customer: "bob", total: 6 });
    await engine.idle({ signal: soon() });
    const known = await (await here.store("customers")).load(["ada", "bob"]);
    expect(known.get("ada")?.data).toEqual({ spent: 6 });
    expect(known.get("bob")?.data).toEqual({ spent: 11 });
    expect((await here.parked("customers")).map(({ key, reason }) => [key, reason])).toEqual([
      ["ada", "dead"],
      ["ada", "waiting"],
    ]);
    expect(await here.audit()).toEqual([]);
  });

  it("keeps up with sagas in two processes", async () => {
    await using here = new World({ choreography: shopping, services: shopServices });
    const engines = [await here.start(), await here.start()];
    const sent = Array.from({ length: 50 }, (_, index) =>
      (engines[index % 2] as Engine).send(order, { customer: "ada", total: 1 }),
    );
    await Promise.all(sent);
    await here.pass(10_000);
    expect((await (await here.store("customers")).load(["ada"])).get("ada")?.data).toEqual({ spent: 50 });
    expect(await here.audit()).toEqual([]);
  });

  it.each([[""], ["x".repeat(300)], ["a\0b"]])(
    "has a key that can be one; %j is a dead letter",
    async (customer) => {
      await using here = new World({ choreography: shopping, services: shopServices });
      const engine = await here.start();
      await engine.send(order, { customer, total: 1 });
      await engine.send(order, { customer: "ada", total: 1 });
      await engine.idle({ signal: soon() });
      expect(await here.parked("customers")).toMatchObject([
        { reason: "dead", error: { code: "Q_PAYLOAD_INVALID" } },
      ]);
      expect((await (await here.store("customers")).load(["ada"])).get("ada")?.data).toEqual({ spent: 1 });
    },
  );

  it("runs with one lane", async () => {
    await using here = new World({ choreography: shopping, services: shopServices, lanes: 2 });
    await expect(here.start()).rejects.toThrow("customers keys Customer by something other than the saga");
  });
});

describe("a cache", () => {
  it("smaller than a batch forgets nothing that the batch needs", async () => {
    await using here = orders();
    const engine = await here.start({ limits: { entitiesCachedMax: 2, sagasTrackedMax: 10 } });
    await Promise.all(Array.from({ length: 50 }, () => engine.send(create)));
    await engine.idle({ signal: soon() });
    const census = await (await here.store("Order")).census();
    expect((census.get("APPROVED") ?? 0) + (census.get("REJECTED") ?? 0)).toBe(50);
    expect(await here.audit()).toEqual([]);
  });

  it.each([1, 2, 3])("and a batch of %i messages make no difference", async (batchMessagesMax) => {
    await using here = orders({ seed: batchMessagesMax });
    const engine = await here.start({ limits: { batchMessagesMax, readRowsMax: 2, handoverRowsMax: 3 } });
    await Promise.all(Array.from({ length: 20 }, () => engine.send(create)));
    await engine.idle({ signal: soon() });
    const census = await (await here.store("Order")).census();
    expect((census.get("APPROVED") ?? 0) + (census.get("REJECTED") ?? 0)).toBe(20);
    expect(await here.audit()).toEqual([]);
  });
});
