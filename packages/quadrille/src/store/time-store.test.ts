// Which time it is by a record that another process has written.
import { expect, it } from "vitest";
import { timeAt } from "./time-store.ts";

const written = { at: 1_000_000, measuredAt: 500 };

it.each([
  ["stepped time stands still", 0, { now: 9_999_999, time: 1_000_000 }],
  ["a lapse goes on from where it was measured", 60, { now: 1_500, time: 1_060_000 }],
  ["a lapse whose mover is silent for long stands still", 60, { now: 86_400_000, time: 1_120_000 }],
] as const)("%s", (_, factor, { now, time }) => {
  expect(timeAt({ ...written, factor }, now)).toBe(time);
});
