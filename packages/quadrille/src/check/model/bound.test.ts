// A bound is as it was asked for, or refused: a check within another bound would be another check.
import { expect, it } from "vitest";
import { resolveBound } from "./bound.ts";

it.each([
  [{ sagas: 5 }, "sagas must be a whole number from 1 to 4, not 5"],
  [{ sagas: 1.5 }, "sagas must be a whole number from 1 to 4, not 1.5"],
  [{ faults: { duplicate: 99 } }, "duplicate must be a whole number from 0 to 7, not 99"],
  [{ bound: { cap: 0 } }, "cap must be a whole number from 1 to 255, not 0"],
  [{ bound: { cap: 1_000 } }, "cap must be a whole number from 1 to 255, not 1000"],
  [{ bound: { states: 0 } }, "states must be a whole number from 1 to 1,073,741,824, not 0"],
  [{ bound: { plain: -1 } }, "plain must be a whole number from 1 to 1,073,741,824, not -1"],
  [{ bound: { bytes: 5 } }, "bytes must be a whole number from 65,536 to 1,099,511,627,776, not 5"],
])("refuses %j", (options, message) => {
  expect(() => resolveBound(options)).toThrow(new RangeError(message));
});
