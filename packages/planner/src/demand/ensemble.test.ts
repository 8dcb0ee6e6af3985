// The ensemble follows levels and trends, and is as sure as its errors allow.
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random/random.ts";
import { ensembleMean, fitEnsemble, sampleEnsemble } from "./ensemble.ts";

const mean = (values: readonly number[], steps = 3): readonly number[] => {
  const out = new Float64Array(steps);
  ensembleMean(fitEnsemble({ values }), out);
  return [...out];
};
const noisy = (length: number, level: (t: number) => number): readonly number[] => {
  const random = seededRandom(5);
  return Array.from({ length }, (_, t) => level(t) + 5 * random.normal());
};

describe("the ensemble", () => {
  it("knows nothing from nothing, and a constant from a constant", () => {
    expect(mean([])).toEqual([0, 0, 0]);
    for (const one of mean([7, 7, 7, 7])) expect(one).toBeCloseTo(7, 9);
  });

  it("averages a steady demand", () => {
    expect(mean(noisy(60, () => 100))[0]).toBeGreaterThan(96);
    expect(mean(noisy(60, () => 100))[0]).toBeLessThan(104);
  });

  it("is at a new level within a few periods", () => {
    expect(mean(noisy(46, (t) => (t < 40 ? 100 : 200)))[0]).toBeGreaterThan(180);
  });

  it("goes on with a trend, damped", () => {
    const [next = 0, , third = 0] = mean(noisy(40, (t) => 50 + 10 * t));
    expect(next).toBeGreaterThan(435);
    expect(third).toBeGreaterThan(next);
  });

  it("takes what was sold in a stock-out for a lower bound", () => {
    const values = [...noisy(40, () => 100), 40, 40, 40, 40];
    const censored = values.map((_, t) => (t >= 40 ? 1 : 0));
    const out = new Float64Array(1);
    ensembleMean(fitEnsemble({ values, censored }), out);
    expect(out[0]).toBeGreaterThan(97);
    expect(mean(values)[0]).toBeLessThan(60);
  });

  it("samples futures with the spread of its errors", () => {
    const fit = fitEnsemble({ values: noisy(80, () => 100) });
    const random = seededRandom(1);
    const out = new Float64Array(1);
    const n = 4_000;
    let sum = 0;
    let squares = 0;
    for (let index = 0; index < n; index += 1) {
      sampleEnsemble(fit, random, out);
      sum += (out[0] ?? 0) / n;
      squares += (out[0] ?? 0) ** 2 / n;
    }
    const spread = Math.sqrt(squares - sum * sum);
    expect(spread).toBeGreaterThan(3.5);
    expect(spread).toBeLessThan(7);
  });

  it("samples nothing below zero", () => {
    const fit = fitEnsemble({ values: noisy(80, () => 1).map((value) => Math.max(0, value)) });
    const out = new Float64Array(500);
    sampleEnsemble(fit, seededRandom(1), out);
    expect(Math.min(...out)).toBe(0);
    expect(Math.max(...out)).toBeGreaterThan(1);
  });
});
