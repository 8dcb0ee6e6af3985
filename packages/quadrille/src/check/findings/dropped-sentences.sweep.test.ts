// Of every sentence that is dropped from a contract, the suggested patch brings it back, or says what it
// leaves or loses.
import { describe, expect, it } from "vitest";
import { isSweep } from "../../../../../test/sweep.ts";
import { dropSentences } from "../../../test/dropped-sentences.ts";
import { realistic } from "../../../test/realistic-choreographies.ts";
import { reference } from "../../../test/reference-choreographies.ts";

describe("a dropped sentence", () => {
  const contracts = [
    ["create-order", reference("create-order")] as const,
    ...realistic("final").filter(([name]) => isSweep || /^(07|09|13|16)/.test(name)),
  ];

  it("comes back in most cases, and its patch says what it leaves and loses", () => {
    const dropped = contracts.flatMap(([, contract]) => [...dropSentences(contract)]);
    expect(dropped.filter(({ result }) => result === "errors" || result === "lost")).toEqual([]);
    const noticed = dropped.filter(({ result }) => result !== "unnoticed");
    const restored = noticed.filter(({ result }) => result === "clean");
    expect(restored.length / noticed.length).toBeGreaterThan(0.5);
  });
});
