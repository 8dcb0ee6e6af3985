// What a run says of itself: the counts add up, and the hint leads back to the same place.
import { describe, expect, it } from "vitest";
import { readOptions } from "./options.ts";
import { makeBoard } from "../../replay/board.ts";
import { greeting, stoppedText, summary } from "./words.ts";

const view = (placed: number, throughApi = 0, inFlight = 0) => ({
  ...makeBoard([]).view(),
  placed,
  throughApi,
  inFlight,
});
const planOf = (orders: number) => ({
  orders: Array.from({ length: orders }, (_, number) => ({
    consumerId: "consumer-0001",
    placedAt: "2015-01-01T12:00:00",
    lines: [],
    total: 0,
    reference: String(number),
  })),
  rate: "max" as const,
  inFlightMax: 1,
});

describe("the summary", () => {
  const textOf = (
    orders: number,
    placed: number,
    {
      before = view(0),
      after,
    }: { readonly before?: ReturnType<typeof view>; readonly after: ReturnType<typeof view> },
  ) => summary({ plan: planOf(orders), result: { placed, skipped: orders - placed }, before, view: after });

  it("says nothing where all orders were placed now", () => {
    expect(textOf(5, 5, { after: view(5) })).toBeUndefined();
  });

  it("counts the year's orders and those through the API apart, and the parts make the whole", () => {
    expect(textOf(80, 70, { before: view(12, 2), after: view(85, 5) })).toBe(
      "70 orders placed now, 10 earlier, 5 through the API.",
    );
    expect(textOf(80, 80, { after: view(81, 1) })).toBe(
      "80 orders placed now, 0 earlier, 1 through the API.",
    );
  });

  it("counts what another process placed meanwhile", () => {
    expect(textOf(80, 50, { before: view(10), after: view(80) })).toBe(
      "50 orders placed now, 10 earlier, 20 by another process.",
    );
  });

  it("speaks of all that is there where fewer are asked for", () => {
    expect(textOf(10, 0, { before: view(2_000), after: view(2_000) })).toBe(
      "0 orders placed now, 2000 earlier; of the year, --orders 10 asks for the first 10 only.",
    );
  });
});

describe("a run that was stopped", () => {
  const stopped = (args: string, counts: ReturnType<typeof view>, isComplete = false) => {
    const options = readOptions(args.split(" "));
    if (options === "help") throw new Error("this is no help");
    return stoppedText(counts, { options, isComplete });
  };

  it("gives no hint to go on where nothing is left", () => {
    expect(stopped("--orders 10", view(1_049), true)).toBe(
      "Stopped with 1049 orders placed and 0 under way: all that was asked for is done.",
    );
  });

  it("gives a hint that leads to the same place, without a password", () => {
    const place =
      "--data-folder my/place --database postgres://me:secret@host/db?password=secret&sslmode=no --port 0";
    const text = stopped(`--orders 10 ${place}`, view(4));
    expect(text).toBe(
      "Stopped with 4 orders placed and 0 under way. Run npm start -- --orders 10 --rate 50/s --data-folder my/place --database 'postgres://me@host/db?sslmode=no' --port 0 to go on from there.",
    );
    expect(stopped("--orders all", view(4))).toContain("Run npm start -- --orders all --rate 50/s to go on");
  });

  it("says why it did not wait for the rest", () => {
    expect(stopped("--orders 10", view(8, 0, 3), true)).toMatch(
      /^Stopped with 8 orders placed and 3 under way, which wait for a retry, a late answer or the database and go on at the next start\. Run /,
    );
  });
});

it("a run begins with what was there before", () => {
  const text = greeting({
    url: "http://127.0.0.1:1",
    database: "a database",
    seed: 1,
    before: view(7, 0, 3),
    plan: planOf(9),
    yearOrders: 21_350,
    once: true,
    time: undefined,
  });
  expect(text.split("\n").slice(2)).toEqual([
    "7 orders were placed earlier; 3 of them are under way and go on now.",
    "Replaying the first 9 of 21350 orders as fast as possible, once. Ctrl-C stops.",
    "Business time is the machine's.",
  ]);
});

it("a run without anything to replay says so, and how its time goes on", () => {
  const now = Date.parse("2015-01-03T22:44:05Z");
  const lines = (orders: number, before: ReturnType<typeof view>, once: boolean): readonly string[] => {
    const time = { now, factor: 72_000 };
    const beginning = { url: "", database: "", seed: 1, before, yearOrders: 21_350, once, time };
    return greeting({ ...beginning, plan: planOf(orders) })
      .split("\n")
      .slice(2);
  };
  expect(lines(7, view(9, 2), false)).toEqual([
    "9 orders were placed earlier; none of them is under way.",
    "There is nothing to replay: the first 7 of 21350 orders are placed, and --orders asks for more. Ctrl-C stops.",
    "Business time is the orders' own: it is 2015-01-03 22:44:05 UTC and passes as fast as the machine's.",
  ]);
  expect(lines(0, view(0), true)).toEqual([
    "There is nothing to replay: the first 0 of 21350 orders are placed, and --orders asks for more. Ctrl-C stops.",
    "Business time is the orders' own: it is 2015-01-03 22:44:05 UTC.",
  ]);
  expect(lines(7, view(8, 2), false).join()).toContain("Replaying the first 7");
});

it.each([
  [
    undefined,
    "Business time is the orders' own: it is 2015-01-01 11:38:36 UTC and moves on when nothing is pending.",
  ],
  [
    72_000,
    "Business time is the orders' own: it is 2015-01-01 11:38:36 UTC and passes 72,000 times as fast as the machine's while orders are replayed.",
  ],
])("the beginning says whose time it is, and how fast it passes: %j", (factor, line) => {
  const now = Date.parse("2015-01-01T11:38:36Z");
  const beginning = { url: "", database: "", seed: 1, before: view(0), yearOrders: 1, once: false };
  const text = greeting({ ...beginning, plan: planOf(1), time: { factor, now } });
  expect(text.split("\n").at(-1)).toBe(line);
});
