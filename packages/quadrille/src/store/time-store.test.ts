// Which time it is by a record that another process has written.
import { expect, it } from "vitest";
import { timeAt } from "./time-store.ts";

const written = { at: 1_000_000, measuredAt: 500 };

it.each([
  ["stepped time stands still", { ...written, factor: 0 }, 9_999_999, 1_000_000],
  ["a lapse goes on from where it was measured", { ...written, factor: 60 }, 1_500, 1_060_000],
  ["a lapse whose mover is silent for long stands still", { ...written, factor: 60 }, 86_400_000, 1_120_000],
])("%s", (_, record, now, time) => {
  expect(timeAt(record, now)).toBe(time);
});
