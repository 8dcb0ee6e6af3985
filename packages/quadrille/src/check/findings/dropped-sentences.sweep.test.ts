// Of every sentence that is dropped from a contract, the suggested patch brings it back, or says what it
// leaves.
import { describe, expect, it } from "vitest";
import { dropSentences } from "../../../test/dropped-sentences.ts";
import { realistic } from "../../../test/realistic-choreographies.ts";
import { reference } from "../../../test/reference-choreographies.ts";

describe("a dropped sentence", () => {
  const small = [
    ...["create-order"].map((name) => [name, reference(name)] as const),
    ...realistic("final").filter(([name]) => /^0[39]/.test(name)),
  ];

  it.each(small)("of %s comes back, or the patch says what it leaves", (_, contract) => {
    const dropped = [...dropSentences(contract)];
    expect(dropped.length).toBeGreaterThan(5);
    expect(dropped.filter(({ result }) => result === "unannounced")).toEqual([]);
    expect(dropped.filter(({ result }) => result === "clean").length / dropped.length).toBeGreaterThan(0.5);
  });
});
