// What a report says of all its patches at its end.
import { expect, it } from "vitest";
import { patchSummaryLines } from "./patch-lines.ts";

it("patches that are judged together leave what they leave", () => {
  const fresh = ["P3a Off waits for ever"];
  expect(patchSummaryLines({ together: { errors: 2, fresh }, untried: 0 })).toEqual([
    "",
    "With all these patches together, 2 errors are left, 1 of them new: P3a Off waits for ever.",
  ]);
  expect(patchSummaryLines({ together: { errors: 0, fresh: [] }, untried: 0 })).toEqual([
    "",
    "With all these patches together, no error is left.",
  ]);
});

it("findings without a try are counted", () => {
  expect(patchSummaryLines({ untried: 2 })).toEqual([
    "",
    "The steps for patches were used up before 2 findings: apply what is suggested, and check again.",
  ]);
  expect(patchSummaryLines(undefined)).toEqual([]);
});
