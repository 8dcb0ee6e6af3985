// The cycle of a supplier's orders: for how many days its items are best ordered together, and what a day of
// that costs.
import type { CoverPlan, ItemPlan } from "./item-plan.ts";

/** A cover in days, and minor units of money for a day of its cycle. */
export interface Cycle {
  readonly cover: number;
  readonly rate: number;
}

/**
 * The cover whose cycle costs least a day, for items that share an order cost. Items that keep for less are
 * ordered for less.
 */
export function bestCycle(plans: readonly ItemPlan[], orderCost: number): Cycle {
  const covers = Math.max(...plans.map(({ covers }) => covers.length));
  let best: Cycle = { cover: 1, rate: Infinity };
  for (let cover = 1; cover <= covers; cover += 1) {
    const rate = cycleRate(plans, orderCost, cover);
    if (rate < best.rate) best = { cover, rate };
  }
  return best;
}

/** An item's plan for a cover, or for the longest that it keeps. */
export function coverOf(plan: ItemPlan, cover: number): CoverPlan {
  const found = plan.covers[Math.min(cover, plan.covers.length) - 1];
  if (found === undefined) throw new Error(`The plan of ${plan.item.id} has no cover.`);
  return found;
}

function cycleRate(plans: readonly ItemPlan[], orderCost: number, cover: number): number {
  let rate = 0;
  let days = 0;
  for (const plan of plans) {
    const found = coverOf(plan, cover);
    rate += found.money / found.days;
    days = Math.max(days, found.days);
  }
  return rate + orderCost / days;
}
