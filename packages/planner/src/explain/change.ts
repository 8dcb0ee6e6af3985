// Why a quantity changed between two snapshots: what each kind of news contributed, in units, summing to the
// change. The shares are Shapley values: what a kind of news adds, averaged over all orders in which the news
// could have come.
import { planSeeded } from "../planner/embedded.ts";
import { dayOf } from "../planner/prepare.ts";
import type { PlanningResult } from "../planner/result.ts";
import type { Item, PlanningSnapshot, Supplier } from "../planner/snapshot.ts";
import { valueHash } from "../random/hash.ts";
import { decidedTogether } from "./together.ts";

/** Kinds of news. */
export type News = "demand" | "lead time" | "open orders" | "stock" | "price" | "settings";

/** A part of a change. */
export interface ChangeShare {
  /** A kind of news; `day`: another day is planned for, without news; `sampling`: other random numbers. */
  readonly because: News | "day" | "sampling";
  /** Of the item, more or less than before. */
  readonly units: number;
}

/** Why an item's quantity changed. */
export interface Change {
  readonly item: string;
  readonly before: number;
  readonly after: number;
  /** They sum to `after - before`; those of zero are left out. */
  readonly shares: readonly ChangeShare[];
}

/**
 * Explains the change of an item's quantity from one snapshot to a later one, both checked. An item that is
 * only in one of them counts as ordered 0 in the other, and all of the change is settings.
 */
export function whyChanged(before: PlanningSnapshot, after: PlanningSnapshot, id: string): Change {
  const own = { before: valueHash(before), after: valueHash(after) };
  const first = quantityOf(planOf(before, own.before, id), id);
  const last = quantityOf(planOf(after, own.after, id), id);
  const known = before.items.some((item) => item.id === id) && after.items.some((item) => item.id === id);
  if (!known) return change(id, [first, last], [{ because: "settings", units: last - first }]);
  const sameNumbers = quantityOf(planOf(before, own.after, id), id);
  const news = kinds.filter((kind) => valueHash(part(kind, before)) !== valueHash(part(kind, after)));
  const quantities = new Map<number, number>();
  const quantity = (mask: number): number => {
    const found = quantities.get(mask);
    if (found !== undefined) return found;
    const mixed = mixture(before, after, new Set(news.filter((_, bit) => (mask >> bit) & 1)));
    const made = quantityOf(planOf(mixed, own.after, id), id);
    quantities.set(mask, made);
    return made;
  };
  const shares: ChangeShare[] = [
    { because: "sampling", units: sameNumbers - first },
    { because: "day", units: quantity(0) - sameNumbers },
    ...shapley(news, quantity),
    // What no kind of news accounts for, such as an item beside it that is new.
    { because: "settings", units: last - quantity(2 ** news.length - 1) },
  ];
  return change(id, [first, last], shares);
}

const kinds: readonly News[] = ["demand", "lead time", "open orders", "stock", "price", "settings"];

/** The part of a snapshot that a kind of news is about. */
function part(kind: News, { items, suppliers, policy, calendar, budgets }: PlanningSnapshot): unknown {
  switch (kind) {
    case "demand":
      return items.map(({ id, demand }) => ({ id, demand }));
    case "lead time":
      return suppliers.map(({ id, deliveries }) => ({ id, deliveries }));
    case "open orders":
      return items.map(({ id, openOrders }) => ({ id, openOrders }));
    case "stock":
      return items.map(({ id, onHand, reserved, batches }) => ({ id, onHand, reserved, batches }));
    case "price":
      return [
        items.map(({ id, offers, costs }) => ({ id, offers, costs })),
        suppliers.map(({ id, orderCost }) => ({ id, orderCost })),
      ];
    case "settings":
      return [
        policy,
        calendar,
        budgets,
        items.map(({ id, shelfLifeDays, storageMax }) => ({ id, shelfLifeDays, storageMax })),
      ];
  }
}

/** The snapshot after, with those parts as they were before of which there is no news. */
function mixture(
  before: PlanningSnapshot,
  after: PlanningSnapshot,
  news: ReadonlySet<News>,
): PlanningSnapshot {
  const itemBefore = new Map(before.items.map((item) => [item.id, item]));
  const supplierBefore = new Map(before.suppliers.map((supplier) => [supplier.id, supplier]));
  const { policy, calendar, budgets, ...rest } = news.has("settings") ? after : before;
  return {
    ...rest,
    ...(policy === undefined ? {} : { policy }),
    ...(calendar === undefined ? {} : { calendar }),
    ...(budgets === undefined ? {} : { budgets }),
    asOf: after.asOf,
    items: after.items.map((item) =>
      mixedItem(itemBefore.get(item.id) ?? item, item, { news, asOf: after.asOf }),
    ),
    suppliers: after.suppliers.map((supplier) =>
      mixedSupplier(supplierBefore.get(supplier.id) ?? supplier, supplier, news),
    ),
  };
}

function mixedItem(
  before: Item,
  after: Item,
  { news, asOf }: { readonly news: ReadonlySet<News>; readonly asOf: string },
): Item {
  const from = (kind: News): Item => (news.has(kind) ? after : before);
  const { onHand, reserved, batches } = from("stock");
  const { offers, costs } = from("price");
  const { shelfLifeDays, storageMax } = from("settings");
  const { openOrders } = from("open orders");
  return {
    id: after.id,
    unit: after.unit,
    onHand,
    demand: news.has("demand") ? after.demand : withoutNews(before, asOf),
    offers,
    costs,
    ...(reserved === undefined ? {} : { reserved }),
    ...(batches === undefined ? {} : { batches }),
    ...(openOrders === undefined ? {} : { openOrders }),
    ...(shelfLifeDays === undefined ? {} : { shelfLifeDays }),
    ...(storageMax === undefined ? {} : { storageMax }),
  };
}

/** A history with nothing new in it: the days since then repeat the days of a week before. */
function withoutNews({ demand }: Item, asOf: string): Item["demand"] {
  const quantities = [...demand.quantities];
  const missing = dayOf(asOf) - dayOf(demand.from) - quantities.length;
  for (let day = 0; day < missing; day += 1) quantities.push(quantities.at(-7) ?? quantities.at(-1) ?? 0);
  if (missing >= 0) return { ...demand, quantities };
  // The later snapshot is of an earlier day: what was not known yet is left out.
  return {
    from: demand.from,
    quantities: quantities.slice(0, missing),
    stockOuts: (demand.stockOuts ?? []).filter((day) => day < asOf),
  };
}

function mixedSupplier(before: Supplier, after: Supplier, news: ReadonlySet<News>): Supplier {
  const { deliveries } = news.has("lead time") ? after : before;
  const { orderCost } = news.has("price") ? after : before;
  return {
    id: after.id,
    ...(orderCost === undefined ? {} : { orderCost }),
    ...(deliveries === undefined ? {} : { deliveries }),
  };
}

/**
 * What each kind of news adds, averaged over all orders; the shares sum to the whole exactly, as they are
 * made whole units.
 */
function shapley(news: readonly News[], quantity: (mask: number) => number): readonly ChangeShare[] {
  const n = news.length;
  const exact = news.map((_, bit) => {
    let share = 0;
    for (let mask = 0; mask < 2 ** n; mask += 1) {
      if ((mask >> bit) & 1) continue;
      share += weight(ones(mask), n) * (quantity(mask | (1 << bit)) - quantity(mask));
    }
    return share;
  });
  const whole = exact.map(Math.round);
  const off = quantity(2 ** n - 1) - quantity(0) - whole.reduce((a, b) => a + b, 0);
  const largest = exact.map(Math.abs).indexOf(Math.max(...exact.map(Math.abs)));
  return news.map((because, index) => ({
    because,
    units: (whole[index] ?? 0) + (index === largest ? off : 0),
  }));
}

/** The share of orders in which exactly these `before` kinds of news come before one of `n`. */
function weight(before: number, n: number): number {
  return (factorial(before) * factorial(n - before - 1)) / factorial(n);
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function ones(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

function planOf(snapshot: PlanningSnapshot, hash: string, id: string): PlanningResult {
  return planSeeded(snapshot, { hash, only: decidedTogether(snapshot, id) });
}

/** Units of the item in all proposals. */
export function quantityOf({ proposals }: PlanningResult, id: string): number {
  return proposals.reduce(
    (sum, { lines }) =>
      sum + lines.reduce((units, line) => units + (line.item === id ? line.quantity : 0), 0),
    0,
  );
}

function change(
  item: string,
  [before, after]: readonly [number, number],
  shares: readonly ChangeShare[],
): Change {
  const merged = Map.groupBy(shares, ({ because }) => because);
  return {
    item,
    before,
    after,
    shares: [...merged]
      .map(([because, some]) => ({ because, units: some.reduce((sum, { units }) => sum + units, 0) }))
      .filter(({ units }) => units !== 0),
  };
}
