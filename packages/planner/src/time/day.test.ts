// Days as numbers and back, against the calendar of the language.
import { describe, expect, it } from "vitest";
import { isoDay, parseDay } from "./day.ts";

describe("a day", () => {
  it("is the same as in the calendar of the language, over centuries and leap years", () => {
    for (let day = -200_000; day < 200_000; day += 97) {
      const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
      expect(isoDay(day)).toBe(text);
      expect(parseDay(text)).toBe(day);
    }
  });

  it.each([
    "2025-02-29",
    "2025-13-01",
    "2025-00-10",
    "2025-04-31",
    "25-01-01",
    "2025-1-1",
    "2025-01-01T00",
    "today",
  ])("is not %s", (text) => {
    expect(parseDay(text)).toBeUndefined();
  });
});
