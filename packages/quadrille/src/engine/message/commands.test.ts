// Commands: one effect per idempotency key, refusals that say what is in the way, limits, and an engine that
// stops.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../../test/soon.ts";
import {
  add,
  closeTill,
  counting,
  countingServices,
  lockTill,
  unlockTill,
} from "../../../test/counter-choreography.ts";
import { gate, statusOf, World } from "../../../test/engine-world.ts";
import { type Fault, faultyDatabase } from "../../../test/faulty-database.ts";
import { command } from "../../contract/trigger.ts";
import type { Answer, Engine } from "./api.ts";
import type { Limits } from "./limits.ts";

function world(limits: Partial<Limits> = {}): World {
  return new World({ choreography: counting, services: countingServices(), limits });
}

async function sumOf(here: World, sagaId: string, name = "till"): Promise<unknown> {
  return (await (await here.store(name)).load([sagaId])).get(sagaId)?.data;
}

describe("a command with an idempotency key", () => {
  it("has one effect and one answer, however often it is repeated", async () => {
    await using here = world();
    const engine = await here.start();
    const first = await engine.send(add, { amount: 5 }, { idempotencyKey: "k" });
    expect(first).toMatchObject({ status: "accepted", state: "OPEN", repeated: false });
    const second = await engine.send(add, { amount: 5 }, { idempotencyKey: "k" });
    expect(second).toEqual({ ...first, repeated: true });
    expect((await (await here.store("till")).census()).get("OPEN")).toBe(1);
    await engine.idle({ signal: soon() });
    expect(await sumOf(here, first.sagaId, "ledger")).toEqual({ sum: 5 });
    expect(await here.audit()).toEqual([]);
  });

  it("has one effect when its repeats come at once, in one batch", async () => {
    await using here = world();
    const engine = await here.start();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => engine.send(add, { amount: 1 }, { idempotencyKey: "k" })),
    );
    expect(answers.filter((answer) => answer.status === "accepted" && !answer.repeated)).toHaveLength(1);
    expect(new Set(answers.map(({ sagaId }) => sagaId)).size).toBe(1);
    expect((await (await here.store("till")).census()).get("OPEN")).toBe(1);
  });

  it("has one effect among others in its batch, which all have theirs", async () => {
    await using here = world();
    const engine = await here.start();
    const first = await engine.send(add, { amount: 1 }, { idempotencyKey: "k" });
    const [other, again, third] = await Promise.all([
      engine.send(add, { amount: 2 }),
      engine.send(add, { amount: 1 }, { idempotencyKey: "k" }),
      engine.send(add, { amount: 3 }, { idempotencyKey: "l" }),
    ]);
    expect(again).toEqual({ ...first, repeated: true });
    expect(await sumOf(here, other.sagaId)).toEqual({ sum: 2 });
    expect(await sumOf(here, third.sagaId)).toEqual({ sum: 3 });
    expect((await (await here.store("till")).census()).get("OPEN")).toBe(3);
  });

  it("has one effect over a restart, and in two processes at once", async () => {
    await using here = world();
    const first = await here.start();
    const answer = await first.send(add, { amount: 1 }, { idempotencyKey: "k", sagaId: "s" });
    await here.stop(first);
    const engines = [await here.start(), await here.start()];
    const again = await Promise.all(
      engines.flatMap((engine) => [
        engine.send(add, { amount: 1 }, { idempotencyKey: "k", sagaId: "s" }),
        engine.send(add, { amount: 7 }, { idempotencyKey: "l", sagaId: "s" }),
      ]),
    );
    expect(again.filter(({ status }) => status === "accepted")).toHaveLength(4);
    expect(again[0]).toEqual({ ...answer, repeated: true });
    expect(await sumOf(here, "s")).toEqual({ sum: 8 });
    await here.pass(1_000);
    expect(await sumOf(here, "s", "ledger")).toEqual({ sum: 8 });
    expect(await here.audit()).toEqual([]);
  });

  it("gets its first answer also when the state has moved on and would refuse it", async () => {
    await using here = world();
    const engine = await here.start();
    await engine.send(add, { amount: 1 }, { sagaId: "s" });
    const first = await engine.send(closeTill, { sagaId: "s", idempotencyKey: "close" });
    const again = await engine.send(closeTill, { sagaId: "s", idempotencyKey: "close" });
    expect(again).toEqual({ ...first, repeated: true });
    expect(await engine.send(closeTill, { sagaId: "s", idempotencyKey: "other" })).toMatchObject({
      status: "refused",
      state: "CLOSED",
    });
  });

  it("keeps no refusal: the same key may succeed later", async () => {
    await using here = world();
    const engine = await here.start();
    await engine.send(add, { amount: 1 }, { sagaId: "s" });
    await engine.send(lockTill, { sagaId: "s" });
    const key = { sagaId: "s", idempotencyKey: "k" };
    expect(await engine.send(add, { amount: 2 }, key)).toMatchObject({ status: "refused" });
    await engine.send(unlockTill, { sagaId: "s" });
    expect(await engine.send(add, { amount: 2 }, key)).toMatchObject({ status: "accepted", repeated: false });
    expect(await sumOf(here, "s")).toEqual({ sum: 3 });
  });
});

describe("an idempotency key that comes again with another request", () => {
  const key = { sagaId: "s", idempotencyKey: "k" };
  const reused = { code: "Q_IDEMPOTENCY_KEY_REUSED", retryable: false };

  it.each<[what: string, again: (engine: Engine) => Promise<Answer>]>([
    ["another payload", (engine) => engine.send(add, { amount: 9 }, key)],
    ["another command", (engine) => engine.send(lockTill, key)],
    ["another saga", (engine) => engine.send(add, { amount: 1 }, { ...key, sagaId: "other" })],
    ["no saga", (engine) => engine.send(add, { amount: 1 }, { idempotencyKey: "k" })],
  ])("is refused with %s, and has no effect", async (_what, again) => {
    await using here = world();
    const engine = await here.start();
    const first = await engine.send(add, { amount: 1 }, key);
    await expect(again(engine)).rejects.toMatchObject(reused);
    expect(await engine.send(add, { amount: 1 }, key)).toEqual({ ...first, repeated: true });
    expect(await sumOf(here, "s")).toEqual({ sum: 1 });
    expect(await sumOf(here, "other")).toBeUndefined();
  });

  it("is refused within one batch, and when the state would refuse the command anyway", async () => {
    await using here = world();
    const engine = await here.start();
    const both = await Promise.allSettled([
      engine.send(add, { amount: 1 }, key),
      engine.send(add, { amount: 2 }, key),
    ]);
    expect(both).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: reused }]);
    await engine.send(closeTill, { sagaId: "s" });
    await expect(engine.send(add, { amount: 2 }, key)).rejects.toMatchObject(reused);
  });
});

describe("a refused command", () => {
  it("writes nothing and says what holds it: a lock or a state", async () => {
    await using here = world();
    const engine = await here.start();
    await engine.send(add, { amount: 1 }, { sagaId: "s" });
    await engine.send(lockTill, { sagaId: "s" });
    const { commits } = statusOf(engine, "till");
    expect(await engine.send(add, { amount: 1 }, { sagaId: "s" })).toEqual({
      status: "refused",
      sagaId: "s",
      key: "s",
      state: "LOCKED",
      heldBy: "lock",
      reason: "Till s is LOCKED, which does not take add",
    });
    expect(await engine.send(unlockTill, { sagaId: "unheard of" })).toMatchObject({
      status: "refused",
      state: "NEW",
      heldBy: "state",
      reason:
        "Till unheard of is NEW, which does not take unlockTill: nothing has happened to it yet. A command for a saga that has begun is sent with its { sagaId }",
    });
    expect(statusOf(engine, "till").commits).toBe(commits);
    expect(await sumOf(here, "s")).toEqual({ sum: 1 });
  });

  it("is refused for what the entity is, and not for what another process has changed it from", async () => {
    await using here = world({ renewMs: 1_000_000 });
    const [one, two] = [await here.start(), await here.start()];
    await one.send(add, { amount: 1 }, { sagaId: "s" });
    await one.send(lockTill, { sagaId: "s" });
    await here.calm();
    await two.send(unlockTill, { sagaId: "s" });
    expect(await one.send(add, { amount: 2 }, { sagaId: "s" })).toMatchObject({ status: "accepted" });
    await two.send(closeTill, { sagaId: "s" });
    expect(await one.send(unlockTill, { sagaId: "s" })).toMatchObject({ state: "CLOSED" });
  });
});

describe("an engine", () => {
  it("turns commands away that it has no room for, and takes them later", async () => {
    await using here = world({ commandsWaitingMax: 3 });
    const engine = await here.start();
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, () => engine.send(add, { amount: 1 })),
    );
    expect(answers.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "rejected",
    ]);
    expect(answers[4]).toMatchObject({ reason: { code: "Q_OVERLOADED", retryable: true } });
    expect(await engine.send(add, { amount: 1 })).toMatchObject({ status: "accepted" });
  });

  it("knows its commands", async () => {
    await using here = world();
    const engine = await here.start();
    await expect(engine.send(command("dance"))).rejects.toMatchObject({
      code: "Q_UNKNOWN_COMMAND",
    });
  });

  it.each([
    ["an empty saga id", { sagaId: "" }],
    ["a saga id that is too long", { sagaId: "x".repeat(201) }],
    ["a saga id with a NUL", { sagaId: "a\0b" }],
    ["half a character", { sagaId: "\ud800" }],
    ["an empty idempotency key", { idempotencyKey: "" }],
    ["an idempotency key with a NUL", { idempotencyKey: "a\0" }],
    ["a trace with a NUL", { trace: "00-\0" }],
    ["a trace that is too long", { trace: "x".repeat(1_000) }],
  ])("turns %s away before it can harm a batch", async (_, options) => {
    await using here = world();
    const engine = await here.start();
    await expect(engine.send(add, { amount: 1 }, options)).rejects.toMatchObject({
      code: "Q_PAYLOAD_INVALID",
    });
  });

  it("answers what is in its batch when it stops, and turns the rest away", async () => {
    await using here = world({ batchMessagesMax: 2 });
    const engine = await here.start();
    await here.calm();
    const sent = Array.from({ length: 5 }, (_, index) =>
      engine.send(add, { amount: 1 }, { sagaId: `saga-${index}` }),
    );
    const stopped = here.stop(engine);
    const answers = await Promise.allSettled(sent);
    await stopped;
    for (const [index, answer] of answers.entries()) {
      if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "Q_STOPPING" });
      expect(await sumOf(here, `saga-${index}`)).toEqual(
        answer.status === "fulfilled" ? { sum: 1 } : undefined,
      );
    }
    expect(answers.some(({ status }) => status === "rejected")).toBe(true);
    await expect(engine.send(add, { amount: 1 })).rejects.toMatchObject({
      code: "Q_STOPPING",
      retryable: true,
    });
  });

  it("says that it does not know, when it stops before the answer to a flush has come", async () => {
    await using here = world();
    const held = gate();
    const fault: Fault = async ({ method, phase }) => {
      if (method === "flush" && phase === "after") await held.opened;
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    const writing = engine.send(add, { amount: 1 }, { sagaId: "a" }).catch((error: unknown) => error);
    await here.calm();
    const waiting = engine.send(add, { amount: 1 }, { sagaId: "b" }).catch((error: unknown) => error);
    const stopping = here.stop(engine);
    await here.pass(1_000);
    await stopping;
    expect(await writing).toMatchObject({ code: "Q_IN_DOUBT" });
    expect(await waiting).toMatchObject({ code: "Q_STOPPING", retryable: true });
    held.open();
  });

  it("lets a caller give up: what waits is forgotten, what is being written takes effect", async () => {
    await using here = world();
    const held = gate();
    const fault: Fault = async ({ method, phase }) => {
      if (method === "flush" && phase === "before") await held.opened;
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    const caller = new AbortController();
    const options = { signal: caller.signal };
    const writing = engine
      .send(add, { amount: 1 }, { sagaId: "a", ...options })
      .catch((error: unknown) => error);
    await here.calm();
    const waiting = engine
      .send(add, { amount: 1 }, { sagaId: "b", ...options })
      .catch((error: unknown) => error);
    caller.abort("enough");
    expect([await writing, await waiting]).toEqual(["enough", "enough"]);
    await expect(engine.send(add, { amount: 1 }, options)).rejects.toBe("enough");
    held.open();
    await here.calm();
    expect(await here.states("a")).toMatchObject({ till: "OPEN" });
    expect(await here.states("b")).toEqual({});
  });

  it("drains: takes no more, and ends what it has taken", async () => {
    await using here = world();
    const engine = await here.start();
    const sent = Array.from({ length: 100 }, () => engine.send(add, { amount: 1 }));
    const drained = engine.drain();
    await expect(engine.send(add, { amount: 1 })).rejects.toMatchObject({ code: "Q_STOPPING" });
    await drained;
    expect((await Promise.all(sent)).every(({ status }) => status === "accepted")).toBe(true);
    expect((await (await here.store("ledger")).census()).get("WRITTEN")).toBe(100);
    expect(here.ambient.sleeping()).toBe(0);
  });
});
