// The projected inventory level policy (van Jaarsveld and Arts 2024): order so that the expected stock at the
// arrival of the order is at a target, where the expectation knows that sales which find no stock are lost.
import type { Chances } from "./distribution.ts";

/**
 * Expected units left when an order of now arrives, before it is added. `pipeline[k]` arrives `k + 1` periods
 * from now.
 */
export function projectedInventory(demand: Chances, onHand: number, pipeline: readonly number[]): number {
  let stock = new Float64Array(onHand + 1);
  stock[onHand] = 1;
  // The first period sees what is on hand, each further one what arrives before it.
  for (let period = 0; period <= pipeline.length; period += 1) {
    if (period > 0) stock = raised(stock, pipeline[period - 1] ?? 0);
    stock = sold(stock, demand);
  }
  return stock.reduce((sum, chance, units) => sum + chance * units, 0);
}

/** What the policy orders, in whole units. */
export function projectedInventoryOrder(target: number, projected: number): number {
  return Math.max(0, Math.round(target - projected));
}

function raised(stock: Float64Array, units: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(stock.length + units);
  next.set(stock, units);
  return next;
}

function sold(stock: Float64Array, demand: Chances): Float64Array<ArrayBuffer> {
  const next = new Float64Array(stock.length);
  for (let units = 0; units < stock.length; units += 1) {
    const chance = stock[units] ?? 0;
    if (chance === 0) continue;
    for (let wanted = 0; wanted < demand.length; wanted += 1) {
      const left = Math.max(0, units - wanted);
      next[left] = (next[left] ?? 0) + chance * (demand[wanted] ?? 0);
    }
  }
  return next;
}
