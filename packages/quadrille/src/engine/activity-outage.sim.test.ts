// An outage of the other side: one call tries, the others wait in their order, and nothing dies of it within
// a day.
import { describe, expect, it } from "vitest";
import { begin, callingWorld, givingUpWorld } from "../../test/calling-choreography.ts";
import { gate, statusOf, type World } from "../../test/engine-world.ts";
import { NonRetryableError } from "../errors.ts";

const hour = 3_600_000;
const good = { answer: "yes" };

async function countDone(here: World): Promise<number> {
  return (await (await here.store("caller")).census()).get("DONE") ?? 0;
}

function down(): Promise<never> {
  return Promise.reject(new Error("provider: 503"));
}

describe("an outage", () => {
  it("of nearly a day parks behind one probe: few calls are made, none dies, and all end soon after it", async () => {
    let isDown = true;
    let calls = 0;
    const run = (): Promise<typeof good> => {
      calls += 1;
      return isDown ? down() : Promise.resolve(good);
    };
    await using here = callingWorld({ run, limits: { probeMsMax: 120_000 } });
    const engine = await here.start();
    await Promise.all(Array.from({ length: 300 }, () => engine.send(begin)));
    await here.pass(30_000);
    const early = calls;
    expect(early).toBeLessThan(128 + 25);
    await here.pass(23 * hour);
    expect(statusOf(engine, "caller").parked.dead).toBe(0);
    // One every one to two minutes.
    expect(calls - early).toBeLessThan((23 * hour) / 60_000);
    isDown = false;
    await here.pass(200_000);
    expect(await countDone(here)).toBe(300);
    expect(statusOf(engine, "caller")).toMatchObject({ parked: { dead: 0, retrying: 0 }, outages: [] });
  });

  it("is in the status and the log, once", async () => {
    let isDown = true;
    await using here = callingWorld({ run: () => (isDown ? down() : Promise.resolve(good)) });
    const engine = await here.start();
    await Promise.all(Array.from({ length: 20 }, () => engine.send(begin)));
    await here.pass(60_000);
    const [outage, ...others] = statusOf(engine, "caller").outages;
    expect(outage).toMatchObject({ activity: "ask", error: "provider: 503" });
    expect(outage?.waiting).toBeGreaterThan(10);
    expect(others).toEqual([]);
    isDown = false;
    await here.pass(70_000);
    expect(here.ambient.logged.map(({ message }) => message.replace(/; \d+/, "; some"))).toEqual([
      "What ask calls seems to be away: provider: 503. One call tries, the others wait in their order.",
      "What ask calls works again; some calls have waited for it.",
    ]);
  });

  it("is over where its calls have been given up: none tries, and none waits", async () => {
    const policy = { attempts: 3, backoff: "1s" } as const;
    await using here = callingWorld({ run: down, policy, limits: { outageFailures: 2 } });
    const engine = await here.start();
    await Promise.all(Array.from({ length: 5 }, () => engine.send(begin)));
    await here.pass(1_500);
    expect(statusOf(engine, "caller").outages).toMatchObject([{ error: "provider: 503" }]);
    await here.pass(hour);
    expect(statusOf(engine, "caller")).toMatchObject({ parked: { dead: 5 }, outages: [] });
    await engine.send(begin);
    await here.calm();
    expect(statusOf(engine, "caller").outages).toMatchObject([{ error: "provider: 503" }]);
  });

  it("is over where the states that asked for its calls were left", async () => {
    await using here = givingUpWorld({
      run: down,
      policy: { giveUpAfter: "9d" },
      limits: { probeMsMax: hour },
    });
    const engine = await here.start();
    await Promise.all(Array.from({ length: 20 }, () => engine.send(begin)));
    await here.pass(47 * hour);
    expect(statusOf(engine, "caller").outages).toMatchObject([{ error: "provider: 503" }]);
    await here.pass(3 * hour);
    expect(await (await here.store("caller")).census()).toEqual(new Map([["LATE", 20]]));
    expect(statusOf(engine, "caller").outages).toEqual([]);
  });

  it("is none where one call always fails and others work, nor where it refuses", async () => {
    await using here = callingWorld({
      run: async ({ entity: { sagaId } }) => {
        if (sagaId === "poison") throw new Error("this one never works");
        if (sagaId.startsWith("refused")) throw new NonRetryableError("the card is closed");
        return good;
      },
    });
    const engine = await here.start();
    await engine.send(begin, { sagaId: "poison" });
    await here.pass(60_000);
    for (let one = 0; one < 20; one += 1) await engine.send(begin, { sagaId: `refused-${one}` });
    await here.calm();
    await engine.send(begin);
    await here.calm();
    expect(await countDone(here)).toBe(1);
    expect(statusOf(engine, "caller")).toMatchObject({ outages: [], parked: { retrying: 1, dead: 20 } });
  });

  it("lets the calls that waited start in their order when it is over, a few at first", async () => {
    let isDown = true;
    const called: string[] = [];
    const first = gate();
    await using here = callingWorld({
      run: async ({ entity: { sagaId } }) => {
        if (isDown) throw new Error("down");
        called.push(sagaId);
        if (called.length > 1) await first.opened;
        return good;
      },
      limits: { outageFailures: 1, activitiesRunningMax: 8, backoffMsMax: 1_000 },
    });
    const engine = await here.start();
    const sent: string[] = [];
    for (let one = 0; one < 40; one += 1) sent.push((await engine.send(begin)).sagaId);
    await here.pass(1_000);
    isDown = false;
    await here.pass(6_000);
    // One worked, so two are tried.
    expect(called).toHaveLength(3);
    first.open();
    await here.pass(6_000);
    expect(await countDone(here)).toBe(40);
    const untried = called.filter((sagaId) => sent.indexOf(sagaId) >= 10);
    expect(untried).toEqual(untried.toSorted((a, b) => sent.indexOf(a) - sent.indexOf(b)));
    expect(untried.length).toBeGreaterThan(20);
  });

  it("does not keep a drain waiting for the calls that wait for its end", async () => {
    const limits = {
      activitiesRunningMax: 1,
      outageFailures: 1,
      probeMsMax: hour,
      backoffMs: hour,
      backoffMsMax: hour,
    };
    await using here = callingWorld({ run: down, limits });
    const engine = await here.start();
    await Promise.all(Array.from({ length: 10 }, () => engine.send(begin)));
    await here.calm();
    expect(statusOf(engine, "caller").outages).toMatchObject([{ waiting: 9 }]);
    const began = here.ambient.clock.now();
    const drained = engine.drain({ withinMs: 10_000 });
    await here.calm();
    await drained;
    expect(here.ambient.clock.now()).toBe(began);
    expect(here.ambient.sleeping()).toBe(0);
  });
});

describe("a call", () => {
  it("that says that another attempt cannot help is not attempted again", async () => {
    let calls = 0;
    const run = async (): Promise<typeof good> => {
      calls += 1;
      throw Object.assign(new Error("the account was closed"), { code: "Q_NON_RETRYABLE" });
    };
    await using here = callingWorld({ run });
    const engine = await here.start();
    await engine.send(begin);
    await here.pass(hour / 2);
    expect(calls).toBe(1);
    expect(await here.parked("caller")).toMatchObject([
      { reason: "dead", attempts: 1, error: { code: "Q_NON_RETRYABLE", message: "the account was closed" } },
    ]);
  });

  it.each([
    { policy: {}, ms: 24 * hour, slack: 120_000 },
    { policy: { giveUpAfter: "10m", backoffMax: "30s" }, ms: 600_000, slack: 60_000 },
    { policy: { attempts: 3, backoff: "1s" }, ms: 1_500, slack: 1_500 },
  ] as const)(
    "that always fails is given up after the time its policy says: $policy",
    async ({ policy, ms, slack }) => {
      const made: number[] = [];
      const run = (): Promise<typeof good> => {
        made.push(here.ambient.clock.now());
        return down();
      };
      await using here = callingWorld({ run, policy });
      const engine = await here.start();
      await engine.send(begin);
      await here.pass(25 * hour);
      expect(await here.parked("caller")).toMatchObject([
        { reason: "dead", attempts: made.length, error: { code: "Q_ACTIVITY_FAILED" } },
      ]);
      const lastedMs = (made.at(-1) ?? 0) - (made[0] ?? 0);
      expect(lastedMs).toBeGreaterThanOrEqual(ms);
      expect(lastedMs).toBeLessThanOrEqual(ms + slack);
    },
  );

  it("has the time limit of its policy", async () => {
    const limited: number[] = [];
    await using here = callingWorld({
      run: ({ signal }) => {
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener("abort", () => {
          limited.push(here.ambient.clock.now());
          reject(signal.reason);
        });
        return promise;
      },
      policy: { timeLimit: "2s", attempts: 1 },
    });
    const engine = await here.start();
    const began = here.ambient.clock.now();
    await engine.send(begin);
    await here.pass(hour);
    expect(limited).toEqual([began + 2_000]);
    expect(await here.parked("caller")).toMatchObject([
      { reason: "dead", error: { code: "Q_ACTIVITY_TIMED_OUT" } },
    ]);
  });
});
