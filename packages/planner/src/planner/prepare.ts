// From a checked snapshot to what the calculation needs: days as numbers, suppliers by id, lead times once
// for each promise.
import type { CalendarDays } from "../demand/demand.ts";
import { type LeadTime, leadTime } from "../lead-time/lead-time.ts";
import { parseDay } from "../time/day.ts";
import {
  defaultPolicy,
  type Delivery,
  type Item,
  type PlanningPolicy,
  type PlanningSnapshot,
  type Supplier,
} from "./snapshot.ts";

/** A snapshot made ready. */
export interface Prepared {
  readonly snapshot: PlanningSnapshot;
  readonly today: number;
  readonly policy: PlanningPolicy;
  readonly calendar: CalendarDays;
  readonly suppliers: ReadonlyMap<string, Supplier>;
  /** The lead time of an order from a supplier who promises so many days. */
  readonly leadTimeOf: (supplier: string, promisedDays: number) => LeadTime;
  /** An item's share of a supplier's order cost: all items that it offers come in one order. */
  readonly orderCostShare: (supplier: string) => number;
  /** The day numbers on which open orders were placed, by supplier. */
  readonly openSince: ReadonlyMap<string, readonly number[]>;
}

/** Makes a snapshot ready that `checkSnapshot` found nothing in. */
export function prepare(snapshot: PlanningSnapshot): Prepared {
  const today = dayOf(snapshot.asOf);
  const suppliers = new Map(snapshot.suppliers.map((supplier) => [supplier.id, supplier]));
  const openSince = openOrdersBySupplier(snapshot.items);
  const known = new Map<string, LeadTime>();
  const itemsOf = new Map<string, number>();
  for (const { offers } of snapshot.items)
    for (const { supplier } of offers) itemsOf.set(supplier, (itemsOf.get(supplier) ?? 0) + 1);
  return {
    snapshot,
    today,
    policy: { ...defaultPolicy, ...snapshot.policy },
    calendar: calendarDays(snapshot),
    suppliers,
    openSince,
    orderCostShare: (id) => (suppliers.get(id)?.orderCost ?? 0) / Math.max(1, itemsOf.get(id) ?? 1),
    leadTimeOf(id, promisedDays) {
      const key = `${promisedDays} ${id}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const openAges = (openSince.get(id) ?? []).map((placed) => today - placed);
      const taken = (suppliers.get(id)?.deliveries ?? []).map((delivery) =>
        daysTaken(delivery, promisedDays),
      );
      const made = leadTime({ promisedDays, taken, openAges });
      known.set(key, made);
      return made;
    },
  };
}

/** The number of a day that was checked before. */
export function dayOf(text: string): number {
  return parseDay(text) ?? 0;
}

/**
 * Days from order to arrival, moved by what was promised otherwise: late is late, whatever the promise was.
 */
function daysTaken(delivery: Delivery, promisedDays: number): number {
  if (delivery.arrivedOn === null) return Infinity;
  const taken = dayOf(delivery.arrivedOn) - dayOf(delivery.placedOn);
  return Math.max(0, taken + promisedDays - delivery.promisedDays);
}

/** An order with several items is one piece of evidence: the lines of one id count once. */
function openOrdersBySupplier(items: readonly Item[]): ReadonlyMap<string, readonly number[]> {
  const seen = new Set<string>();
  const since = new Map<string, number[]>();
  for (const item of items) {
    for (const { id, supplier, placedOn } of item.openOrders ?? []) {
      const key = `${id} ${supplier}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const days = since.get(supplier) ?? [];
      days.push(dayOf(placedOn));
      since.set(supplier, days);
    }
  }
  return since;
}

function calendarDays({ calendar }: PlanningSnapshot): CalendarDays {
  const named = new Map<number, string>();
  for (const [name, days] of Object.entries(calendar?.named ?? {}))
    for (const day of days) named.set(dayOf(day), name);
  return { closed: new Set((calendar?.closed ?? []).map(dayOf)), named };
}
