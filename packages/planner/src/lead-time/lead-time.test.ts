// What is believed about an order's arrival, from what was promised and what came.
import { describe, expect, it } from "vitest";
import { leadTime, stillComes } from "./lead-time.ts";

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

describe("the lead time", () => {
  it("begins with what was promised", () => {
    const lead = leadTime({ promisedDays: 2, taken: [], openAges: [] });
    expect(sum(lead)).toBeCloseTo(1, 12);
    expect(lead.indexOf(Math.max(...lead))).toBe(2);
    expect(lead).toHaveLength(8);
  });

  it("learns from arrivals, and from orders that were written off", () => {
    const lead = leadTime({
      promisedDays: 2,
      taken: [3, 3, 3, 3, 3, 3, 3, 3, Infinity, Infinity],
      openAges: [],
    });
    expect(lead.indexOf(Math.max(...lead))).toBe(3);
    expect(lead.at(-1)).toBeGreaterThan(0.1);
  });

  it("takes an old open order for lost, and a young one for nothing", () => {
    const none = leadTime({ promisedDays: 2, taken: [2, 2, 2], openAges: [] });
    const young = leadTime({ promisedDays: 2, taken: [2, 2, 2], openAges: [0, 1] });
    const old = leadTime({ promisedDays: 2, taken: [2, 2, 2], openAges: [30, 40] });
    expect(young.at(-1)).toBeCloseTo(none.at(-1) ?? 0, 2);
    expect(old.at(-1)).toBeGreaterThan(0.2);
    expect(sum(old)).toBeCloseTo(1, 12);
  });

  it("gives an open order less chance the older it is, and none in the end", () => {
    const lead = leadTime({ promisedDays: 2, taken: [2, 2, 3, Infinity], openAges: [] });
    const chances = [0, 1, 2, 3, 4, 5, 6, 7, 8, 50].map((age) => stillComes(lead, age));
    expect(chances.toSorted((a, b) => b - a)).toEqual(chances);
    expect(chances[0]).toBeGreaterThan(0.7);
    expect(chances.at(-1)).toBe(0);
  });

  it("believes the latest orders when a supplier has changed, and all of them when it has not", () => {
    const good = Array.from({ length: 60 }, () => 2);
    const steady = leadTime({ promisedDays: 2, taken: [...good, Infinity, ...good], openAges: [] });
    const changed = leadTime({
      promisedDays: 2,
      taken: [...good, 2, Infinity, 2, Infinity, 2, 2, Infinity, 2, Infinity],
      openAges: [],
    });
    expect(steady.at(-1)).toBeLessThan(0.02);
    expect(changed.at(-1)).toBeGreaterThan(0.15);
  });
});
