// How many calls are under way, for how long, and what an attempt that does not end holds up: nothing but its
// own kind.
import { describe, expect, it } from "vitest";
import { gate, statusOf } from "../../test/engine-world.ts";
import { good, pay, payingWorld, reactions } from "../../test/paying-choreography.ts";

describe("the attempts of a call", () => {
  it("have a time limit, whether their code obeys it or not, and do not overlap: what works late has worked", async () => {
    const slow = gate();
    const signals: AbortSignal[] = [];
    await using here = payingWorld(
      async ({ attempt, signal }) => {
        signals.push(signal);
        if (attempt === 1) await slow.opened;
        return { ok: true, receipt: `receipt ${attempt}` };
      },
      { activityMsMax: 5_000 },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.pass(4_999);
    expect(signals[0]?.aborted).toBe(false);
    await here.pass(1);
    expect(signals[0]?.aborted).toBe(true);
    expect(await here.parked("payer")).toMatchObject([
      { reason: "retrying", error: { code: "Q_ACTIVITY_TIMED_OUT" } },
    ]);
    await here.pass(2_000);
    expect(signals).toHaveLength(1);
    slow.open();
    await here.pass(10_000);
    const entity = (await (await here.store("payer")).load([sagaId])).get(sagaId);
    expect(entity).toMatchObject({ state: "PAID", data: { receipt: "receipt 1" } });
    expect(signals).toHaveLength(1);
  });

  it("follow each other where the late one fails after all", async () => {
    const slow = gate();
    const attempts: number[] = [];
    await using here = payingWorld(
      async ({ attempt }) => {
        attempts.push(attempt);
        if (attempt > 1) return good;
        await slow.opened;
        throw new Error("down");
      },
      { activityMsMax: 5_000 },
    );
    const engine = await here.start();
    const { sagaId } = await engine.send(pay);
    await here.pass(7_000);
    expect(attempts).toEqual([1]);
    slow.open();
    await here.pass(1_000);
    expect(attempts).toEqual([1, 2]);
    expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
  });

  it("count also where the last one never ends, so that the call is given up in the end", async () => {
    let calls = 0;
    await using here = payingWorld(
      async () => {
        calls += 1;
        await gate().opened;
        return good;
      },
      { activityMsMax: 5_000, callAttemptsMax: 3 },
    );
    const engine = await here.start();
    await engine.send(pay);
    await here.pass(16_000);
    expect(calls).toBe(1);
    expect(await here.parked("payer")).toMatchObject([
      { reason: "dead", attempts: 3, error: { code: "Q_ACTIVITY_TIMED_OUT" } },
    ]);
  });
});

describe("calls under way", () => {
  it("are no more than the limit, and all get their turn", async () => {
    let running = 0;
    let most = 0;
    await using here = payingWorld(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await here.ambient.clock.sleep(10, new AbortController().signal);
        running -= 1;
        return good;
      },
      { activitiesRunningMax: 2 },
    );
    const engine = await here.start();
    const sagas = await Promise.all(Array.from({ length: 200 }, () => engine.send(pay)));
    expect(statusOf(engine, "payer").activitiesRunning).toBeLessThanOrEqual(2);
    await here.until(async () => (await (await here.store("payer")).census()).get("PAID") === sagas.length);
    expect(most).toBe(2);
  });

  it("are no more than the limit where they ignore their signal: they count until they end", async () => {
    let live = 0;
    let most = 0;
    await using here = payingWorld(
      async () => {
        live += 1;
        most = Math.max(most, live);
        await gate().opened;
        return good;
      },
      { activitiesRunningMax: 4, activityMsMax: 500 },
    );
    const engine = await here.start();
    await Promise.all(Array.from({ length: 40 }, () => engine.send(pay)));
    await here.pass(60_000);
    expect(most).toBe(4);
    expect(statusOf(engine, "payer").activitiesRunning).toBe(4);
  });

  it("that ignore their signal do not keep the engine from stopping", async () => {
    await using here = payingWorld(() => gate().opened.then(() => good), { activityMsMax: 5_000 });
    const engine = await here.start();
    await engine.send(pay);
    await here.pass(6_000);
    await engine.send(pay);
    await here.calm();
    await here.stop(engine);
    expect(here.ambient.sleeping()).toBe(0);
  });

  it("are bounded in what waits for them, and what did not fit is found again", async () => {
    let done = 0;
    await using here = payingWorld(
      async () => {
        await here.ambient.clock.sleep(1, new AbortController().signal);
        done += 1;
        return good;
      },
      // 32 wait for each that may run.
      { activitiesRunningMax: 1, readRowsMax: 16 },
    );
    const engine = await here.start();
    await Promise.all(Array.from({ length: 100 }, () => engine.send(pay)));
    await here.until(async () => (await (await here.store("payer")).census()).get("PAID") === 100);
    expect(done).toBe(100);
  });
});
