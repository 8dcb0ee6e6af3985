// The planners that are in use everywhere, as planners of the same snapshot: min/max, and (s, S) with fixed
// levels.
import { checkSnapshot } from "../planner/check-snapshot.ts";
import { PlannerInputError } from "../planner/errors.ts";
import type { InventoryPlanner, PlanningResult, Proposal } from "../planner/result.ts";
import type { Item, Offer, PlanningSnapshot } from "../planner/snapshot.ts";
import { valueHash } from "../random/hash.ts";

/** Levels of an item in units: at `s` or less it is ordered up to `S`. */
export interface Levels {
  readonly s: number;
  readonly S: number;
}

/**
 * Min/max by days of cover of the last four weeks' mean: reordered at lead time and safety days, up to some
 * days more.
 */
export function minMaxPlanner({
  safetyDays,
  cycleDays,
}: {
  readonly safetyDays: number;
  readonly cycleDays: number;
}): InventoryPlanner {
  return levelPlanner(`min-max@1 (${safetyDays} + ${cycleDays} days)`, (item, offer) => {
    const recent = item.demand.quantities.slice(-28);
    const daily = recent.reduce((a, b) => a + b, 0) / Math.max(1, recent.length);
    const s = daily * (offer.promisedDays + safetyDays);
    return { s, S: s + daily * cycleDays };
  });
}

/** (s, S) with levels that do not change; an item without levels is not ordered. */
export function fixedLevelsPlanner(levels: ReadonlyMap<string, Levels>): InventoryPlanner {
  return levelPlanner("(s,S)@1", (item) => levels.get(item.id) ?? { s: -1, S: 0 });
}

/**
 * Orders up to S what is at s or less, from the cheapest offer in whole packs; where an order goes to a
 * supplier anyway, its other items that are short of S by a pack go along. Open orders count fully, as such
 * rules have it.
 */
function levelPlanner(id: string, levelsOf: (item: Item, offer: Offer) => Levels): InventoryPlanner {
  return {
    id,
    plan(snapshot) {
      const checked = checkSnapshot(snapshot);
      if (!checked.ok) throw new PlannerInputError(checked.problems);
      const needs = snapshot.items.flatMap((item): readonly Need[] => {
        const [first, ...others] = item.offers;
        if (first === undefined) return [];
        const offer = others.reduce((best, one) => (unitPrice(one) < unitPrice(best) ? one : best), first);
        return [{ item, offer, ...missing(item, offer, levelsOf(item, offer)) }];
      });
      return result(id, snapshot, needs);
    },
  };
}

interface Need {
  readonly item: Item;
  readonly offer: Offer;
  readonly quantity: number;
  /** Whether it is at s or less, and not only short of S. */
  readonly due: boolean;
}

function missing(
  item: Item,
  { pack, packsMin = 1, packsMax = Infinity }: Offer,
  { s, S }: Levels,
): Pick<Need, "quantity" | "due"> {
  const coming = (item.openOrders ?? []).reduce((sum, { quantity }) => sum + quantity, 0);
  const position = item.onHand - (item.reserved ?? 0) + coming;
  const packs = Math.min(packsMax, Math.round((S - position) / pack));
  const due = position <= s;
  const least = due ? Math.max(packsMin, 1) : packsMin;
  const fallback = due ? least * pack : 0;
  return { quantity: packs >= least ? packs * pack : fallback, due };
}

function result(id: string, snapshot: PlanningSnapshot, needs: readonly Need[]): PlanningResult {
  const groups = Map.groupBy(needs, ({ offer }) => offer.supplier);
  const proposals = [...groups].flatMap(([supplier, members]): readonly Proposal[] => {
    const bought = members.some(({ due }) => due) ? members.filter(({ quantity }) => quantity > 0) : [];
    return bought.length === 0 ? [] : [proposal(snapshot, supplier, bought)];
  });
  return { planner: id, snapshot: valueHash(snapshot), proposals, notOrdered: [] };
}

function proposal(
  { suppliers, currency, asOf }: PlanningSnapshot,
  supplier: string,
  needs: readonly Need[],
): Proposal {
  const orderCost = suppliers.find(({ id }) => id === supplier)?.orderCost ?? 0;
  const lines = needs.map(({ item, offer, quantity }) => {
    const packs = quantity / offer.pack;
    const { pack, packPrice } = offer;
    return {
      item: item.id,
      unit: item.unit,
      quantity,
      packs,
      pack,
      packPrice,
      price: packs * packPrice,
      needBy: asOf,
    };
  });
  return {
    supplier,
    currency,
    lines,
    orderCost,
    total: orderCost + lines.reduce((sum, { price }) => sum + price, 0),
    coverDays: 0,
    waiting: { lost: 0, saved: 0 },
  };
}

function unitPrice({ packPrice, pack }: Offer): number {
  return packPrice / pack;
}
