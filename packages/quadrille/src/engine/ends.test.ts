// Ends of sagas: reported once, known after a restart and from other processes; idle and drained engines.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { gate, World } from "../../test/engine-world.ts";
import { buy, giveBack, sale, saleServices } from "../../test/points-system.ts";
import { type Fault, faultyDatabase } from "../../test/faulty-database.ts";
import { reference } from "../../test/reference-choreographies.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { command } from "../contract/trigger.ts";
import { scriptedServices } from "../testing/scripted.ts";
import type { SagaEnd } from "./message/api.ts";

const createOrder = fromJson(reference("create-order"));
const create = command("createOrder");

function world(call: () => Promise<unknown> = async () => undefined): World {
  const services = scriptedServices(createOrder, { choose: ({ outcomes }) => outcomes[0] ?? "", call });
  return new World({ choreography: createOrder, services });
}

describe("an end", () => {
  it("is reported once to every listener, as long as it listens, with the time it took", async () => {
    await using here = world(() => here.ambient.clock.sleep(40, new AbortController().signal));
    const engine = await here.start();
    const heard: SagaEnd[] = [];
    const stop = engine.onEnd((end) => heard.push(end));
    const { sagaId } = await engine.send(create);
    await here.pass(1_000);
    expect(heard.map(({ sagaId: of, end, durationMs }) => [of, end, durationMs])).toEqual([
      [sagaId, "approved", 40],
    ]);
    stop();
    await engine.send(create);
    await here.pass(1_000);
    expect(heard).toHaveLength(1);
  });

  it("of a saga that has gone on is reported with the time to that end", async () => {
    await using here = new World({ choreography: sale, services: saleServices() });
    const engine = await here.start();
    const heard: SagaEnd[] = [];
    engine.onEnd((end) => heard.push(end));
    const { sagaId } = await engine.send(buy, { customer: "c", cents: 1 });
    await here.pass(20_000);
    await engine.send(giveBack, { sagaId });
    await here.pass(1_000);
    expect(heard.map(({ end, durationMs }) => [end, durationMs])).toEqual([
      ["paid", 0],
      ["returned", 20_000],
    ]);
  });

  it("is reported to all though one listener throws, and the engine goes on", async () => {
    await using here = world();
    const engine = await here.start();
    const heard: string[] = [];
    engine.onEnd(() => {
      throw new Error("a bad listener");
    });
    engine.onEnd(({ sagaId }) => heard.push(sagaId));
    const sagas = await Promise.all([1, 2, 3].map(() => engine.send(create)));
    await engine.idle({ signal: soon() });
    expect(new Set(heard)).toEqual(new Set(sagas.map(({ sagaId }) => sagaId)));
    expect(engine.status().map(({ trouble }) => trouble)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(here.ambient.logged.some(({ message }) => message.includes("a bad listener"))).toBe(true);
  });

  it("that was reached before is known at once, also after a restart and to another process", async () => {
    await using here = world();
    const first = await here.start();
    const { sagaId } = await first.send(create);
    await first.idle({ signal: soon() });
    expect(await first.saga(sagaId).ended({ signal: soon() })).toMatchObject({
      end: "approved",
      durationMs: 0,
    });
    await here.stop(first);
    const second = await here.start();
    expect(await second.saga(sagaId).ended({ signal: soon() })).toMatchObject({
      end: "approved",
      durationMs: undefined,
    });
  });

  it("of a saga that began before a restart is reported after it", async () => {
    const held = gate();
    await using here = world(() => held.opened);
    const first = await here.start();
    const { sagaId } = await first.send(create);
    await here.calm();
    await here.stop(first);
    const second = await here.start();
    const heard: SagaEnd[] = [];
    second.onEnd((end) => heard.push(end));
    held.open();
    await second.idle({ signal: soon() });
    expect(heard).toMatchObject([{ sagaId, end: "approved" }]);
  });

  it("is waited for where only some participants run", async () => {
    await using here = world();
    const [order, ...others] = here.options.services;
    if (order === undefined) throw new Error("no services");
    const one = await here.start({ services: [order] });
    await here.start({ services: others });
    const { sagaId } = await one.send(create);
    let end: SagaEnd | undefined;
    void one
      .saga(sagaId)
      .ended({ signal: soon() })
      .then((reached) => (end = reached));
    await here.until(() => end !== undefined);
    expect(end).toMatchObject({ end: "approved" });
  });

  it("is found though the stores did not answer the first time", async () => {
    await using here = world();
    const first = await here.start();
    const { sagaId } = await first.send(create);
    await first.idle({ signal: soon() });
    await here.stop(first);
    let failing = false;
    const fault: Fault = async ({ method }) => {
      if (failing && method === "load") throw new Error("away");
    };
    const second = await here.start({ database: faultyDatabase(here.database, fault) });
    await here.calm();
    failing = true;
    let end: SagaEnd | undefined;
    void second
      .saga(sagaId)
      .ended({ signal: soon() })
      .then((reached) => (end = reached));
    await here.pass(100);
    failing = false;
    await here.until(() => end !== undefined);
    expect(end).toMatchObject({ end: "approved" });
  });

  it("is none for a saga of which nothing exists, though an end says that nothing exists", async () => {
    await using here = world();
    const engine = await here.start();
    const stop = new AbortController();
    const ended = engine.saga("unknown").ended({ signal: stop.signal });
    await here.pass(10_000);
    stop.abort();
    expect(await ended).toBe(undefined);
  });

  it("is not waited for any longer once the engine has stopped, with a signal or without", async () => {
    await using here = world(() => gate().opened);
    const engine = await here.start();
    const { sagaId } = await engine.send(create);
    const asked = [{}, { signal: new AbortController().signal }];
    const before = asked.map((options) => engine.saga(sagaId).ended(options));
    await here.calm();
    await here.stop(engine);
    const after = asked.map((options) => engine.saga(sagaId).ended(options));
    expect(await Promise.all([...before, ...after])).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("is not waited for longer than the signal says", async () => {
    await using here = world(() => gate().opened);
    const engine = await here.start();
    const { sagaId } = await engine.send(create);
    expect(await engine.saga(sagaId).ended({ signal: AbortSignal.abort() })).toBe(undefined);
    const stop = new AbortController();
    const ended = engine.saga(sagaId).ended({ signal: stop.signal });
    await here.calm();
    stop.abort();
    expect(await ended).toBe(undefined);
  });
});

describe("an engine", () => {
  it("is idle when nothing is pending and no activity runs, and not before", async () => {
    const held = gate();
    await using here = world(() => held.opened);
    const engine = await here.start();
    await engine.idle({ signal: soon() });
    const { sagaId } = await engine.send(create);
    let idle = false;
    const waiting = engine.idle({ signal: soon() }).then(() => (idle = true));
    await here.pass(5_000);
    expect(idle).toBe(false);
    held.open();
    await waiting;
    expect(await here.states(sagaId)).toMatchObject({ Order: "APPROVED", Kitchen: "AWAITING_ACCEPTANCE" });
  });

  it("drains for no longer than it may, and what is left goes on in the next one", async () => {
    const held = gate();
    await using here = world(() => held.opened);
    const engine = await here.start();
    const { sagaId } = await engine.send(create);
    let drained = false;
    const draining = engine.drain({ withinMs: 3_000 }).then(() => (drained = true));
    // A second of the three is for a database that does not answer.
    await here.pass(1_999);
    expect(drained).toBe(false);
    await here.pass(1);
    await draining;
    expect(here.ambient.sleeping()).toBe(0);
    held.open();
    const next = await here.start();
    expect(await next.saga(sagaId).ended({ signal: soon() })).toMatchObject({ end: "approved" });
  });

  it("can be stopped twice, and while it drains", async () => {
    await using here = world();
    const engine = await here.start();
    await Promise.all([engine[Symbol.asyncDispose](), engine[Symbol.asyncDispose](), engine.drain()]);
    expect(here.ambient.sleeping()).toBe(0);
  });

  it("that has no room to remember its sagas reports their ends all the same", async () => {
    await using here = world();
    const engine = await here.start({ limits: { sagasTrackedMax: 5, entitiesCachedMax: 5 } });
    const ends: string[] = [];
    engine.onEnd(({ sagaId }) => ends.push(sagaId));
    const sagas = await Promise.all(Array.from({ length: 100 }, () => engine.send(create)));
    await engine.idle({ signal: soon() });
    expect(new Set(ends)).toEqual(new Set(sagas.map(({ sagaId }) => sagaId)));
  });
});
