// What it would take: the smallest change of one thing that would have an item ordered today, or not ordered.
import { planSeeded } from "../planner/embedded.ts";
import type { Item, PlanningSnapshot } from "../planner/snapshot.ts";
import { valueHash } from "../random/hash.ts";
import { quantityOf } from "./change.ts";
import { decidedTogether } from "./together.ts";

/** Limits at which the decision of today would turn; undefined where no value within reach turns it. */
export interface WhatItTakes {
  readonly item: string;
  readonly ordered: boolean;
  /** Units on hand: at this or less it is ordered. */
  readonly onHandAtMost: number | undefined;
  /** Factor of all past demand: from this on it is ordered. */
  readonly demandFactor: number | undefined;
}

const factorMax = 4;

/**
 * Finds the limits by planning again, on the same random numbers. The snapshot must be a checked one that has
 * the item.
 */
export function whatItTakes(snapshot: PlanningSnapshot, id: string): WhatItTakes {
  const hash = valueHash(snapshot);
  const only = decidedTogether(snapshot, id);
  const orders = (change: (item: Item) => Item): boolean => {
    const items = snapshot.items.map((item) => (item.id === id ? change(item) : item));
    return quantityOf(planSeeded({ ...snapshot, items }, { hash, only }), id) > 0;
  };
  const ordered = orders((item) => item);
  const item = snapshot.items.find((each) => each.id === id);
  const onHand = item?.onHand ?? 0;
  const reserved = item?.reserved ?? 0;
  const withStock = (units: number) => orders((each) => ({ ...each, batches: [], onHand: units }));
  const withDemand = (factor: number) =>
    orders((each) => ({
      ...each,
      demand: { ...each.demand, quantities: each.demand.quantities.map((one) => one * factor) },
    }));
  return {
    item: id,
    ordered,
    onHandAtMost: turn(withStock, [
      Math.max(reserved, ordered ? onHand : 0),
      ordered ? 10 * onHand + reserved + 1_000_000 : onHand,
    ]),
    demandFactor: turnUp(withDemand, ordered ? [0, 1] : [1, factorMax]),
  };
}

/** The largest whole number at which it is still true, true below and false above. */
function turn(test: (value: number) => boolean, [from, to]: readonly [number, number]): number | undefined {
  if (!test(from) || test(to)) return undefined;
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (test(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The smallest factor at which it is true, to a hundredth. */
function turnUp(test: (value: number) => boolean, [from, to]: readonly [number, number]): number | undefined {
  if (!test(to) || test(from)) return undefined;
  let low = from;
  let high = to;
  while (high - low > 0.005) {
    const middle = (low + high) / 2;
    if (test(middle)) high = middle;
    else low = middle;
  }
  return Math.round(high * 100) / 100;
}
