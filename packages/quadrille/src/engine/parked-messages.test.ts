// What happens to a message that its handler does not take: retries, dead letters, order behind it, redrive,
// discard.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { statusOf, World } from "../../test/engine-world.ts";
import { faultyDatabase } from "../../test/faulty-database.ts";
import { say, talk, talkServices } from "../../test/talk-choreography.ts";
import type { Engine } from "./message/api.ts";
import { defaultLimits } from "./message/limits.ts";
import { inLineMax } from "./lane/parking.ts";
import { flushOne } from "../testing/store-samples.ts";

const none = { deferred: 0, retrying: 0, waiting: 0, dead: 0 };

/** A world in which hearing fails while `failing` says so. */
function talkWorld(failing: (n: number, sagaId: string) => boolean): { here: World; tried: number[] } {
  const tried: number[] = [];
  const services = talkServices((n, sagaId) => {
    if (n < 0) return;
    tried.push(n);
    if (failing(n, sagaId)) throw new Error(`cannot hear ${n}`);
  });
  return { here: new World({ choreography: talk, services }), tried };
}

async function sayAll(engine: Engine, sagaId: string, words: readonly number[]): Promise<void> {
  for (const n of words) await engine.send(say, { n }, { sagaId });
}

async function heardBy(here: World, sagaId: string): Promise<unknown> {
  return (await (await here.store("listener")).load([sagaId])).get(sagaId)?.data;
}

describe("a handler that throws", () => {
  it("parks its own key alone", async () => {
    const { here } = talkWorld((_, sagaId) => sagaId === "bad");
    await using _ = here;
    const engine = await here.start();
    await Promise.all(["good", "bad", "fine"].map((sagaId) => sayAll(engine, sagaId, [1, 2, 3])));
    await here.calm();
    expect(await heardBy(here, "good")).toEqual({ heard: [1, 2, 3] });
    expect(await heardBy(here, "fine")).toEqual({ heard: [1, 2, 3] });
    expect(await heardBy(here, "bad")).toBe(undefined);
    expect((await here.parked("listener")).map(({ key, reason, data }) => [key, reason, data])).toEqual([
      ["bad", "retrying", { n: 1 }],
      ["bad", "waiting", { n: 2 }],
      ["bad", "waiting", { n: 3 }],
    ]);
  });

  it("is reported to the operator when it first fails, and when it is given up, and not in between", async () => {
    const { here } = talkWorld((n) => n === 1);
    await using _ = here;
    const engine = await here.start({ limits: { attemptsMax: 3 } });
    await sayAll(engine, "a", [1, 2]);
    await here.pass(60_000);
    expect(here.ambient.logged).toEqual([
      {
        level: "warn",
        code: "Q_HANDLER_THREW",
        message: "Said for a failed and is tried again: cannot hear 1.",
        participant: "listener",
      },
      {
        level: "error",
        code: "Q_HANDLER_THREW",
        message:
          "Said for a is a dead letter after 3 attempts: cannot hear 1. Fix the cause, then: quadrille redrive listener speaker/0/1/0 (or discard it, with a reason).",
        participant: "listener",
      },
    ]);
  });

  it("is reported once a minute as long as everything fails", async () => {
    const { here } = talkWorld(() => true);
    await using _ = here;
    const engine = await here.start();
    for (const sagaId of ["a", "b", "c"]) await sayAll(engine, sagaId, [1]);
    await here.calm();
    expect(here.ambient.logged.map(({ level, message }) => [level, message])).toEqual([
      ["warn", "Said for a failed and is tried again: cannot hear 1."],
    ]);
    await here.pass(60_000);
    await sayAll(engine, "d", [2]);
    await here.calm();
    expect(here.ambient.logged.at(-1)?.message).toBe("Said for d failed and is tried again: cannot hear 2.");
  });

  it("is reported without control characters that a terminal would obey", async () => {
    const { here } = talkWorld(() => true);
    await using _ = here;
    const engine = await here.start({ limits: { attemptsMax: 1 } });
    await sayAll(engine, "a\u001b[2Jb\n", [1]);
    await here.calm();
    expect(here.ambient.logged).toHaveLength(1);
    expect(here.ambient.logged[0]?.message).toMatch(/^Said for a\uFFFD\[2Jb\uFFFD is a dead letter: /);
  });

  it("leaves a readable cause with the message", async () => {
    const { here } = talkWorld(() => true);
    await using _ = here;
    const engine = await here.start();
    await sayAll(engine, "a", [7]);
    await here.calm();
    const [record] = await here.parked("listener");
    expect(record).toMatchObject({
      trigger: "Said",
      attempts: 1,
      error: { code: "Q_HANDLER_THREW", message: "cannot hear 7" },
      cause: { source: "speaker", lane: 0, position: 1 },
    });
  });

  it("is tried again, and what queued behind follows in order", async () => {
    let failing = true;
    const { here, tried } = talkWorld((n) => failing && n === 1);
    await using _ = here;
    const engine = await here.start();
    await sayAll(engine, "a", [0, 1, 2, 3]);
    await here.calm();
    failing = false;
    await sayAll(engine, "a", [4]);
    await here.until(() => statusOf(engine, "listener").parked.retrying === 0);
    expect(await heardBy(here, "a")).toEqual({ heard: [0, 1, 2, 3, 4] });
    expect(tried).toEqual([0, 1, 1, 2, 3, 4]);
    expect(statusOf(engine, "listener").parked).toEqual(none);
    expect(await here.audit()).toEqual([]);
  });

  it("is tried again after waits that double, with jitter, up to a limit; then the message is a dead letter", async () => {
    const times: number[] = [];
    const limits = { attemptsMax: 6, backoffMs: 100, backoffMsMax: 1_000, pollMs: 100_000 };
    const services = talkServices(() => {
      times.push(here.ambient.clock.now());
      throw new Error("never");
    });
    const here = new World({ choreography: talk, services, limits });
    await using _ = here;
    const engine = await here.start();
    await sayAll(engine, "a", [1]);
    await here.until(() => statusOf(engine, "listener").parked.dead === 1);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits).toHaveLength(5);
    [100, 200, 400, 800, 1_000].forEach((cap, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(cap / 2);
      expect(waits[index]).toBeLessThanOrEqual(cap);
    });
    expect(waits.some((wait, index) => wait !== [100, 200, 400, 800, 1_000][index])).toBe(true);
    await here.pass(600_000);
    expect(times).toHaveLength(6);
  });

  it("costs nothing while it waits: one poisoned instance stalls all others (occurrent #938) is excluded", async () => {
    const { here, tried } = talkWorld((_, sagaId) => sagaId === "bad");
    await using _ = here;
    const engine = await here.start();
    await sayAll(engine, "bad", [1, 2, 3]);
    await here.until(() => statusOf(engine, "listener").parked.dead === 1);
    const { commits } = statusOf(engine, "listener");
    await here.pass(60_000);
    expect(statusOf(engine, "listener").commits).toBe(commits);
    expect(tried).toHaveLength(defaultLimits.attemptsMax);
    const sagas = Array.from({ length: 100 }, (_, index) => `saga-${index}`);
    await Promise.all(sagas.map((sagaId) => sayAll(engine, sagaId, [1, 2])));
    await engine.idle({ signal: soon() });
    for (const sagaId of sagas) expect(await heardBy(here, sagaId)).toEqual({ heard: [1, 2] });
  });

  it("keeps its message and the order behind it over a restart", async () => {
    let failing = true;
    const { here } = talkWorld((n) => failing && n === 1);
    await using _ = here;
    const first = await here.start();
    await sayAll(first, "a", [1, 2]);
    await here.calm();
    await here.stop(first);
    failing = false;
    const second = await here.start();
    await sayAll(second, "a", [3]);
    await here.until(() => statusOf(second, "listener").parked.waiting === 0);
    expect(await heardBy(here, "a")).toEqual({ heard: [1, 2, 3] });
    expect(await here.parked("listener")).toEqual([]);
    expect(await here.audit()).toEqual([]);
  });
});

describe("a dead letter", () => {
  /** A world with 1 dead, 2 and 3 behind it. */
  async function dead(): Promise<{ here: World; engine: Engine; fix: () => void }> {
    let failing = true;
    const { here } = talkWorld((n) => failing && n === 1);
    const engine = await here.start();
    await sayAll(engine, "a", [0, 1, 2]);
    await here.until(() => statusOf(engine, "listener").parked.dead === 1);
    await sayAll(engine, "a", [3]);
    await here.calm();
    expect(statusOf(engine, "listener").parked).toEqual({ ...none, waiting: 2, dead: 1 });
    return { here, engine, fix: () => void (failing = false) };
  }
  const ofDead =
    <T>(wish: T) =>
    ({ reason }: { readonly reason: string }) =>
      reason === "dead" ? wish : undefined;

  it("goes first when redriven: a redrive overtakes newer messages of the same key (wolverine #986) is excluded", async () => {
    const { here, engine, fix } = await dead();
    await using _ = here;
    fix();
    await here.operate("listener", ofDead({ redrive: true as const }));
    await sayAll(engine, "a", [4]);
    await here.until(() => statusOf(engine, "listener").parked.waiting === 0);
    expect(await heardBy(here, "a")).toEqual({ heard: [0, 1, 2, 3, 4] });
    expect(await here.audit()).toEqual([]);
  });

  it("is redriven in a process at rest within the reload time", async () => {
    const { here, fix } = await dead();
    await using _ = here;
    fix();
    await here.operate("listener", ofDead({ redrive: true as const }));
    await here.pass(defaultLimits.renewMs + defaultLimits.pollMs + 1);
    expect(await heardBy(here, "a")).toEqual({ heard: [0, 1, 2, 3] });
  });

  it("is dead again when its cause was not fixed, with all its attempts", async () => {
    const { here, engine } = await dead();
    await using _ = here;
    await here.operate("listener", ofDead({ redrive: true as const }));
    await here.pass(defaultLimits.renewMs + defaultLimits.pollMs + 1);
    await here.until(() => statusOf(engine, "listener").parked.dead === 1);
    expect((await here.parked("listener"))[0]).toMatchObject({
      reason: "dead",
      attempts: defaultLimits.attemptsMax,
    });
    expect(await heardBy(here, "a")).toEqual({ heard: [0] });
  });

  it("lets those behind it go on when discarded, and keeps the reason", async () => {
    const { here } = await dead();
    await using _ = here;
    await here.operate("listener", ofDead({ discard: "said twice by mistake" }));
    await here.pass(defaultLimits.renewMs + defaultLimits.pollMs + 1);
    expect(await heardBy(here, "a")).toEqual({ heard: [0, 2, 3] });
    const store = await here.store("listener");
    expect(await store.parked({ limit: 9 })).toMatchObject([
      { reason: "discarded", note: "said twice by mistake", data: { n: 1 } },
    ]);
    expect(await here.audit()).toEqual([]);
  });

  it("refuses commands for its key, and says what is in the way", async () => {
    const { here } = talkWorld(() => false);
    await using _ = here;
    const engine = await here.start();
    await sayAll(engine, "a", [1]);
    // Nothing of the speaker's can be parked by its contract, so an operator's hand puts something there.
    const store = await here.store("speaker");
    const { turn, head } = await store.recover(0);
    const nothing = { created: [], changed: [], journal: [], inbox: new Map(), unparked: [], answers: [] };
    const parked = [
      {
        id: "x/0/1/0",
        lane: 0,
        key: "a",
        sagaId: "a",
        ordinal: 1,
        kind: "event" as const,
        trigger: "Asked",
        data: undefined,
        cause: { source: "x", lane: 0, position: 1 },
        reason: "dead" as const,
        attempts: 8,
        nextAt: undefined,
        version: 1,
        error: undefined,
        parkedAt: 0,
        trace: undefined,
        note: undefined,
      },
    ];
    await flushOne(
      { database: here.database, participant: "speaker" },
      { ...nothing, lane: 0, turn, head, parked },
    );
    await here.pass(defaultLimits.renewMs + defaultLimits.pollMs + 1);
    const answer = await engine.send(say, { n: 2 }, { sagaId: "a" });
    expect(answer).toMatchObject({ status: "refused", heldBy: "parked", state: "TALKING" });
    expect(answer).toHaveProperty("reason", "Asked (x/0/1/0) is parked for a and must be taken first");
    expect(await engine.send(say, { n: 2 }, { sagaId: "b" })).toMatchObject({ status: "accepted" });
  });
});

describe("a participant with many parked messages", () => {
  it("says so once, and goes on: only the key of the message waits", async () => {
    const { here } = talkWorld((_, sagaId) => sagaId === "poison");
    await using _ = here;
    const engine = await here.start({ limits: { parkedMax: 100, attemptsMax: 1 } });
    await sayAll(
      engine,
      "poison",
      Array.from({ length: 110 }, (_word, n) => n),
    );
    await sayAll(engine, "good", [1, 2]);
    await here.calm();
    expect(await heardBy(here, "good")).toEqual({ heard: [1, 2] });
    expect(statusOf(engine, "listener")).toMatchObject({
      parked: { dead: 1, waiting: 109 },
      trouble: undefined,
    });
    const warned = here.ambient.logged.filter(({ code }) => code === "Q_PARKED_FULL");
    expect(warned).toMatchObject([{ level: "warn", participant: "listener" }]);
    expect(warned[0]?.message).toContain("100 messages and more");
  });

  it.each([
    ["in memory", {}],
    ["that finds no room in memory", { entitiesCachedMax: 1, batchBytesMax: 20 }],
    ["in small batches", { batchMessagesMax: 3 }],
  ])("takes a long line %s in its order once what held it up is gone", async (_how, limits) => {
    let failing = true;
    const { here } = talkWorld((n) => failing && n === 0);
    await using _ = here;
    const engine = await here.start({ limits: { attemptsMax: 1, ...limits } });
    const words = Array.from({ length: 3 * inLineMax + 5 }, (_word, n) => n);
    await sayAll(engine, "a", words);
    await here.until(() => statusOf(engine, "listener").parked.waiting === words.length - 1);
    await here.stop(engine);
    const second = await here.start({ limits: { attemptsMax: 1, ...limits } });
    await here.calm();
    failing = false;
    await here.operate("listener", ({ reason }) => (reason === "dead" ? { redrive: true } : undefined));
    await sayAll(second, "a", [words.length]);
    await here.until(async () => (await here.parked("listener")).length === 0);
    await here.pass(2 * defaultLimits.renewMs + 1);
    expect(await heardBy(here, "a")).toEqual({ heard: [...words, words.length] });
    expect(statusOf(second, "listener").parked).toEqual(none);
    expect(await here.audit()).toEqual([]);
  });

  it("reads nothing of it while it rests", async () => {
    const { here } = talkWorld((n) => n === 1);
    await using _ = here;
    const first = await here.start({ limits: { attemptsMax: 1 } });
    for (let n = 0; n < 20; n += 1) await sayAll(first, `bad-${n}`, [1]);
    await here.calm();
    await here.stop(first);
    const asked: string[] = [];
    const database = faultyDatabase(here.database, async ({ method, phase }) => {
      if (phase === "before") asked.push(method);
    });
    const second = await here.start({ database, limits: { attemptsMax: 1 } });
    await here.pass(60_000);
    await sayAll(second, "good", [2]);
    await here.pass(60_000);
    expect(statusOf(second, "listener").parked).toEqual({ ...none, dead: 20 });
    const ofParked = asked.filter((method) => /parked|payloads/i.test(method));
    // At the start, when something is due and how much there is; then once for the new key, and once each for
    // the new saga: it is over only when nothing of it is parked.
    const all = ["nextParkedDue", "parkedCensus", "parkedFor", "withParked", "withParked"];
    expect(ofParked.toSorted()).toEqual(all);
  });
});
