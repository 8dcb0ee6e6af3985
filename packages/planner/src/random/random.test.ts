// The random numbers repeat, and have the distribution that they are named after; the hash sees values, not
// their writing.
import { describe, expect, it } from "vitest";
import { seedOf, valueHash } from "./hash.ts";
import { standardNormalCdf, standardNormalLoss, standardNormalQuantile } from "./normal.ts";
import { seededRandom } from "./random.ts";

describe("seeded random numbers", () => {
  it("are the same for the same seed, and others for another", () => {
    const draws = (seed: number): readonly number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random.uniform());
    };
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
  });

  it("have the mean and the variance of their distribution", () => {
    const random = seededRandom(1);
    const n = 100_000;
    let uniform = 0;
    let normal = 0;
    let squares = 0;
    for (let index = 0; index < n; index += 1) {
      uniform += random.uniform() / n;
      const z = random.normal();
      normal += z / n;
      squares += (z * z) / n;
    }
    expect(uniform).toBeCloseTo(0.5, 2);
    expect(normal).toBeCloseTo(0, 1);
    expect(squares).toBeCloseTo(1, 1);
  });
});

describe("the normal distribution", () => {
  it("has the values of the tables", () => {
    expect(standardNormalCdf(1.96)).toBeCloseTo(0.9750021048517795, 12);
    expect(standardNormalCdf(-8) / 6.22096057427e-16).toBeCloseTo(1, 7);
    expect(standardNormalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
    expect(standardNormalQuantile(1e-6)).toBeCloseTo(-4.753424308822899, 8);
    expect(standardNormalLoss(0)).toBeCloseTo(0.3989422804014327, 12);
  });

  it.each([0, 1, -0.1, Number.NaN])("has no quantile at %s", (p) => {
    expect(() => standardNormalQuantile(p)).toThrow("between 0 and 1");
  });
});

describe("the hash of a value", () => {
  it("does not see the order of keys, nor a key without a value", () => {
    expect(valueHash({ a: 1, b: [2, "x"] })).toBe(valueHash({ b: [2, "x"], a: 1, c: undefined }));
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: "1" }, { a: 1 }],
    [{ a: null }, { a: false }],
    [
      ["ab", "c"],
      ["a", "bc"],
    ],
    [[[1], 2], [[1, 2]]],
    [{ a: 0.1 }, { a: 0.1 + 1e-12 }],
  ])("distinguishes %j from %j", (one, other) => {
    expect(valueHash(one)).not.toBe(valueHash(other));
  });

  it("is 14 digits, and gives a seed", () => {
    const hash = valueHash("x");
    expect(hash).toMatch(/^[0-9a-f]{14}$/);
    expect(Number.isInteger(seedOf(hash))).toBe(true);
  });
});
