// What the embedded planner orders, and what it says about it.
import { describe, expect, it } from "vitest";
import { daysAgo, mozzarella, snapshot, supplier } from "../../test/snapshots.ts";
import { embeddedPlanner } from "./embedded.ts";
import type { PlanningSnapshot } from "./snapshot.ts";

const plan = (change: Partial<PlanningSnapshot> = {}) => embeddedPlanner.plan(snapshot(change));
const quantityOf = (change: Partial<PlanningSnapshot>): number =>
  plan(change).proposals[0]?.lines[0]?.quantity ?? 0;

describe("the embedded planner", () => {
  it("gives the same bytes for the same snapshot, whatever the order of its keys", () => {
    const once = JSON.stringify(plan());
    const turned = Object.fromEntries(Object.entries(snapshot()).toReversed()) as unknown as PlanningSnapshot;
    expect(JSON.stringify(embeddedPlanner.plan(turned))).toBe(once);
    expect(JSON.stringify(plan())).toBe(once);
  });

  it("orders whole packs when the stock will not last until the next order", () => {
    const { proposals, notOrdered } = plan();
    expect(notOrdered).toEqual([]);
    const line = proposals[0]?.lines[0];
    expect(line?.quantity).toBeGreaterThan(0);
    expect((line?.quantity ?? 1) % 500).toBe(0);
    expect(proposals[0]?.total).toBe(500 + (line?.packs ?? 0) * 400);
  });

  it("orders nothing when there is enough, and says when it would", () => {
    const { proposals, notOrdered } = plan({ items: [mozzarella({ onHand: 9_000 })] });
    expect(proposals).toEqual([]);
    expect(notOrdered[0]?.wouldOrderOn).toMatch(/^2026-06-0[3-9]$/);
  });

  it("does not count on an order that is long overdue", () => {
    const open = (age: number) => [{ id: "a", supplier: "dairy", quantity: 8_000, placedOn: daysAgo(age) }];
    const young = plan({ items: [mozzarella({ openOrders: open(1) })] });
    const old = plan({ items: [mozzarella({ openOrders: open(20) })] });
    expect(young.proposals).toEqual([]);
    expect(old.proposals[0]?.lines[0]?.quantity).toBeGreaterThan(0);
    expect(old.proposals[0]?.lines[0]?.reason?.position.open).toEqual([
      { id: "a", quantity: 8_000, ageDays: 20, comes: 0 },
    ]);
  });

  it("orders no more than keeps", () => {
    const long = quantityOf({ items: [mozzarella({ onHand: 0, shelfLifeDays: 30 })] });
    const short = quantityOf({ items: [mozzarella({ onHand: 0, shelfLifeDays: 2 })] });
    expect(short).toBeGreaterThan(0);
    expect(short).toBeLessThan(long);
    expect(short).toBeLessThanOrEqual(2_500);
  });

  it("sees that sales of a stock-out were a lower bound", () => {
    const low = (days: number): number[] =>
      mozzarella().demand.quantities.map((one, at) => (at >= 60 - days ? 100 : one));
    const without = mozzarella({ demand: { from: daysAgo(60), quantities: low(6) } });
    const marked = mozzarella({
      demand: { from: daysAgo(60), quantities: low(6), stockOuts: [6, 5, 4, 3, 2, 1].map(daysAgo) },
    });
    const next = (item: typeof without): number => {
      const { proposals, notOrdered } = plan({ items: [item] });
      return proposals[0]?.lines[0]?.reason?.demand.next ?? notOrdered[0]?.demand.next ?? 0;
    };
    expect(next(marked)).toBeGreaterThan(900);
    expect(next(without)).toBeLessThan(500);
  });

  it("knows the day of the week where the history shows it", () => {
    const weekly = mozzarella({
      demand: {
        from: daysAgo(70),
        quantities: Array.from({ length: 70 }, (_, day) => (day % 7 === 0 ? 3_000 : 500)),
      },
      onHand: 0,
      offers: [{ supplier: "dairy", pack: 1, packPrice: 1, promisedDays: 0 }],
    });
    const first = quantityOf({ items: [weekly], suppliers: [supplier([0, 0, 0], { orderCost: 0 })] });
    expect(first).toBeGreaterThan(2_500);
  });

  it("says which grams are only there for the minimum", () => {
    const item = mozzarella({
      onHand: 0,
      offers: [{ supplier: "dairy", pack: 500, packPrice: 400, packsMin: 40, promisedDays: 2 }],
      shelfLifeDays: 60,
    });
    const line = plan({ items: [item] }).proposals[0]?.lines[0];
    expect(line?.quantity).toBe(20_000);
    expect(line?.reason?.onlyForMinimum).toBeGreaterThan(0);
  });

  it("says that no supplier sells an item", () => {
    const { notOrdered } = plan({ items: [mozzarella({ offers: [] })] });
    expect(notOrdered[0]?.because).toBe("no offer");
  });

  it("takes the supplier that costs less in sum, not the cheaper one that loses orders", () => {
    const offers = [
      { supplier: "cheap", pack: 500, packPrice: 396, promisedDays: 2 },
      { supplier: "dairy", pack: 500, packPrice: 400, promisedDays: 2 },
    ];
    const suppliers = [
      supplier(
        Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? null : 2)),
        { id: "cheap" },
      ),
      supplier(Array.from({ length: 20 }, () => 2)),
    ];
    const { proposals } = plan({ items: [mozzarella({ onHand: 0, offers })], suppliers });
    expect(proposals[0]?.supplier).toBe("dairy");
    expect(proposals[0]?.lines[0]?.reason?.supplier).toHaveLength(2);
  });

  it("buys what the budget allows, and says that it was the budget", () => {
    const budgets = (limit: number) => [{ id: "june", limit, reserved: 0, spent: 0 }];
    const some = plan({ budgets: budgets(2_500) });
    expect(some.proposals[0]?.total).toBe(2_500);
    expect(some.proposals[0]?.lines[0]?.reason?.caps.at(-1)).toMatchObject({ by: "budget", to: 2_500 });
    const none = plan({ budgets: budgets(700) });
    expect(none.proposals).toEqual([]);
    expect(none.notOrdered[0]?.because).toBe("budget");
  });

  it("orders the economic order quantity when demand is steady and nothing spoils", () => {
    const steady = mozzarella({
      shelfLifeDays: 1_000,
      onHand: 0,
      demand: { from: daysAgo(60), quantities: Array.from({ length: 60 }, () => 100) },
      offers: [{ supplier: "dairy", pack: 1, packPrice: 1, promisedDays: 0 }],
      costs: { holding: 0.4, shortage: 50 },
    });
    const suppliers = [supplier([0, 0, 0, 0, 0, 0, 0, 0], { orderCost: 1_000 })];
    // The square root of 2 x 1,000 x 100 / 0.4 is 707: a week.
    expect(quantityOf({ items: [steady], suppliers })).toBe(700);
  });
});
