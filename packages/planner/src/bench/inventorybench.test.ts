// The benchmark's rules: what is scored, and that nothing leaks.
import { describe, expect, it } from "vitest";
import { embeddedPlanner } from "../planner/embedded.ts";
import type { InventoryPlanner, PlanningResult } from "../planner/result.ts";
import type { PlanningSnapshot } from "../planner/snapshot.ts";
import { type Instance, scoreInstance } from "./inventorybench.ts";

const instance: Instance = {
  path: "test",
  batch: "lead_time_0",
  training: [10, 10],
  demand: [10, 10, 10, 10],
  leadTimes: [0, 0, 0, 0],
  promised: 0,
  p: 4,
  h: 1,
};

/** Orders these quantities, and keeps what it was shown. */
function scripted(quantities: readonly number[]): InventoryPlanner & { readonly seen: PlanningSnapshot[] } {
  const seen: PlanningSnapshot[] = [];
  return {
    id: "scripted",
    seen,
    plan(snapshot) {
      const quantity = quantities[seen.length] ?? 0;
      seen.push(snapshot);
      const result = { proposals: quantity > 0 ? [{ lines: [{ quantity }] }] : [], notOrdered: [] };
      return result as unknown as PlanningResult;
    },
  };
}

describe("InventoryBench", () => {
  it("pays p for what is sold and takes h for what is left", () => {
    expect(scoreInstance(scripted([10, 10, 10, 10]), instance)).toBe(1);
    expect(scoreInstance(scripted([20, 0, 5, 30]), instance)).toBeCloseTo((35 * 4 - 10 - 20) / 160, 12);
  });

  it("is never below zero", () => {
    expect(scoreInstance(scripted([1_000]), instance)).toBe(0);
  });

  it("shows the arrivals with their orders, and a lost order like one that is late", () => {
    const planner = scripted([7, 8, 9, 0]);
    scoreInstance(planner, { ...instance, leadTimes: [-1, 2, 1, 0] });
    const last = planner.seen.at(-1);
    expect(last?.items[0]?.openOrders?.map(({ quantity }) => quantity)).toEqual([7, 8, 9]);
    expect(last?.suppliers[0]?.deliveries).toEqual([]);
    expect(JSON.stringify(planner.seen)).not.toContain("Infinity");
  });

  it("is well played by the embedded planner when demand is steady", () => {
    const steady = {
      ...instance,
      training: [10, 10, 10, 10, 10],
      demand: Array.from({ length: 30 }, () => 10),
      leadTimes: Array.from({ length: 30 }, () => 0),
    };
    expect(scoreInstance(embeddedPlanner, steady)).toBeGreaterThan(0.97);
  });
});
