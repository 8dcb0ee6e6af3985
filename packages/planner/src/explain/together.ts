// Items that are decided together: those that share a supplier, directly or over others.
import type { PlanningSnapshot } from "../planner/snapshot.ts";

/** The ids of the items whose plans can depend on each other, the item itself included. */
export function decidedTogether({ items }: PlanningSnapshot, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  const suppliers = new Set<string>();
  let grown = true;
  while (grown) {
    grown = false;
    for (const item of items) {
      const linked = found.has(item.id) || item.offers.some(({ supplier }) => suppliers.has(supplier));
      if (!linked || (found.has(item.id) && item.offers.every(({ supplier }) => suppliers.has(supplier))))
        continue;
      found.add(item.id);
      for (const { supplier } of item.offers) suppliers.add(supplier);
      grown = true;
    }
  }
  return found;
}
