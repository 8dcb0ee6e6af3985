// Payloads are checked where they are made and where they are taken: what does not fit is refused, readably
// and whole.
import { describe, expect, it } from "vitest";
import { withHandler } from "../../../test/with-handler.ts";
import { z } from "zod";
import { soon } from "../../../../../test/soon.ts";
import { add, counting, countingServices } from "../../../test/counter-choreography.ts";
import { statusOf, World } from "../../../test/engine-world.ts";
import { choreography } from "../../contract/choreography.ts";
import { service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command, event } from "../../contract/trigger.ts";
import { flushOf, flushOne, journalOf } from "../../testing/store-samples.ts";

describe("a payload of a caller", () => {
  it("stays the caller's own to change, whatever its schema hands through", async () => {
    for (const schema of [z.unknown(), z.record(z.string(), z.unknown()), z.object({ list: z.unknown() })]) {
      const put = command("put", schema);
      const box = participant("box", {
        entity: "Box",
        initial: "OPEN",
        states: { OPEN: [on(put, to("SHUT"))], SHUT: [] },
      });
      const boxing = choreography("Boxing", { participants: [box], ends: { shut: { box: "SHUT" } } });
      await using here = new World({ choreography: boxing, services: [service(box)] });
      const engine = await here.start();
      const own = { list: [1, 2], more: 0 };
      await engine.send(put, own);
      own.list.push(3);
      own.more = 1;
      expect(own).toEqual({ list: [1, 2, 3], more: 1 });
    }
  });
});

describe("a wrong payload", () => {
  it("of a command is refused at once, naming the field", async () => {
    await using here = new World({ choreography: counting, services: countingServices() });
    const engine = await here.start();
    const wrong = { amount: "much" } as unknown as { amount: number };
    const sent = engine.send(add, wrong, { sagaId: "s" });
    await expect(sent).rejects.toMatchObject({ code: "Q_PAYLOAD_INVALID", retryable: false });
    await expect(sent).rejects.toThrow(/^add: amount: .*number/);
    expect(await here.states("s")).toEqual({});
  });

  it("that a handler emits rejects its command, and nothing is half-written", async () => {
    const emit = (amount: number): { amount: number } => ({ amount: amount + 0.5 });
    await using here = new World({ choreography: counting, services: countingServices(emit) });
    const engine = await here.start();
    const sent = engine.send(add, { amount: 1 }, { sagaId: "s", idempotencyKey: "k" });
    await expect(sent).rejects.toMatchObject({ code: "Q_PAYLOAD_INVALID" });
    await expect(sent).rejects.toThrow(/^Added: amount: /);
    expect(await here.states("s")).toEqual({});
    expect((await (await here.store("till")).answers(["k"])).size).toBe(0);
    expect(statusOf(engine, "till")).toMatchObject({ reactions: 0, commits: 0, trouble: undefined });
  });

  it("leaves the other commands of its batch alone", async () => {
    const emit = (amount: number): { amount: number } => ({ amount: amount === 3 ? 0.5 : amount });
    await using here = new World({ choreography: counting, services: countingServices(emit) });
    const engine = await here.start();
    const answers = await Promise.allSettled(
      [1, 2, 3, 4].map((amount) => engine.send(add, { amount }, { sagaId: `s${amount}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect((await (await here.store("till")).census()).get("OPEN")).toBe(3);
  });

  it("that comes from elsewhere is a dead letter with a readable cause, in the way of its key alone", async () => {
    await using here = new World({ choreography: counting, services: countingServices() });
    await here.stop(await here.start());
    // Rows that another version of the till has written.
    await here.store("till");
    const rows = [{ amount: "1" }, undefined, { amount: 3 }].map((data, index) =>
      journalOf(index + 1, { sagaId: `s${index}`, key: `s${index}`, emitted: [{ event: "Added", data }] }),
    );
    await flushOne(
      { database: here.database, participant: "till" },
      flushOf({ turn: 1, head: 3, journal: rows }),
    );
    const engine = await here.start({ services: countingServices().slice(1) });
    await here.calm();
    expect(statusOf(engine, "ledger").parked.dead).toBe(2);
    expect(await here.parked("ledger")).toMatchObject([
      { key: "s0", reason: "dead", attempts: 1, error: { code: "Q_PAYLOAD_INVALID" } },
      { key: "s1", reason: "dead", attempts: 1, error: { code: "Q_PAYLOAD_INVALID" } },
    ]);
    expect((await here.parked("ledger"))[0]?.error?.message).toMatch(/^Added: amount: .*number/);
    expect(await here.states("s2")).toMatchObject({ ledger: "WRITTEN" });
  });
});

const anything: z.ZodType = z.unknown();
const Written = event("Written", anything);
const write = command("write", anything);
const writer = participant("writer", {
  entity: "Tale",
  data: anything,
  initial: "NEW",
  states: { NEW: [on(write, to("WRITTEN").emits(Written))], WRITTEN: [] },
});
const reader = participant("reader", {
  entity: "Ear",
  data: anything,
  initial: "NEW",
  states: { NEW: [on(Written, to("READ"))], READ: [] },
});
const tale = choreography("Tale", {
  participants: [writer, reader],
  ends: { heard: { writer: "WRITTEN", reader: "READ" } },
});
/** The value becomes the event's payload, and the data of the reader's entity. */
const services = [
  service(writer, {
    handlers: { NEW: { write: ({ payload: value, choose }) => choose({ Written: value }) } },
  }),
  service(reader, {
    handlers: { NEW: { Written: ({ payload: value, choose }) => choose({ data: value }) } },
  }),
];

describe("a value that is not JSON", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = { inner: [cycle] };
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 40; depth += 1) deep = { deep };

  it.each([
    ["a date", { at: new Date(0) }, "at: a Date is not a plain object"],
    ["NaN", { price: Number.NaN }, "price: NaN is not a JSON number"],
    ["infinity", [Number.POSITIVE_INFINITY], "Infinity is not a JSON number"],
    ["undefined in an array", { list: [1, undefined] }, "undefined in an array is not JSON"],
    ["a hole in an array", { list: Array(3) }, "list: a hole in an array is not JSON"],
    ["a bigint", { big: 1n }, "big: a bigint is not JSON"],
    ["a function", { run: () => 1 }, "run: a function is not JSON"],
    ["a map", { map: new Map() }, "map: a Map is not a plain object"],
    ["a cycle", cycle, "deep"],
    ["nesting without end", deep, "more than 32 deep"],
    ["a value that is too large", "x".repeat(300_000), "larger than 262144 bytes"],
  ])("is refused with its place: %s", async (_, value, message) => {
    await using here = new World({ choreography: tale, services });
    const engine = await here.start();
    await expect(engine.send(write, value, { sagaId: "s" })).rejects.toThrow(message);
    expect(await here.states("s")).toEqual({});
  });

  it.each([
    ["null", null],
    ["false", false],
    ["an empty text", ""],
    ["a text with a NUL and half a character", { text: "a\0b\ud800" }],
    ["a name that objects have", { constructor: 1, toString: "x" }],
    ["a large text that fits", "x".repeat(262_000)],
    ["a deep value that fits", [[[[[[[[1]]]]]]]]],
  ])("and one that is arrives as it was sent, in memory and after a restart: %s", async (_, value) => {
    await using here = new World({ choreography: tale, services });
    const first = await here.start({ services: services.slice(0, 1) });
    await first.send(write, value, { sagaId: "read" });
    await here.stop(first);
    const second = await here.start();
    await second.send(write, value, { sagaId: "handed over" });
    await second.idle({ signal: soon() });
    for (const sagaId of ["read", "handed over"]) {
      const entity = (await (await here.store("reader")).load([sagaId])).get(sagaId);
      expect(entity).toMatchObject({ state: "READ" });
      expect(entity?.data).toEqual(value);
    }
  });

  it("is refused too when it nests deeper with every reaction, though its parts were checked before", async () => {
    const deeper = service(writer, {
      handlers: {
        NEW: { write: ({ payload: value, choose }) => choose({ Written: [[value]] }) },
      },
    });
    await using here = new World({ choreography: tale, services: [deeper, ...services.slice(1)] });
    const engine = await here.start();
    let value: unknown = 1;
    for (let depth = 0; depth < 32; depth += 1) value = [value];
    await expect(engine.send(write, value)).rejects.toThrow("more than 32 deep");
  });

  it("is frozen once checked: a handler cannot change what others will see", async () => {
    const meddling = service(reader, {
      handlers: {
        NEW: {
          Written: ({ payload: value, choose }) => {
            (value as { n: number }).n = 2;
            return choose();
          },
        },
      },
    });
    await using here = new World({ choreography: tale, services: [...services.slice(0, 1), meddling] });
    const engine = await here.start();
    await engine.send(write, { n: 1 }, { sagaId: "s" });
    await here.calm();
    expect(await here.parked("reader")).toMatchObject([
      { error: { code: "Q_HANDLER_THREW" }, data: { n: 1 } },
    ]);
  });
});

describe("a handler", () => {
  it.each([
    ["nothing", () => undefined, "something other than one of its outcomes"],
    ["a promise, even one that fails", () => Promise.reject(new Error("lost")), "a promise"],
    ["an outcome that is not declared", () => ({ outcome: "flee", payloads: {} }), "not an outcome"],
    ["an event that is not declared", () => ({ outcome: "", payloads: { Fled: {} } }), "does not emit Fled"],
  ])("that gives %s is refused", async (_, handle, message) => {
    const [good] = services;
    if (good === undefined) throw new Error("no service");
    const bad = withHandler(good, { state: "NEW", trigger: "write" }, handle as never);
    await using here = new World({ choreography: tale, services: [bad] });
    const engine = await here.start();
    const sent = engine.send(write, 1, { sagaId: "s" });
    await expect(sent).rejects.toMatchObject({ code: "Q_HANDLER_REFUSED" });
    await expect(sent).rejects.toThrow(message);
    await here.calm();
    expect(await here.states("s")).toEqual({});
  });

  it("that throws a long story leaves the beginning of it", async () => {
    const raging = service(reader, {
      handlers: {
        NEW: {
          Written: () => {
            throw new Error("x".repeat(1_000_000));
          },
        },
      },
    });
    await using here = new World({ choreography: tale, services: [...services.slice(0, 1), raging] });
    const engine = await here.start();
    await engine.send(write, 1);
    await here.calm();
    expect((await here.parked("reader"))[0]?.error?.message).toHaveLength(2_000);
  });
});
