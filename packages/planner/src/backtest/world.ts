// The world of a backtest: recorded demand, and suppliers that keep or break their promise by a rule that a
// planner does not see.
import type { Calendar, Item, ItemCosts, Offer, PlanningPolicy } from "../planner/snapshot.ts";
import { seedOf, valueHash } from "../random/hash.ts";
import { seededRandom } from "../random/random.ts";

/** A recorded past to plan through. */
export interface World {
  readonly currency: string;
  /** The day of the first demand. */
  readonly from: string;
  readonly items: readonly WorldItem[];
  readonly suppliers: readonly WorldSupplier[];
  readonly calendar?: Calendar;
  readonly policy?: Partial<PlanningPolicy>;
}

/** An item and what was wanted of it, units per day. */
export interface WorldItem {
  readonly id: string;
  readonly unit: Item["unit"];
  readonly demand: readonly number[];
  readonly offers: readonly Offer[];
  readonly costs: ItemCosts;
  readonly shelfLifeDays?: number;
  readonly storageMax?: number;
}

/** A supplier, and what becomes of its orders. */
export interface WorldSupplier {
  readonly id: string;
  readonly orderCost: number;
  /** Days that an order of this day takes; `Infinity`: it never comes. A planner does not see it. */
  readonly taken: (day: number, promisedDays: number) => number;
}

/** A share of orders that is late or lost, from a day on. */
export interface Reliability {
  readonly from: number;
  /** Shares of the orders. */
  readonly lost: number;
  readonly late: number;
  readonly lateDaysMax: number;
}

/**
 * What becomes of an order: decided by a seed, the supplier and the day alone, so that every planner meets
 * the same suppliers. Of the reliabilities, the last one that has begun holds.
 */
export function seededTaken(
  seed: number,
  supplier: string,
  reliabilities: readonly Reliability[],
): WorldSupplier["taken"] {
  return (day, promisedDays) => {
    const holds = reliabilities.findLast(({ from }) => from <= day);
    if (holds === undefined) return promisedDays;
    const random = seededRandom(seedOf(valueHash([seed, supplier, day])));
    const luck = random.uniform();
    if (luck < holds.lost) return Infinity;
    if (luck < holds.lost + holds.late)
      return promisedDays + 1 + Math.floor(random.uniform() * holds.lateDaysMax);
    return promisedDays;
  };
}
