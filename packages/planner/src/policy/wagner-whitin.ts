// Wagner and Whitin: the cheapest orders for demand that is known, with a fixed cost for each order.

/** When to order how much, and what it costs. */
export interface LotSizes {
  /** Units ordered in each period. */
  readonly orders: readonly number[];
  readonly cost: number;
}

/**
 * The cheapest orders for known demand; each unit costs `holding` for every period that it is kept. Exact
 * dynamic programming (Wagner and Whitin 1958; Snyder and Shen, section 3.7). Throws a `RangeError` where a
 * number is below zero.
 */
export function wagnerWhitin(parameters: {
  readonly orderCost: number;
  readonly holding: number;
  readonly demand: readonly number[];
}): LotSizes {
  const { orderCost, holding, demand } = parameters;
  const wrong = [orderCost, holding, ...demand].find((value) => !(value >= 0 && value < Infinity));
  if (wrong !== undefined)
    throw new RangeError(`${wrong} is among the costs and demands; they must be numbers of 0 or more.`);
  // From each period to the end: the least cost, and the period at which the next order is placed.
  const cheapest: number[] = [...demand.map(() => Infinity), 0];
  const nextOrder: number[] = demand.map(() => demand.length);
  for (let from = demand.length - 1; from >= 0; from -= 1) {
    let lot = orderCost;
    for (let to = from + 1; to <= demand.length; to += 1) {
      lot += holding * (to - 1 - from) * (demand[to - 1] ?? 0);
      const cost = lot + (cheapest[to] ?? 0);
      if (cost >= (cheapest[from] ?? 0)) continue;
      cheapest[from] = cost;
      nextOrder[from] = to;
    }
  }
  const orders = demand.map(() => 0);
  for (let from = 0; from < demand.length; from = nextOrder[from] ?? demand.length)
    orders[from] = demand.slice(from, nextOrder[from]).reduce((a, b) => a + b, 0);
  return { orders, cost: cheapest[0] ?? 0 };
}
