// A small snapshot that tests change where they need it.
import type { Item, PlanningSnapshot, Supplier } from "../src/planner/snapshot.ts";
import { isoDay, parseDay } from "../src/time/day.ts";

export const asOf = "2026-06-01";
const today = parseDay(asOf) ?? 0;

/** The day so many days before the plan. */
export function daysAgo(days: number): string {
  return isoDay(today - days);
}

/** Sixty days of demand around 1,000 g. */
export function mozzarella(change: Partial<Item> = {}): Item {
  const quantities = Array.from({ length: 60 }, (_, day) => 1_000 + ((day * 37) % 100) * 4 - 200);
  return {
    id: "mozzarella",
    unit: "g",
    onHand: 2_000,
    demand: { from: daysAgo(60), quantities },
    offers: [{ supplier: "dairy", pack: 500, packPrice: 400, promisedDays: 2 }],
    shelfLifeDays: 14,
    costs: { holding: 0.001, shortage: 3 },
    ...change,
  };
}

/** A supplier whose orders took so many days; null: never came. */
export function supplier(taken: readonly (number | null)[] = [], change: Partial<Supplier> = {}): Supplier {
  return {
    id: "dairy",
    orderCost: 500,
    deliveries: taken.map((days, index) => {
      const placed = (taken.length - index) * 3 + 12;
      return {
        placedOn: daysAgo(placed),
        arrivedOn: days === null ? null : daysAgo(placed - days),
        promisedDays: 2,
      };
    }),
    ...change,
  };
}

export function snapshot(change: Partial<PlanningSnapshot> = {}): PlanningSnapshot {
  return { asOf, currency: "USD", items: [mozzarella()], suppliers: [supplier([2, 2, 2, 2, 2])], ...change };
}
