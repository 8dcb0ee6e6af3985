// Runs a planner through a world, day by day, and keeps the costs. The planner sees what a buyer sees: sales,
// stock-outs, the orders it placed, the arrivals, and what was written off; never the demand of the day or
// which orders are lost.
import { dayOf } from "../planner/prepare.ts";
import type { InventoryPlanner, PlanningResult } from "../planner/result.ts";
import type { Delivery, Item, OpenOrder, PlanningSnapshot } from "../planner/snapshot.ts";
import { isoDay } from "../time/day.ts";
import { emptyStock, expire, onHand, receive, type Stock, take } from "./stock.ts";
import type { World, WorldItem } from "./world.ts";

/** How a world is run. */
export interface Run {
  /** Days of demand that are known before the first plan, and cost nothing. */
  readonly warmUpDays: number;
  /** The days after that; absent: all there are. */
  readonly days?: number;
  /** Days after its promise at which an order that has not come is written off. */
  readonly writeOffDays: number;
  /** Hears of every day before it is planned. */
  readonly watch?: (snapshot: PlanningSnapshot, day: number) => void;
}

/** Costs of a day in minor units of money. */
export interface DayCosts {
  holding: number;
  waste: number;
  shortage: number;
  ordering: number;
  /** What was paid above the cheapest offer for what arrived. */
  premium: number;
}

/** What became of a run. */
export interface Outcome {
  readonly planner: string;
  readonly days: readonly DayCosts[];
  /** Units wanted and sold, and units ordered, by item and day. */
  readonly items: readonly ItemOutcome[];
  /**
   * Minor units of money, by day: stock at the end at the cheapest price, and what was sold at that price.
   */
  readonly stockValue: readonly number[];
  readonly soldValue: readonly number[];
}

/** What became of an item. */
export interface ItemOutcome {
  readonly id: string;
  readonly wanted: readonly number[];
  readonly sold: readonly number[];
  readonly ordered: readonly number[];
  /** Units thrown away. */
  readonly wasted: readonly number[];
}

/**
 * Runs the planner. The stock at the start is what the first orders of an empty house would need: a week of
 * the warm-up's mean.
 */
export function simulate(world: World, planner: InventoryPlanner, run: Run): Outcome {
  const state = start(world, run);
  const length = Math.min(...world.items.map(({ demand }) => demand.length));
  const end = Math.min(length, run.warmUpDays + (run.days ?? length));
  const out = { days: [] as DayCosts[], stockValue: [] as number[], soldValue: [] as number[] };
  for (let index = run.warmUpDays; index < end; index += 1) {
    const day = state.firstDay + index;
    const costs: DayCosts = { holding: 0, waste: 0, shortage: 0, ordering: 0, premium: 0 };
    writeOff(state, day, run.writeOffDays);
    const snapshot = snapshotOf(world, state, day);
    run.watch?.(snapshot, day);
    place(state, planner.plan(snapshot), { day, costs });
    arrive(state, day, costs);
    let stockValue = 0;
    let soldValue = 0;
    for (const item of state.items) {
      const sold = sell(item, index, { day, costs });
      stockValue += onHand(item.stock) * item.price;
      soldValue += sold * item.price;
    }
    out.days.push(costs);
    out.stockValue.push(stockValue);
    out.soldValue.push(soldValue);
  }
  return {
    planner: planner.id,
    ...out,
    items: state.items.map(({ of, wanted, sold, ordered, wasted }) => ({
      id: of.id,
      wanted,
      sold,
      ordered,
      wasted,
    })),
  };
}

interface ItemState {
  readonly of: WorldItem;
  readonly stock: Stock;
  /** What a buyer knows of the demand: sales, and the days on which they were not all of it. */
  readonly known: number[];
  readonly stockOuts: string[];
  readonly wanted: number[];
  readonly sold: number[];
  readonly ordered: number[];
  readonly wasted: number[];
  /** The cheapest offer's price of a unit. */
  readonly price: number;
}

interface PlacedOrder {
  readonly id: string;
  readonly supplier: string;
  readonly placed: number;
  readonly promisedDays: number;
  /** Hidden from the planner. */
  readonly arrives: number;
  readonly lines: ReadonlyMap<string, { readonly quantity: number; readonly unitPrice: number }>;
}

interface SimulationState {
  readonly world: World;
  readonly firstDay: number;
  readonly items: readonly ItemState[];
  readonly byId: ReadonlyMap<string, ItemState>;
  readonly deliveries: ReadonlyMap<string, Delivery[]>;
  open: PlacedOrder[];
  orders: number;
}

function start(world: World, { warmUpDays }: Run): SimulationState {
  const firstDay = dayOf(world.from);
  const items = world.items.map((of): ItemState => {
    const known = of.demand.slice(0, warmUpDays);
    const stock = emptyStock();
    const daily = known.reduce((a, b) => a + b, 0) / Math.max(1, known.length);
    const days = Math.min(7, Math.ceil((of.shelfLifeDays ?? 7) / 2));
    receive(stock, Math.ceil(daily * days), firstDay + warmUpDays + (of.shelfLifeDays ?? Infinity) - 1);
    const price = Math.min(...of.offers.map(({ packPrice, pack }) => packPrice / pack));
    return { of, stock, known, stockOuts: [], wanted: [], sold: [], ordered: [], wasted: [], price };
  });
  return {
    world,
    firstDay,
    items,
    byId: new Map(items.map((item) => [item.of.id, item])),
    deliveries: new Map(world.suppliers.map(({ id }) => [id, []])),
    open: [],
    orders: 0,
  };
}

function writeOff(state: SimulationState, day: number, afterDays: number): void {
  for (const { supplier, placed, promisedDays } of state.open.filter((order) =>
    isOverdue(order, day, afterDays),
  ))
    state.deliveries.get(supplier)?.push({ placedOn: isoDay(placed), arrivedOn: null, promisedDays });
  state.open = state.open.filter((order) => !isOverdue(order, day, afterDays));
}

function isOverdue({ placed, promisedDays }: PlacedOrder, day: number, afterDays: number): boolean {
  return day > placed + promisedDays + afterDays;
}

function snapshotOf(world: World, state: SimulationState, day: number): PlanningSnapshot {
  return {
    asOf: isoDay(day),
    currency: world.currency,
    items: state.items.map((item) => itemOf(item, state)),
    suppliers: world.suppliers.map(({ id, orderCost }) => ({
      id,
      orderCost,
      deliveries: [...(state.deliveries.get(id) ?? [])],
    })),
    ...(world.calendar === undefined ? {} : { calendar: world.calendar }),
    ...(world.policy === undefined ? {} : { policy: world.policy }),
  };
}

function itemOf({ of, stock, known, stockOuts }: ItemState, { open, world }: SimulationState): Item {
  const { id, unit, offers, costs, shelfLifeDays, storageMax } = of;
  const openOrders = open.flatMap((order): readonly OpenOrder[] => {
    const line = order.lines.get(id);
    const { supplier, placed } = order;
    return line === undefined
      ? []
      : [{ id: order.id, supplier, quantity: line.quantity, placedOn: isoDay(placed) }];
  });
  return {
    id,
    unit,
    onHand: onHand(stock),
    batches: stock.lots
      .filter(({ lastDay }) => lastDay < Infinity)
      .map(({ quantity, lastDay }) => ({ quantity, useBy: isoDay(lastDay) })),
    demand: { from: world.from, quantities: [...known], stockOuts: [...stockOuts] },
    openOrders,
    offers,
    costs,
    ...(shelfLifeDays === undefined ? {} : { shelfLifeDays }),
    ...(storageMax === undefined ? {} : { storageMax }),
  };
}

interface Today {
  readonly day: number;
  readonly costs: DayCosts;
}

function place(state: SimulationState, { proposals }: PlanningResult, { day, costs }: Today): void {
  for (const item of state.items) item.ordered.push(0);
  for (const { supplier, lines, orderCost } of proposals) {
    const promisedDays = Math.max(...lines.map(({ item }) => promiseOf(state.byId.get(item), supplier)));
    const taken =
      state.world.suppliers.find(({ id }) => id === supplier)?.taken(day, promisedDays) ?? Infinity;
    state.orders += 1;
    const id = `order ${state.orders}`;
    const placed = lines.map(
      ({ item, quantity, packPrice, pack }) => [item, { quantity, unitPrice: packPrice / pack }] as const,
    );
    state.open.push({
      id,
      supplier,
      placed: day,
      promisedDays,
      arrives: day + taken,
      lines: new Map(placed),
    });
    costs.ordering += orderCost;
    for (const { item, quantity } of lines) {
      const ordered = state.byId.get(item)?.ordered;
      if (ordered !== undefined) ordered[ordered.length - 1] = (ordered.at(-1) ?? 0) + quantity;
    }
  }
}

function promiseOf(item: ItemState | undefined, supplier: string): number {
  return item?.of.offers.find((offer) => offer.supplier === supplier)?.promisedDays ?? 0;
}

function arrive(state: SimulationState, day: number, costs: DayCosts): void {
  for (const { supplier, placed, promisedDays, lines } of state.open.filter(
    ({ arrives }) => arrives === day,
  )) {
    state.deliveries.get(supplier)?.push({ placedOn: isoDay(placed), arrivedOn: isoDay(day), promisedDays });
    for (const [id, { quantity, unitPrice }] of lines) {
      const item = state.byId.get(id);
      if (item === undefined) continue;
      receive(item.stock, quantity, day + (item.of.shelfLifeDays ?? Infinity) - 1);
      costs.premium += quantity * (unitPrice - item.price);
    }
  }
  state.open = state.open.filter(({ arrives }) => arrives !== day);
}

function sell(item: ItemState, index: number, { day, costs }: Today): number {
  const { of, stock, known, stockOuts } = item;
  const wanted = of.demand[index] ?? 0;
  const sold = take(stock, wanted);
  item.wanted.push(wanted);
  item.sold.push(sold);
  known.push(sold);
  if (sold < wanted) stockOuts.push(isoDay(day));
  costs.shortage += (wanted - sold) * of.costs.shortage;
  const wasted = expire(stock, day);
  item.wasted.push(wasted);
  costs.waste += wasted * (of.costs.waste ?? item.price);
  costs.holding += onHand(stock) * of.costs.holding;
  return sold;
}
