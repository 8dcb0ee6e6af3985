// Cycles, special days and thin demand.
import { describe, expect, it } from "vitest";
import { type CalendarDays, fitDemand, meanDemand } from "./demand.ts";
import { fitIntermittent, intermittentQuantile } from "./intermittent.ts";
import { seasonFactors } from "./season.ts";

const noCalendar: CalendarDays = { closed: new Set(), named: new Map() };
const weekly = (t: number): number => [100, 100, 50, 100, 100, 300, 100][t % 7] ?? 100;
const wave = (t: number): number => ((t * 7919) % 11) - 5;

describe("the factors of a cycle", () => {
  it("are those of the history, with mean one", () => {
    const values = Array.from({ length: 70 }, (_, t) => weekly(t) + wave(t));
    const factors = seasonFactors(values, { length: 7, phase: 0 });
    expect(factors[5]).toBeCloseTo(2.47, 1);
    expect(factors[2]).toBeCloseTo(0.41, 1);
    expect(factors.reduce((a, b) => a + b, 0) / 7).toBeCloseTo(1, 9);
  });

  it("begin where the history begins", () => {
    const values = Array.from({ length: 70 }, (_, t) => weekly(t + 3));
    expect(seasonFactors(values, { length: 7, phase: 3 })[5]).toBeGreaterThan(2);
  });

  it("are nearly one where there is no cycle, and one where the history is short", () => {
    const noise = Array.from({ length: 140 }, (_, t) => 100 + 3 * wave(t * t));
    for (const factor of seasonFactors(noise, { length: 7, phase: 0 }))
      expect(Math.abs(factor - 1)).toBeLessThan(0.05);
    expect([...seasonFactors([1, 2, 3, 4, 5, 6, 7], { length: 7, phase: 0 })]).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });
});

describe("an item's demand", () => {
  const fit = (values: readonly number[], calendar = noCalendar): readonly number[] => [
    ...meanDemand(fitDemand({ values, firstDay: 0, seasons: [7], calendar }, 7)),
  ];

  it("has the day of the week", () => {
    const mean = fit(Array.from({ length: 70 }, (_, t) => weekly(t)));
    expect(mean[5]).toBeGreaterThan(270);
    expect(mean[2]).toBeLessThan(70);
  });

  it("is zero on closed days, which do not lower the others", () => {
    const closed = new Set([...Array.from({ length: 12 }, (_, week) => week * 7 + 1), 71]);
    const values = Array.from({ length: 70 }, (_, t) => (closed.has(t) ? 0 : 100 + wave(t)));
    const mean = fit(values, { closed, named: new Map() });
    expect(mean[1]).toBe(0);
    expect(mean[3]).toBeGreaterThan(92);
  });

  it("has learned from earlier days of one name", () => {
    const named = new Map([10, 40, 72].map((day) => [day, "match"]));
    const values = Array.from({ length: 70 }, (_, t) => (named.has(t) ? 400 : 100 + wave(t)));
    const mean = fit(values, { closed: new Set(), named });
    expect(mean[2]).toBeGreaterThan(220);
    expect(mean[3]).toBeLessThan(130);
  });

  it("that is mostly zero is its own distribution, not an average", () => {
    const values = Array.from({ length: 70 }, (_, t) => (t % 5 === 0 ? 10 : 0));
    const { fit } = fitDemand({ values, firstDay: 0, seasons: [7], calendar: noCalendar }, 7);
    expect(fit.kind).toBe("intermittent");
  });
});

describe("thin demand", () => {
  const distribution = fitIntermittent({ values: [0, 0, 5, 0, 0, 0, 2, 0, 0, 0] });

  it("has the values that were seen, zero above all", () => {
    expect(intermittentQuantile(distribution, 0.5)).toBe(0);
    expect(intermittentQuantile(distribution, 0.9)).toBe(2);
    expect(intermittentQuantile(distribution, 0.999)).toBe(5);
  });

  it("does not count a day without stock as a day without demand", () => {
    const values = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const censored = values.map((_, t) => (t > 0 ? 1 : 0));
    expect(intermittentQuantile(fitIntermittent({ values, censored }), 0.9)).toBe(3);
    expect(intermittentQuantile(fitIntermittent({ values }), 0.9)).toBe(0);
  });
});
