// The orders' own year as business time.
import { describe, expect, it } from "vitest";
import { isLaterDay, ordersTime, placedMs } from "./orders-time.ts";

const year = [
  { placedAt: "2015-01-01T11:38:36" },
  { placedAt: "2015-01-01T11:57:40" },
  { placedAt: "2015-01-03T11:38:36" },
];

describe("the orders' time", () => {
  it("begins with the first order, and is stepped where orders come as fast as possible", () => {
    expect(ordersTime("max", year)).toEqual({
      kind: "stepped",
      from: Date.parse("2015-01-01T11:38:36Z"),
      factor: 0,
    });
    expect(placedMs({ placedAt: "2015-01-01T11:38:36" })).toBe(Date.parse("2015-01-01T11:38:36Z"));
  });

  it("runs as fast as the orders come at a rate", () => {
    expect(ordersTime(50, year)).toMatchObject({ kind: "lapse", factor: 24 * 3_600 * 50 });
  });

  it("is stepped from day to day", () => {
    const [first, second, third] = year;
    expect(first !== undefined && isLaterDay(first, undefined)).toBe(true);
    expect(second !== undefined && isLaterDay(second, first)).toBe(false);
    expect(third !== undefined && isLaterDay(third, second)).toBe(true);
  });
});
