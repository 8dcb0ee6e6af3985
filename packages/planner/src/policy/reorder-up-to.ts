// The (s, S) policy: whenever the position at a review is s or less, order up to S.
import type { Chances } from "./distribution.ts";
import { positive } from "./require.ts";

/** Levels in units, and the average cost of a period. */
export interface ReorderUpTo {
  readonly s: number;
  readonly S: number;
  readonly cost: number;
}

/**
 * The best s and S for periodic review with back orders; an order arrives before the demand of its period.
 * Exact, by the algorithm of Zheng and Federgruen (1991); Snyder and Shen, section 4.4.4.
 * Throws a `RangeError` where a cost is not above zero.
 */
export function reorderUpTo(parameters: {
  readonly holding: number;
  readonly shortage: number;
  readonly orderCost: number;
  readonly demand: Chances;
}): ReorderUpTo {
  positive(parameters, ["holding", "shortage", "orderCost"]);
  const { orderCost, demand } = parameters;
  const periodCost = periodCosts(parameters);
  const renewals = renewalDensity(demand);
  const cost = (s: number, S: number): number => {
    let money = orderCost;
    let periods = 0;
    for (let used = 0; used < S - s; used += 1) {
      money += renewals(used) * periodCost(S - used);
      periods += renewals(used);
    }
    return money / periods;
  };
  let least = 0;
  while (periodCost(least + 1) < periodCost(least)) least += 1;
  let s = least - 1;
  while (cost(s, least) > periodCost(s)) s -= 1;
  let best = { s, S: least, cost: cost(s, least) };
  for (let S = least + 1; periodCost(S) <= best.cost; S += 1) {
    if (cost(s, S) >= best.cost) continue;
    while (cost(s, S) <= periodCost(s + 1)) s += 1;
    best = { s, S, cost: cost(s, S) };
  }
  return best;
}

/** The expected cost of a period that begins with so many units, negative when customers wait. */
function periodCosts({
  holding,
  shortage,
  demand,
}: {
  readonly holding: number;
  readonly shortage: number;
  readonly demand: Chances;
}): (units: number) => number {
  return (units) => {
    let cost = 0;
    demand.forEach((chance, wanted) => {
      cost += chance * (units >= wanted ? holding * (units - wanted) : shortage * (wanted - units));
    });
    return cost;
  };
}

/** The expected number of period ends at which exactly so many units are used up since the last order. */
function renewalDensity(demand: Chances): (used: number) => number {
  const known: number[] = [];
  const stay = 1 - (demand[0] ?? 0);
  return (used) => {
    for (let units = known.length; units <= used; units += 1) {
      let sum = units === 0 ? 1 : 0;
      for (let step = 1; step <= units; step += 1) sum += (demand[step] ?? 0) * (known[units - step] ?? 0);
      known.push(sum / stay);
    }
    return known[used] ?? 0;
  };
}
