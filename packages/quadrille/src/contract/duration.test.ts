// Durations: every unit, and a sentence for everything else.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationMs } from "./duration.ts";

describe("durationMs", () => {
  it.each([
    ["250ms", 250],
    ["30s", 30_000],
    ["15m", 900_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["0ms", 0],
    ["1000000d", 86_400_000_000_000],
  ])("reads %s", (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });

  it.each(["", "15", "m", "1.5h", "-1s", "1 h", "1w", "1hour", "1e3ms"])(
    "refuses %j and shows the wanted form",
    (text) => {
      expect(() => durationMs(text)).toThrow(
        new RangeError(`"${text}" is not a duration; write a whole number and a unit, such as "15m"`),
      );
    },
  );

  it.each(["1000001d", "99999999999999d", "86400000000001ms"])(
    "refuses %j, which no clock comes to",
    (text) => {
      expect(() => durationMs(text)).toThrow(
        new RangeError(`"${text}" is too long; a duration is at most "1000000d"`),
      );
    },
  );

  it("is linear in its number", () => {
    const unit = fc.constantFrom("ms", "s", "m", "h", "d");
    fc.assert(
      fc.property(
        fc.nat(100_000),
        unit,
        (count, name) => durationMs(`${count}${name}`) === count * durationMs(`1${name}`),
      ),
    );
  });
});
