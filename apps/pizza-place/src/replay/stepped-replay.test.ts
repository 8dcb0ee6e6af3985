// A replay in stepped time: which orders go together, in which order, when time is moved, and what becomes of
// trouble.
import { describe, expect, it } from "vitest";
import { Agenda } from "./agenda.ts";
import { lapse, noLapse } from "./lapse.ts";
import { placedAtOf } from "./orders-time.ts";
import { makePatience } from "./patience.ts";
import type { ReplayOrder } from "./replay-place.ts";
import { steppedReplay, type SteppedPlace, type Together } from "./stepped-replay.ts";

const minute = 60_000;
const firstDay = Date.parse("2015-01-01T00:00:00Z");
const order = (number: number, at: number): ReplayOrder => ({
  consumerId: "consumer-0001",
  placedAt: placedAtOf(firstDay + at * minute),
  lines: [],
  total: 1,
  reference: `2015-${number}`,
});
/** Two at noon, in the wrong order; one at one; one on the next day. */
const orders = [order(2, 720), order(1, 720), order(3, 780), order(4, 1_440 + 700)];

/** A place that notes what is done, with minutes after the first day's beginning. */
function place(
  stop: AbortController,
  changes: Partial<SteppedPlace> = {},
  lineOf?: (reference: string) => string,
) {
  const done: string[] = [];
  const agenda = new Agenda(stop.signal, lineOf);
  const made: SteppedPlace = {
    agenda,
    lapse: noLapse,
    moveTo: async (at) => void done.push(`to ${(at - firstDay) / minute}`),
    endDay: async () => void done.push("cleared"),
    idle: async () => undefined,
    placedBefore: async () => new Set(),
    place: async ({ reference, placedAt }) => {
      done.push(reference);
      // Baked a quarter of an hour later.
      void agenda.work(async () => {
        await agenda.until(Date.parse(`${placedAt}Z`) + 15 * minute, reference);
        if (!stop.signal.aborted) done.push(`${reference} baked`);
      });
      return true;
    },
    patience: makePatience({ clock: { sleep: async () => undefined }, say: () => undefined }),
    ...changes,
  };
  const run = (together: Together) =>
    steppedReplay(made, { orders, inFlightMax: 100 }, { signal: stop.signal, together });
  return { done, run };
}

describe("a replay in stepped time", () => {
  it("lets the orders of a day go together, the earliest first, and then moves to the next day", async () => {
    const { done, run } = place(new AbortController());
    expect(await run("day")).toEqual({ placed: 4, skipped: 0 });
    const first = ["to 720", "2015-1", "2015-2", "2015-3", "2015-1 baked", "2015-2 baked", "2015-3 baked"];
    expect(done).toEqual([...first, "cleared", "to 2140", "2015-4", "2015-4 baked", "to 2155"]);
  });

  it("lets the orders of one line go one after the other, in the order of their times", async () => {
    const lines: Readonly<Record<string, string>> = { "2015-1": "Ada", "2015-3": "Ada" };
    const { done, run } = place(new AbortController(), {}, (reference) => lines[reference] ?? reference);
    await run("day");
    const waves = ["2015-1", "2015-2", "2015-1 baked", "2015-2 baked", "2015-3", "2015-3 baked"];
    expect(done.slice(1, 7)).toEqual(waves);
  });

  it("lets all of a line go at the stop", async () => {
    const stop = new AbortController();
    const agenda = new Agenda(stop.signal, () => "one for all");
    const scripts = [1, 2, 3].map((at) => agenda.work(() => agenda.until(at, String(at))));
    stop.abort();
    await Promise.all(scripts);
    expect(agenda.earliest).toBe(Number.POSITIVE_INFINITY);
  });

  it("moves to every moment where sagas share something", async () => {
    const { done, run } = place(new AbortController());
    await run("moment");
    const noon = ["to 720", "2015-1", "2015-2", "to 735", "2015-1 baked", "2015-2 baked"];
    const one = ["to 780", "2015-3", "to 795", "2015-3 baked"];
    expect(done).toEqual([
      ...noon,
      ...one,
      "cleared",
      "to 2140",
      "2015-4",
      "to 2155",
      "2015-4 baked",
      "to 2155",
    ]);
  });

  it("leaves out what was placed before", async () => {
    const { done, run } = place(new AbortController(), {
      placedBefore: async (references) => new Set(references.filter((one) => /[14]$/.test(one))),
    });
    expect(await run("day")).toEqual({ placed: 2, skipped: 2 });
    expect(done).not.toContain("2015-1");
  });

  it("goes on without an order that will never end: nothing is pending, and it still waits", async () => {
    const stop = new AbortController();
    const { done, run } = place(stop, {
      place: ({ reference }) => {
        done.push(reference);
        return reference === "2015-3" ? new Promise(() => undefined) : Promise.resolve(true);
      },
    });
    const result = run("day");
    await expect.poll(() => done).toContain("2015-4");
    stop.abort();
    expect(await result).toEqual({ placed: 3, skipped: 0 });
  });

  it("rejects with the first error of an order that cannot be placed", async () => {
    const { done, run } = place(new AbortController(), {
      place: () => Promise.reject(new Error("the disk is full")),
    });
    await expect(run("day")).rejects.toThrow("the disk is full");
    expect(done).toEqual(["to 720"]);
  });

  it("stops when asked to, and places nothing more", async () => {
    const stop = new AbortController();
    const { done, run } = place(stop, {
      moveTo: async () => {
        if (done.length > 0) stop.abort();
      },
    });
    await run("day");
    expect(done).toEqual([
      "2015-1",
      "2015-2",
      "2015-3",
      "2015-1 baked",
      "2015-2 baked",
      "2015-3 baked",
      "cleared",
    ]);
  });

  it("passes as fast as its rate says: nothing goes on before its time", async () => {
    const stop = new AbortController();
    let steadyMs = 0;
    const clock = { steady: () => steadyMs, sleep: async (delayMs: number) => void (steadyMs += delayMs) };
    // A minute in a millisecond.
    const { done, run } = place(stop, { lapse: lapse(minute, clock, stop.signal) });
    await run("day");
    expect(steadyMs).toBe(1_440 + 700 + 15 - 720);
    expect(done.filter((one) => one.startsWith("2015"))).toEqual(
      ["1", "2", "1 baked", "2 baked", "3", "3 baked", "4", "4 baked"].map((one) => `2015-${one}`),
    );
  });
});
