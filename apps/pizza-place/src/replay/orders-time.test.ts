// The orders' own year as business time.
import { describe, expect, it } from "vitest";
import { businessText, factorOf, ordersTime } from "./orders-time.ts";

const year = [
  { placedAt: "2015-01-01T11:38:36" },
  { placedAt: "2015-01-01T11:57:40" },
  { placedAt: "2015-01-03T11:38:36" },
];

describe("the orders' time", () => {
  it("begins with the first order, and is stepped", () => {
    const from = Date.parse("2015-01-01T11:38:36Z");
    expect(ordersTime(year)).toEqual({ kind: "stepped", from, factor: 0 });
  });

  it("passes as fast as the orders come at a rate", () => {
    expect(factorOf(50, year)).toBe(24 * 3_600 * 50);
  });

  it("is written with its zone", () => {
    expect(businessText(Date.parse("2015-01-01T11:38:36Z"))).toBe("2015-01-01 11:38:36 UTC");
  });
});
