// Calls whose code ignores its signal, when their lane goes to another process and comes back: they are
// under way until they end, whatever has become of the lane.
import { describe, expect, it } from "vitest";
import { gate } from "../../../test/engine-world.ts";
import { virtualAmbient, type VirtualAmbient } from "../../ambient/virtual.ts";
import { entityOf } from "../../testing/store-samples.ts";
import { defaultLimits } from "../message/limits.ts";
import { Activities } from "./activities.ts";
import { CallQueues } from "./call-queue.ts";

const timeLimitMs = 1_000;

/** The lanes of one participant in one process. */
function process(run: (key: string) => Promise<unknown>): {
  readonly ambient: VirtualAmbient;
  readonly lane: (lane: number) => Activities;
  readonly queues: CallQueues;
  /** What worked after its lane had been given up. */
  readonly late: unknown[];
} {
  const ambient = virtualAmbient();
  const limits = { ...defaultLimits, activitiesRunningMax: 2, outageFailures: 2 };
  const queues = new CallQueues({ participant: "payer", limits, ambient });
  const late: unknown[] = [];
  return {
    ambient,
    queues,
    late,
    lane: (lane) =>
      new Activities({
        participant: "payer",
        activities: new Map([["charge", ({ entity }) => run(entity.key)]]),
        queues,
        lane,
        bytesMax: 1_000_000,
        timeLimitMs: () => timeLimitMs,
        dataOf: ({ data }) => data,
        ambient,
        onReturn: () => undefined,
        onLate: ({ id, result }) => late.push({ id, result }),
        hasLeft: () => false,
      }),
  };
}

const calling = (key: string): ReturnType<typeof entityOf> => ({ ...entityOf(key), activity: "charge" });

async function calm(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("calls that ignore their signal", () => {
  it("keep their places when their lane moves, until they end", async () => {
    const slow = gate();
    const called: string[] = [];
    const { lane } = process(async (key) => {
      called.push(key);
      await slow.opened;
    });
    const before = lane(0);
    for (const key of ["a", "b"]) before.start(calling(key));
    await calm();
    await before.stop();
    const after = lane(1);
    after.start(calling("c"));
    await calm();
    expect(called).toEqual(["a", "b"]);
    slow.open();
    await calm();
    expect(called).toEqual(["a", "b", "c"]);
  });

  it("do not overlap with the next attempt when their lane comes back, and their success counts", async () => {
    const slow = gate();
    let calls = 0;
    const { lane } = process(async () => {
      calls += 1;
      await slow.opened;
      return `receipt ${calls}`;
    });
    const before = lane(0);
    before.start(calling("a"));
    await calm();
    await before.stop();
    const after = lane(0);
    after.start(calling("a"));
    await calm();
    expect(calls).toBe(1);
    expect(after.running).toBe(1);
    slow.open();
    await calm();
    expect(calls).toBe(1);
    expect(after.takeReturned(9)).toMatchObject([{ result: { ok: true, value: "receipt 1" } }]);
    expect(after.running).toBe(0);
  });

  it("are late when they work after their lane has gone, in their time or not, and when they fail they are not", async () => {
    const slow = gate();
    const { ambient, lane, late } = process(async (key) => {
      await slow.opened;
      if (key === "b") throw new Error("down");
      return `receipt for ${key}`;
    });
    const before = lane(0);
    before.start(calling("a"));
    before.start(calling("b"));
    await calm();
    const other = lane(1);
    ambient.advance(timeLimitMs);
    await calm();
    expect(before.takeReturned(9)).toHaveLength(2);
    await before.stop();
    await other.stop();
    slow.open();
    await calm();
    expect(late).toMatchObject([{ result: { ok: true, value: "receipt for a" } }]);
    expect(before.running).toBe(0);
  });

  it("are followed by the next attempt when they fail after all", async () => {
    const slow = gate();
    let calls = 0;
    const { lane } = process(async () => {
      calls += 1;
      if (calls > 1) return "receipt";
      await slow.opened;
      throw new Error("down");
    });
    const before = lane(0);
    before.start(calling("a"));
    await calm();
    await before.stop();
    const after = lane(0);
    after.start(calling("a"));
    slow.open();
    await calm();
    expect(calls).toBe(2);
    expect(after.takeReturned(9)).toMatchObject([{ result: { ok: true, value: "receipt" } }]);
  });

  it("make the next attempt fail for want of an end, after its time", async () => {
    let calls = 0;
    const { ambient, lane } = process(async () => {
      calls += 1;
      await gate().opened;
    });
    const before = lane(0);
    before.start(calling("a"));
    await calm();
    await before.stop();
    const after = lane(0);
    after.start(calling("a"));
    await calm();
    ambient.advance(timeLimitMs);
    await calm();
    expect(calls).toBe(1);
    expect(after.takeReturned(9)).toMatchObject([{ result: { error: { code: "Q_ACTIVITY_TIMED_OUT" } } }]);
  });
});

describe("calls that fail", () => {
  it("are no outage any more for a process that has given away their lanes, until it has others", async () => {
    const { lane, queues } = process(() => Promise.reject(new Error("503")));
    const [first, second] = [lane(0), lane(1)];
    first.start(calling("a"));
    await calm();
    second.start(calling("b"));
    await calm();
    expect(queues.outages()).toMatchObject([{ activity: "charge", error: "503" }]);
    await first.stop();
    expect(queues.outages()).toHaveLength(1);
    await second.stop();
    expect(queues.outages()).toEqual([]);
    lane(2).start(calling("c"));
    expect(queues.outages()).toMatchObject([{ activity: "charge", error: "503", waiting: 1 }]);
  });
});
