// The policies against published values, and against the lost-sales optimum by value iteration.
import { baseStockLevel, cappedBaseStockOrder } from "../policy/base-stock.ts";
import { geometric, poisson } from "../policy/distribution.ts";
import { economicOrderQuantity } from "../policy/economic-order-quantity.ts";
import { optimalCost, policyCost, policyOf, type StateSpace, stateSpace } from "../policy/lost-sales.ts";
import { newsvendorNormal } from "../policy/newsvendor.ts";
import { projectedInventory, projectedInventoryOrder } from "../policy/projected-inventory.ts";
import { reorderPoint } from "../policy/reorder-point.ts";
import { reorderUpTo } from "../policy/reorder-up-to.ts";
import { wagnerWhitin } from "../policy/wagner-whitin.ts";

/** A value that we compute, and what it must be. */
export interface OracleRow {
  readonly name: string;
  readonly value: number;
  readonly published: number;
  readonly within: number;
}

/** Instances of Snyder and Shen, *Fundamentals of Supply Chain Theory*, as in stockpyl. */
export function policyOracles(): readonly OracleRow[] {
  const news = newsvendorNormal({ holding: 0.18, shortage: 0.7, mean: 50, deviation: 8 });
  const upTo = reorderUpTo({ holding: 1, shortage: 4, orderCost: 5, demand: poisson(6) });
  const economic = economicOrderQuantity({ orderCost: 8, holding: 0.225, rate: 1_300 });
  const point = reorderPoint({
    holding: 0.225,
    shortage: 7.5,
    orderCost: 8,
    rate: 1_300,
    deviation: 150,
    leadTime: 1 / 12,
  });
  const lots = wagnerWhitin({ orderCost: 500, holding: 2, demand: [90, 120, 80, 70] });
  const row = (name: string, value: number, published: number): OracleRow => ({
    name,
    value,
    published,
    within: 1e-3,
  });
  return [
    row("newsvendor, quantity", news.quantity, 56.604),
    row("newsvendor, cost", news.cost, 1.9976),
    row("(s,S), s", upTo.s, 4),
    row("(s,S), S", upTo.S, 10),
    row("(s,S), cost", upTo.cost, 8.03411),
    row("EOQ", economic.quantity, 304.0468),
    row("(r,Q), r", point.r, 213.9704),
    row("(r,Q), Q", point.quantity, 318.5902),
    row("Wagner-Whitin, cost", lots.cost, 1_380),
  ];
}

const shortages = [4, 9, 19, 39] as const;

/**
 * The published optima for mean demand 5 and holding cost 1 (Zipkin 2008), by distribution, lead time and
 * shortage cost.
 */
const publishedOptima = {
  poisson: { demand: poisson(5), leadTime: 4, costs: [4.729, 6.836, 8.887, 10.794] },
  geometric: { demand: geometric(5), leadTime: 3, costs: [10.467, 16.137, 22.065, 27.964] },
} as const;

/**
 * The lost-sales optima that were published, by value iteration: of the first so many shortage costs, all
 * unless given.
 */
export function lostSalesOracles(count: number = shortages.length): readonly OracleRow[] {
  return Object.entries(publishedOptima).flatMap(([name, { demand, leadTime, costs }]) =>
    shortages.slice(0, count).map((shortage, index) => ({
      name: `lost sales, ${name}, lead time ${leadTime}, shortage ${shortage}`,
      value: optimalCost(stateSpace({ holding: 1, shortage, demand, leadTime })).cost,
      published: costs[index] ?? 0,
      within: 0.005,
    })),
  );
}

/**
 * How far two policies are from the optimum, Poisson demand of mean 5, lead time 4, each with its best
 * parameters.
 */
export interface Gap {
  readonly shortage: number;
  /** Shares, 0.01 for one per cent. */
  readonly projectedInventory: number;
  readonly cappedBaseStock: number;
}

/** Both policies' gaps for each shortage cost. */
export function policyGaps(): readonly Gap[] {
  const { demand, leadTime } = publishedOptima.poisson;
  return shortages.map((shortage) => {
    const space = stateSpace({ holding: 1, shortage, demand, leadTime });
    const { cost, values } = optimalCost(space);
    return {
      shortage,
      projectedInventory: bestProjected(space, values) / cost - 1,
      cappedBaseStock: bestCapped(space, values) / cost - 1,
    };
  });
}

function bestProjected(space: StateSpace, start: Float64Array): number {
  const { demand } = space.system;
  const projected: number[] = [];
  policyOf(space, (onHand, pipeline) => projected.push(projectedInventory(demand, onHand, pipeline)));
  const cost = (quarters: number): number => {
    let state = -1;
    const policy = policyOf(space, () => projectedInventoryOrder(quarters / 4, projected[(state += 1)] ?? 0));
    return policyCost(space, policy, start).cost;
  };
  return leastAround(cost, { from: 40, steps: [8, 4, 2, 1] });
}

function bestCapped(space: StateSpace, start: Float64Array): number {
  const highest = baseStockLevel(space.system);
  const cost = (level: number, cap: number): number => {
    const policy = policyOf(space, (onHand, pipeline) =>
      cappedBaseStockOrder({ level, cap }, onHand + pipeline.reduce((a, b) => a + b, 0)),
    );
    return policyCost(space, policy, start).cost;
  };
  // The best cap is near the mean demand of 5: a little below it when a shortage is cheap, above it when it
  // is dear.
  const caps = [4, 5, 6, 7, 8];
  return Math.min(
    ...caps.map((cap) => leastAround((level) => cost(level, cap), { from: highest - 3, steps: [4, 2, 1] })),
  );
}

/** The least value of a function with one valley: steps that grow smaller, in both directions. */
function leastAround(
  cost: (at: number) => number,
  { from, steps }: { readonly from: number; readonly steps: readonly number[] },
): number {
  const known = new Map<number, number>();
  const ask = (at: number): number => {
    const found = known.get(at) ?? cost(at);
    known.set(at, found);
    return found;
  };
  let at = from;
  for (const step of steps) {
    while (ask(at - step) < ask(at)) at -= step;
    while (ask(at + step) < ask(at)) at += step;
  }
  return ask(at);
}
