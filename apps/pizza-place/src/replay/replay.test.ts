// The replay: its pace, the cap on orders in flight, resuming, overload and failures.
import { QuadrilleError } from "quadrille";
import { describe, expect, it } from "vitest";
import { makePatience } from "./patience.ts";
import { replay } from "./replay.ts";
import type { ReplayOrder, ReplayPlace } from "./replay-place.ts";

const never = new AbortController().signal;
const orders = (count: number): readonly ReplayOrder[] =>
  Array.from({ length: count }, (_, number) => ({
    consumerId: "consumer-0001",
    placedAt: "2015-01-01T12:00:00",
    lines: [{ pizza: "hawaiian", size: "M", quantity: 1, price: 1325 }],
    total: 1325,
    reference: `2015-${String(number).padStart(6, "0")}`,
  }));

/** A place whose time moves only in a sleep. */
function place(changes: Partial<ReplayPlace> = {}) {
  const placed: { readonly reference: string; readonly atMs: number }[] = [];
  const time = { nowMs: 0 };
  const clock = {
    steady: () => time.nowMs,
    sleep: async (delayMs: number) => {
      time.nowMs += delayMs;
    },
  };
  const made: ReplayPlace = {
    placedBefore: async () => new Set(),
    place: async ({ reference }) => placed.push({ reference, atMs: time.nowMs }) > 0,
    below: async () => {},
    patience: makePatience({ clock, say: () => {} }),
    clock,
    ...changes,
  };
  return { made, placed, time };
}

describe("a replay", () => {
  it("places all orders in their order, as fast as possible without ever sleeping", async () => {
    const { made, placed, time } = place();
    const result = await replay(made, { orders: orders(1_200), rate: "max", inFlightMax: 10 }, never);
    expect(result).toEqual({ placed: 1_200, skipped: 0 });
    expect(placed.map(({ reference }) => reference)).toEqual(orders(1_200).map(({ reference }) => reference));
    expect(time.nowMs).toBe(0);
  });

  it("keeps the rate", async () => {
    const { made, placed } = place();
    await replay(made, { orders: orders(5), rate: 50, inFlightMax: 10 }, never);
    expect(placed.map(({ atMs }) => atMs)).toEqual([0, 20, 40, 60, 80]);
  });

  it("leaves out what was placed before, also when there is a gap", async () => {
    const before = new Set(["2015-000000", "2015-000002"]);
    const { made, placed } = place({ placedBefore: async () => before });
    const result = await replay(made, { orders: orders(4), rate: "max", inFlightMax: 10 }, never);
    expect(result).toEqual({ placed: 2, skipped: 2 });
    expect(placed.map(({ reference }) => reference)).toEqual(["2015-000001", "2015-000003"]);
  });

  it("waits at the cap on orders in flight", async () => {
    const asked: number[] = [];
    const { made } = place({ below: async (count) => void asked.push(count) });
    await replay(made, { orders: orders(3), rate: "max", inFlightMax: 7 }, never);
    expect(asked).toEqual([7, 7, 7]);
  });

  it("comes back with the same order when the place is overloaded", async () => {
    let refusals = 3;
    const { made, placed, time } = place();
    const busy: ReplayPlace = {
      ...made,
      place: async (order) => {
        refusals -= 1;
        if (refusals >= 0) throw new QuadrilleError("Q_OVERLOADED", "Too many commands are waiting.");
        return await made.place(order);
      },
    };
    expect(await replay(busy, { orders: orders(1), rate: "max", inFlightMax: 7 }, never)).toMatchObject({
      placed: 1,
    });
    expect(placed).toHaveLength(1);
    expect(time.nowMs).toBe(150);
  });

  it("waits while the database is away, and places each order once although its answer was lost", async () => {
    const away = new QuadrilleError("Q_STORE_UNREACHABLE", "The database is away.", { retryable: true });
    const taken = new Set<string>();
    const attempts = new Map<string, number>();
    const { made, time } = place();
    const lossy: ReplayPlace = {
      ...made,
      placedBefore: async () => {
        if (time.nowMs < 300) throw away;
        return new Set(["2015-000007"]);
      },
      place: async ({ reference }) => {
        const attempt = (attempts.get(reference) ?? 0) + 1;
        attempts.set(reference, attempt);
        const isNew = !taken.has(reference) && reference !== "2015-000005";
        // Every third order is taken by a commit whose answer is lost, every other one before anything is
        // written.
        if (Number(reference.slice(5)) % 3 === 0) taken.add(reference);
        if (attempt < 3) throw away;
        taken.add(reference);
        return isNew;
      },
    };
    const result = await replay(lossy, { orders: orders(20), rate: "max", inFlightMax: 7 }, never);
    expect(result).toEqual({ placed: 19, skipped: 1 });
    expect([...attempts.values()]).toEqual(Array.from({ length: 19 }, () => 3));
  });

  it("counts orders that another process placed meanwhile apart from its own", async () => {
    const { made } = place();
    const shared: ReplayPlace = { ...made, place: async ({ reference }) => reference !== "2015-000001" };
    const result = await replay(shared, { orders: orders(4), rate: "max", inFlightMax: 7 }, never);
    expect(result).toEqual({ placed: 3, skipped: 1 });
  });

  it("sends no more orders at once than may be in flight, also while none is taken", async () => {
    let sending = 0;
    let most = 0;
    const { made } = place();
    const slow: ReplayPlace = {
      ...made,
      place: async () => {
        sending += 1;
        most = Math.max(most, sending);
        await new Promise(setImmediate);
        sending -= 1;
        return true;
      },
    };
    expect(await replay(slow, { orders: orders(60), rate: "max", inFlightMax: 7 }, never)).toMatchObject({
      placed: 60,
    });
    expect(most).toBe(7);
  });

  it("does not wait at the stop for a database that is away", async () => {
    const stop = new AbortController();
    const { made } = place();
    const silent: ReplayPlace = {
      ...made,
      place: () => {
        stop.abort();
        return new Promise(() => {});
      },
    };
    const result = await replay(silent, { orders: orders(3), rate: "max", inFlightMax: 7 }, stop.signal);
    expect(result).toEqual({ placed: 0, skipped: 0 });
  });

  it("stops at the first order that cannot be placed, and says why", async () => {
    const { made, placed } = place();
    const broken: ReplayPlace = {
      ...made,
      place: async (order) => {
        if (order.reference === "2015-000002") throw new Error("the disk is full");
        return await made.place(order);
      },
      below: async () => await Promise.resolve(),
    };
    await expect(replay(broken, { orders: orders(600), rate: "max", inFlightMax: 7 }, never)).rejects.toThrow(
      "the disk is full",
    );
    expect(placed.length).toBeLessThan(10);
  });

  it("stops when asked to", async () => {
    const stop = new AbortController();
    const { made, placed } = place();
    const stopping: ReplayPlace = {
      ...made,
      place: async (order) => {
        const isNew = await made.place(order);
        if (placed.length === 3) stop.abort();
        return isNew;
      },
    };
    await replay(stopping, { orders: orders(600), rate: 1, inFlightMax: 7 }, stop.signal);
    expect(placed).toHaveLength(3);
  });
});
