// The backtest's world: stock that spoils, costs that add up, a planner that sees no more than a buyer does.
import { describe, expect, it } from "vitest";
import { embeddedPlanner } from "../planner/embedded.ts";
import type { InventoryPlanner, PlanningResult } from "../planner/result.ts";
import type { PlanningSnapshot } from "../planner/snapshot.ts";
import { costPlot } from "./plot.ts";
import { fixedLevelsPlanner, minMaxPlanner } from "./rivals.ts";
import { simulate } from "./simulate.ts";
import { emptyStock, expire, onHand, receive, take } from "./stock.ts";
import { dayTotal, parts, saving, summary } from "./summary.ts";
import { seededTaken, type World } from "./world.ts";

const nothing: InventoryPlanner = {
  id: "nothing",
  plan: () => ({ planner: "nothing", snapshot: "", proposals: [], notOrdered: [] }),
};
const days = 40;
const world = (taken: (day: number) => number = () => 2): World => ({
  currency: "USD",
  from: "2026-01-01",
  items: [
    {
      id: "milk",
      unit: "piece",
      demand: Array.from({ length: days }, (_, day) => 10 + (day % 3)),
      offers: [{ supplier: "dairy", pack: 5, packPrice: 500, promisedDays: 2 }],
      shelfLifeDays: 6,
      costs: { holding: 1, shortage: 300 },
    },
  ],
  suppliers: [{ id: "dairy", orderCost: 200, taken }],
});
const run = { warmUpDays: 10, writeOffDays: 5 };

describe("stock", () => {
  it("is sold oldest first and thrown away after its last day", () => {
    const stock = emptyStock();
    receive(stock, 5, 20);
    receive(stock, 3, 10);
    expect(take(stock, 4)).toBe(4);
    expect(expire(stock, 10)).toBe(0);
    expect(expire(stock, 20)).toBe(4);
    expect(take(stock, 1)).toBe(0);
    expect(onHand(stock)).toBe(0);
  });
});

describe("a run", () => {
  it("counts every unit that was wanted as sold or missing, and prices the missing ones", () => {
    const { items, days: costs } = simulate(world(), nothing, run);
    const wanted = items[0]?.wanted.reduce((a, b) => a + b, 0) ?? 0;
    const sold = items[0]?.sold.reduce((a, b) => a + b, 0) ?? 0;
    expect(costs.reduce((sum, { shortage }) => sum + shortage, 0)).toBe((wanted - sold) * 300);
    expect(costs).toHaveLength(30);
  });

  it("shows a planner sales and stock-outs, not demand, and neither a lost order nor the future", () => {
    const seen: PlanningSnapshot[] = [];
    const once: InventoryPlanner = {
      id: "once",
      plan(snapshot) {
        seen.push(snapshot);
        const lines = [{ item: "milk", quantity: 5, pack: 5, packPrice: 500 }];
        const proposals = seen.length === 1 ? [{ supplier: "dairy", lines, orderCost: 200 }] : [];
        return { planner: "once", snapshot: "", proposals, notOrdered: [] } as unknown as PlanningResult;
      },
    };
    simulate(
      world(() => Infinity),
      once,
      run,
    );
    const last = seen.at(-1)?.items[0];
    expect(last?.demand.quantities.at(-1)).toBe(0);
    expect(last?.demand.stockOuts).toContain("2026-02-08");
    expect(last?.demand.quantities).toHaveLength(39);
    expect(JSON.stringify(seen)).not.toContain("Infinity");
    expect(seen[5]?.items[0]?.openOrders).toHaveLength(1);
    expect(seen[10]?.items[0]?.openOrders).toEqual([]);
    expect(seen[10]?.suppliers[0]?.deliveries).toEqual([
      { placedOn: "2026-01-11", arrivedOn: null, promisedDays: 2 },
    ]);
  });

  it("is survived by the embedded planner at less cost than by doing nothing, and than by min/max", () => {
    const cost = (planner: InventoryPlanner): number =>
      simulate(world(), planner, run).days.reduce((sum, day) => sum + dayTotal(day), 0);
    expect(cost(embeddedPlanner)).toBeLessThan(cost(nothing) / 10);
    expect(cost(embeddedPlanner)).toBeLessThan(cost(minMaxPlanner({ safetyDays: 3, cycleDays: 4 })));
  });

  it("follows fixed levels: whole packs up to S, once at s", () => {
    const { items } = simulate(world(), fixedLevelsPlanner(new Map([["milk", { s: 30, S: 50 }]])), run);
    const orders = items[0]?.ordered.filter((units) => units > 0) ?? [];
    expect(orders.length).toBeGreaterThan(3);
    expect(orders.every((units) => units % 5 === 0 && units >= 20)).toBe(true);
  });
});

describe("a seeded supplier", () => {
  it("loses the share of orders that it is made to, the same orders every time", () => {
    const taken = seededTaken(1, "dairy", [
      { from: 0, lost: 0, late: 0, lateDaysMax: 1 },
      { from: 500, lost: 0.3, late: 0.2, lateDaysMax: 3 },
    ]);
    const orders = Array.from({ length: 1_500 }, (_, day) => taken(day, 2));
    expect(orders.slice(0, 500).every((days) => days === 2)).toBe(true);
    expect(orders.filter((days) => days === Infinity).length / 1_000).toBeCloseTo(0.3, 1);
    expect(orders.filter((days) => days > 2 && days < 6).length / 1_000).toBeCloseTo(0.2, 1);
    expect(taken(777, 2)).toBe(orders[777]);
  });
});

describe("a summary", () => {
  const good = simulate(world(), embeddedPlanner, run);
  const bad = simulate(world(), nothing, run);

  it("sums the parts, and knows fill rate, turns and bullwhip", () => {
    const { total, costs, fillRate, turns, bullwhip } = summary(good, [100]);
    expect(total).toBeCloseTo(
      parts.reduce((sum, part) => sum + costs[part], 0),
      6,
    );
    expect(fillRate).toBeGreaterThan(0.95);
    expect(turns).toBeGreaterThan(10);
    expect(bullwhip).toBeGreaterThan(0);
  });

  it("gives a saving with an interval around it, and nothing against itself", () => {
    const { saving: share, low, high } = saving(good, bad);
    expect(low).toBeLessThanOrEqual(share);
    expect(high).toBeGreaterThanOrEqual(share);
    expect(low).toBeGreaterThan(0.5);
    expect(saving(good, good)).toEqual({ saving: 0, low: 0, high: 0 });
  });

  it("is drawn as a picture of well-formed SVG with every run's name", () => {
    const runs = [good, bad].map((outcome, index) => ({
      name: index === 0 ? "good" : "b<d",
      outcome,
      summary: summary(outcome, [100]),
    }));
    const svg = costPlot(runs, { title: "A & B", currency: "USD" });
    expect(svg).toContain("A &amp; B");
    expect(svg).toContain("b&lt;d");
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});
