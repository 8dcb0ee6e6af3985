// What a service's code may throw, answer or refuse with, and no type forbids: it is the matter of its own
// message. A rejection without a handler fails the run.
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { begin, callingWorld } from "../../test/calling-choreography.ts";
import { add, counting, countingServices } from "../../test/counter-choreography.ts";
import { statusOf, World } from "../../test/engine-world.ts";
import { good, pay, payingWorld } from "../../test/paying-choreography.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command, event, type Schema } from "../contract/trigger.ts";
import { versioned } from "../contract/versioned.ts";
import { isQuadrilleError, thrownText } from "../errors.ts";
import { PayloadChecker } from "./message/payload.ts";

const throwing = (): never => {
  throw Object.create(null) as Error;
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** Values that a library may throw, and what they say. */
const thrown: readonly (readonly [string, unknown, string])[] = [
  ["an error", new Error("no"), "no"],
  ["a text", "no", "no"],
  ["nothing", undefined, "undefined"],
  ["a message that is a list", Object.assign(new Error(), { message: ["no", "and no"] }), '["no","and no"]'],
  ["a message that is a number", Object.assign(new Error(), { message: 404 }), "404"],
  ["a message that is an object", Object.assign(new Error(), { message: { text: "no" } }), '{"text":"no"}'],
  ["no message", Object.assign(new Error(), { message: undefined }), "undefined"],
  ["an object with a message", { message: "no" }, "no"],
  ["an object without a prototype", Object.assign(Object.create(null), { error: "no" }), '{"error":"no"}'],
  ["a message that throws", Object.defineProperty(new Error(), "message", { get: throwing }), "a value that"],
  ["a code that throws", Object.defineProperty(new Error("no"), "code", { get: throwing }), "no"],
  ["an object whose text throws", { toJSON: throwing, toString: throwing }, "a value that has no text"],
  ["a proxy that was revoked", revoked.proxy, "a value that has no text"],
  ["a symbol", Symbol("no"), "Symbol(no)"],
];

describe.each(thrown)("%s that is thrown", (_, value, text) => {
  it("has a text", () => {
    expect(thrownText(value)).toContain(text);
    expect(isQuadrilleError(value)).toBe(false);
  });

  it("by an event's handler is the matter of its own key", async () => {
    const services = countingServices();
    const [till] = services;
    const page = counting.participants.find(({ name }) => name === "ledger");
    if (till === undefined || page === undefined) throw new Error("counting has a till and a ledger");
    const handle = ({ entity, choose }: never): unknown => {
      const { key } = entity as { readonly key: string };
      if (key === "bad") throw value;
      return (choose as (changes: object) => unknown)({ data: { sum: 0 } });
    };
    const ledger = service(page, {
      handlers: { EMPTY: { Added: handle }, WRITTEN: { Added: handle } },
    } as never);
    await using here = new World({
      choreography: counting,
      services: [till, ledger],
      limits: { attemptsMax: 2 },
    });
    const engine = await here.start();
    for (const sagaId of ["bad", "fine"]) await engine.send(add, { amount: 1 }, { sagaId });
    await here.pass(10_000);
    expect(await here.states("fine")).toEqual({ till: "OPEN", ledger: "WRITTEN" });
    expect(statusOf(engine, "ledger")).toMatchObject({ trouble: undefined, parked: { dead: 1 } });
    expect((await here.parked("ledger"))[0]?.error?.message).toContain(text);
  });

  it("by a command's handler is its caller's answer", async () => {
    let isBad = true;
    const services = countingServices((amount) => {
      if (isBad) throw value;
      return { amount };
    });
    await using here = new World({ choreography: counting, services });
    const engine = await here.start();
    const bad = engine.send(add, { amount: 1 }, { sagaId: "bad" }).then(
      () => "accepted",
      () => "rejected",
    );
    await here.calm();
    isBad = false;
    await engine.send(add, { amount: 1 }, { sagaId: "fine" });
    expect(await bad).toBe("rejected");
  });

  it("by an activity is a failed attempt", async () => {
    await using here = callingWorld({ run: () => Promise.reject(value), policy: { attempts: 2 } });
    const engine = await here.start();
    await engine.send(begin);
    await here.pass(60_000);
    expect(statusOf(engine, "caller").parked.dead).toBe(1);
    expect((await here.parked("caller"))[0]).toMatchObject({ attempts: 2 });
  });

  it("by a listener to ends leaves the other listeners and the engine alone", async () => {
    await using here = payingWorld(async () => good);
    const engine = await here.start();
    const heard: string[] = [];
    engine.onEnd(() => {
      throw value;
    });
    engine.onEnd((): unknown => Promise.reject(value));
    engine.onEnd(({ sagaId }) => heard.push(sagaId));
    for (const sagaId of ["1", "2"]) await engine.send(pay, { sagaId });
    await here.calm();
    expect(heard).toEqual(["1", "2"]);
  });
});

const answering = (validate: (value: unknown) => unknown): Schema<unknown> =>
  ({ "~standard": { version: 1, vendor: "test", validate } }) as never;

/** Schemas that do not answer, with a part of what is said of them. */
const broken: readonly (readonly [string, Schema<unknown>, RegExp])[] = [
  ["a refinement of zod that throws", z.any().refine(throwing), /answered with a promise/],
  ["a transform of zod that throws", z.any().transform(throwing), /answered with a promise/],
  [
    "one that throws",
    answering(() => {
      throw new TypeError("no");
    }),
    /threw an error: no/,
  ],
  ["one that rejects", answering(() => Promise.reject(new Error("no"))), /answered with a promise/],
  [
    "one with a promise of another make",
    // oxlint-disable-next-line unicorn/no-thenable -- a schema without types may answer with anything
    answering(() => ({ then: () => undefined })),
    /answered with a promise/,
  ],
  [
    "an upcaster that rejects",
    versioned(z.any(), () => Promise.reject(new Error("no"))),
    /an upcaster gave a promise/,
  ],
];

describe("a schema that does not answer", () => {
  it.each(broken)("%s refuses the payload", async (name, schema, text) => {
    const checker = new PayloadChecker(1_000);
    const refused: unknown = expect.objectContaining({
      code: "Q_PAYLOAD_INVALID",
      message: expect.stringMatching(text) as unknown,
    });
    if (!name.startsWith("an upcaster"))
      expect(() => checker.enter(schema, { what: "it", data: {} })).toThrow(refused);
    expect(() => checker.accept(schema, { what: "it", data: {}, version: 1 })).toThrow(refused);
    // A rejection without a handler is reported after this.
    await setImmediate();
  });

  it("holds up the key of an event from the journal, and no other", async () => {
    let isBroken = false;
    const go = command("go");
    const Went = event(
      "Went",
      z.any().refine(() => (isBroken ? throwing() : true)),
    );
    const a = participant("A", {
      entity: "E",
      initial: "none",
      states: { none: [on(go, to("DONE").emits(Went))], DONE: [] },
    });
    const b = participant("B", {
      entity: "F",
      initial: "none",
      states: { none: [on(Went, to("OK"))], OK: [] },
    });
    const both = choreography("Both", { participants: [a, b], ends: { ok: { A: "DONE", B: "OK" } } });
    const first = service(a, {
      handlers: { none: { go: ({ entity, choose }) => choose({ Went: entity.key }) } },
    });
    await using here = new World({ choreography: both, services: [first] });
    const engine = await here.start();
    await engine.send(go, { sagaId: "bad" });
    isBroken = true;
    const other = await here.start({ services: [service(b)] });
    await here.pass(10_000);
    isBroken = false;
    await engine.send(go, { sagaId: "fine" });
    await here.pass(10_000);
    expect(await here.states("fine")).toEqual({ A: "DONE", B: "OK" });
    expect(statusOf(other, "B")).toMatchObject({ parked: { dead: 1 }, trouble: undefined });
    expect((await here.parked("B"))[0]?.error?.code).toBe("Q_PAYLOAD_INVALID");
  });
});

describe("a call's result that nothing can be decided on", () => {
  it.each([
    ["a getter that throws", Object.defineProperty({ ...good }, "body", { get: throwing, enumerable: true })],
    ["a proxy that cannot be listed", new Proxy({}, { ownKeys: throwing })],
  ])("%s is a dead letter, and no reason to call again", async (_, result) => {
    let calls = 0;
    await using here = payingWorld(
      async () => {
        calls += 1;
        return result as typeof good;
      },
      { attemptsMax: 3 },
    );
    const engine = await here.start();
    await engine.send(pay);
    await here.pass(60_000);
    expect(calls).toBe(1);
    expect(statusOf(engine, "payer")).toMatchObject({ parked: { dead: 1 }, trouble: undefined });
  });
});

describe("a payload that JSON would not keep as it is", () => {
  const hidden = (toJSON: () => unknown): object =>
    Object.defineProperty({ amount: 1 }, "toJSON", { value: toJSON, enumerable: false });
  it.each([
    ["a hidden toJSON that throws", hidden(throwing), /^it: inner: JSON would ask its method toJSON/],
    [
      "a hidden toJSON that gives another value",
      hidden(() => 2),
      /^it: inner: JSON would ask its method toJSON/,
    ],
    [
      "a list with one",
      Object.defineProperty([1], "toJSON", { value: () => 2 }),
      /^it: inner: JSON would ask/,
    ],
    [
      "an object of no class",
      Object.create(Object.create(null) as object),
      /^it: inner: a value without a con/,
    ],
    [
      "a getter that throws",
      Object.defineProperty({}, "a", { get: throwing, enumerable: true }),
      /cannot be read/,
    ],
  ])("is refused where it enters: %s", (_, inner: unknown, message) => {
    const checker = new PayloadChecker(1_000);
    expect(() => checker.enter(undefined, { what: "it", data: { inner } })).toThrow(
      expect.objectContaining({
        code: "Q_PAYLOAD_INVALID",
        message: expect.stringMatching(message) as unknown,
      }),
    );
  });

  it("may have a field of that name", () => {
    const data = { toJSON: "a text" };
    expect(new PayloadChecker(1_000).enter(undefined, { what: "it", data }).data).toEqual(data);
  });
});

describe("a log that fails", () => {
  it.each([
    ["throwing", throwing],
    ["with a rejection", () => Promise.reject(new Error("the disk is full"))],
  ])("%s holds up nothing", async (_, log) => {
    const services = countingServices((amount) => ({ amount: amount === 2 ? 0.5 : amount }));
    await using here = new World({ choreography: counting, services, limits: { attemptsMax: 1 } });
    const page = counting.participants.find(({ name }) => name === "ledger");
    if (page === undefined) throw new Error("counting has a ledger");
    const failing = service(page, {
      handlers: { EMPTY: { Added: throwing }, WRITTEN: { Added: throwing } },
    });
    const [till] = services;
    if (till === undefined) throw new Error("counting has a till");
    const ambient = { ...here.ambient, log: log as () => void };
    const engine = await here.start({ services: [till, failing], ambient });
    for (const sagaId of ["1", "2"]) {
      await engine.send(add, { amount: 1 }, { sagaId });
      await here.pass(5_000);
    }
    // Each of them is logged.
    expect(statusOf(engine, "ledger").parked.dead).toBe(2);
  });
});
