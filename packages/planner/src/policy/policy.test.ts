// The policies against published values, their definitions, and each other.
import { describe, expect, it } from "vitest";
import { isSweep } from "../../../../test/sweep.ts";
import { lostSalesOracles, policyOracles } from "../bench/oracles.ts";
import { baseStockLevel, baseStockOrder, cappedBaseStockOrder } from "./base-stock.ts";
import { demandDrivenBuffer, demandDrivenOrder } from "./demand-driven-buffer.ts";
import { convolved, geometric, poisson, quantile } from "./distribution.ts";
import { economicOrderQuantity } from "./economic-order-quantity.ts";
import { optimalCost, policyCost, policyOf, stateSpace } from "./lost-sales.ts";
import { newsvendorNormal } from "./newsvendor.ts";
import { projectedInventory, projectedInventoryOrder } from "./projected-inventory.ts";
import { reorderPoint } from "./reorder-point.ts";
import { reorderUpTo } from "./reorder-up-to.ts";
import { wagnerWhitin } from "./wagner-whitin.ts";

describe("a published value", () => {
  it.each(policyOracles().map((row) => [row.name, row] as const))(
    "is met: %s",
    (_, { value, published, within }) => {
      expect(Math.abs(value - published)).toBeLessThanOrEqual(within);
    },
  );

  it("is met: the lost-sales optima of Zipkin", () => {
    const shortages = isSweep ? 4 : 1;
    const rows = lostSalesOracles(shortages);
    expect(rows).toHaveLength(2 * shortages);
    expect(rows.filter(({ value, published, within }) => !(Math.abs(value - published) <= within))).toEqual(
      [],
    );
  }, 60_000);
});

describe("the distributions", () => {
  it("sum to one and have their mean", () => {
    for (const chances of [poisson(5), geometric(5), convolved(poisson(2.5), 2)]) {
      expect(chances.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(chances.reduce((sum, chance, units) => sum + chance * units, 0)).toBeCloseTo(5, 6);
    }
    expect(quantile(poisson(5), 0.5)).toBe(5);
  });
});

describe("(s, S)", () => {
  it("is the best of all pairs nearby", () => {
    const demand = poisson(3);
    const found = reorderUpTo({ holding: 1, shortage: 9, orderCost: 20, demand });
    const period = (y: number): number =>
      demand.reduce((sum, chance, d) => sum + chance * (y >= d ? y - d : 9 * (d - y)), 0);
    const simulated = (s: number, S: number): number => {
      // The stationary chances of the level after ordering, by power iteration.
      const levels = Array.from({ length: S - s }, (_, at) => S - at);
      let chance = levels.map(() => 1 / levels.length);
      for (let round = 0; round < 400; round += 1) {
        const next = levels.map(() => 0);
        levels.forEach((level, at) =>
          demand.forEach((p, d) => {
            const to = level - d > s ? at + d : 0;
            next[to] = (next[to] ?? 0) + (chance[at] ?? 0) * p;
          }),
        );
        chance = next.map((one, at) => (one + (chance[at] ?? 0)) / 2);
      }
      const ordered = levels.reduce(
        (sum, level, at) =>
          sum + (chance[at] ?? 0) * demand.reduce((p, q, d) => p + (level - d > s ? 0 : q), 0),
        0,
      );
      return 20 * ordered + levels.reduce((sum, level, at) => sum + (chance[at] ?? 0) * period(level), 0);
    };
    expect(simulated(found.s, found.S)).toBeCloseTo(found.cost, 6);
    for (const s of [-1, 0, 1])
      for (const S of [-1, 0, 1])
        expect(simulated(found.s + s, found.S + S)).toBeGreaterThanOrEqual(found.cost - 1e-9);
  });
});

describe("Wagner and Whitin", () => {
  it("is the best of all ways to group the periods", () => {
    const demand = [20, 50, 10, 0, 90, 30];
    const found = wagnerWhitin({ orderCost: 60, holding: 1, demand });
    let best = Infinity;
    for (let mask = 0; mask < 2 ** 5; mask += 1) {
      let cost = 60;
      let ordered = 0;
      for (let period = 1; period < 6; period += 1) {
        if ((mask >> (period - 1)) & 1) {
          cost += 60;
          ordered = period;
        } else cost += (period - ordered) * (demand[period] ?? 0);
      }
      best = Math.min(best, cost);
    }
    expect(found.cost).toBe(best);
    expect(found.orders.reduce((a, b) => a + b, 0)).toBe(200);
  });
});

describe("the lost-sales optimum", () => {
  const space = stateSpace({ holding: 1, shortage: 9, demand: poisson(5), leadTime: 2 });
  const { cost } = optimalCost(space);

  it("is below every policy, and the good ones are near", () => {
    const level = baseStockLevel(space.system);
    const basic = policyOf(space, (onHand, pipeline) =>
      baseStockOrder(level - 3, onHand + (pipeline[0] ?? 0)),
    );
    const projected = policyOf(space, (onHand, pipeline) =>
      projectedInventoryOrder(8, projectedInventory(space.system.demand, onHand, pipeline)),
    );
    const nothing = policyOf(space, () => 0);
    expect(policyCost(space, basic).cost).toBeGreaterThan(cost);
    expect(policyCost(space, projected).cost).toBeGreaterThan(cost - 1e-3);
    expect(policyCost(space, projected).cost).toBeLessThan(cost * 1.05);
    expect(policyCost(space, nothing).cost).toBeCloseTo(45, 2);
  });

  it("grows with the lead time", () => {
    const longer = optimalCost(stateSpace({ ...space.system, leadTime: 3 })).cost;
    expect(longer).toBeGreaterThan(cost);
  });
});

describe("the smaller rules", () => {
  it("capped base-stock orders what is missing, up to the cap", () => {
    expect(cappedBaseStockOrder({ level: 20, cap: 6 }, 17)).toBe(3);
    expect(cappedBaseStockOrder({ level: 20, cap: 6 }, 2)).toBe(6);
    expect(cappedBaseStockOrder({ level: 20, cap: 6 }, 25)).toBe(0);
  });

  it("the projection knows that lost sales do not come back", () => {
    const always5 = Float64Array.of(0, 0, 0, 0, 0, 1);
    expect(projectedInventory(always5, 3, [10])).toBeCloseTo(5, 12);
    expect(projectedInventory(always5, 8, [10])).toBeCloseTo(8, 12);
  });

  it("DDMRP sizes its zones, and orders to green once it is in yellow", () => {
    const buffer = demandDrivenBuffer({
      averageUse: 10,
      leadTimeDays: 12,
      leadTimeFactor: 0.5,
      variabilityFactor: 0.5,
      orderMin: 50,
    });
    expect(buffer).toEqual({ topOfRed: 90, topOfYellow: 210, topOfGreen: 270 });
    expect(demandDrivenOrder(buffer, 211)).toBe(0);
    expect(demandDrivenOrder(buffer, 210)).toBe(60);
    expect(demandDrivenOrder(buffer, 0)).toBe(270);
  });
});

describe("a parameter that makes no sense", () => {
  it.each([
    ["holding", () => newsvendorNormal({ holding: 0, shortage: 1, mean: 1, deviation: 1 })],
    ["rate", () => economicOrderQuantity({ orderCost: 1, holding: 1, rate: -1 })],
    [
      "shortage",
      () => reorderPoint({ holding: 9, shortage: 0.001, orderCost: 8, rate: 1, deviation: 1, leadTime: 1 }),
    ],
    ["orderCost", () => reorderUpTo({ holding: 1, shortage: 1, orderCost: Number.NaN, demand: poisson(1) })],
    ["costs and demands", () => wagnerWhitin({ orderCost: 1, holding: 1, demand: [1, -2] })],
    ["leadTime", () => stateSpace({ holding: 1, shortage: 1, demand: poisson(1), leadTime: 9 })],
    [
      "averageUse",
      () => demandDrivenBuffer({ averageUse: 0, leadTimeDays: 1, leadTimeFactor: 1, variabilityFactor: 0 }),
    ],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(name);
  });
});
