// Seeded choice is even, repeatable and exact.
import { describe, expect, it } from "vitest";
import { choose, roll } from "./seed.ts";

const names = Array.from({ length: 1_000 }, (_, number) => `name ${number}`);

describe("roll", () => {
  it("gives the same number for the same seed and name, between 0 and 1", () => {
    for (const name of names) {
      const number = roll(7, name);
      expect(number).toBe(roll(7, name));
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
    }
  });

  it("spreads names that differ in one digit evenly over tenths", () => {
    const tenths = Map.groupBy(names, (name) => Math.floor(roll(1, name) * 10));
    expect(tenths.size).toBe(10);
    for (const members of tenths.values()) expect(members.length).toBeGreaterThan(65);
  });
});

describe("choose", () => {
  it("chooses exactly as many as asked, others for another seed", () => {
    const chosen = choose(1, names, 20);
    expect(chosen.size).toBe(20);
    expect(chosen).toEqual(choose(1, names, 20));
    expect(chosen).not.toEqual(choose(2, names, 20));
  });
});
