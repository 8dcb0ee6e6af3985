// Base-stock policies: order what is missing to a level, all of it or no more than a cap at a time.
import { type Chances, convolved, quantile } from "./distribution.ts";
import { positive } from "./require.ts";

/**
 * The best level of a base-stock policy with back orders: the newsvendor's fractile of the demand of the lead
 * time and one period. Snyder and Shen, section 4.3.4. With lost sales it is an upper bound. Throws a
 * `RangeError` where a cost is not above zero.
 */
export function baseStockLevel(parameters: {
  readonly holding: number;
  readonly shortage: number;
  readonly demand: Chances;
  readonly leadTime: number;
}): number {
  positive(parameters, ["holding", "shortage"]);
  const { holding, shortage, demand, leadTime } = parameters;
  return quantile(convolved(demand, leadTime + 1), shortage / (shortage + holding));
}

/** What a base-stock policy orders at a position (on hand and on order). */
export function baseStockOrder(level: number, position: number): number {
  return Math.max(0, level - position);
}

/**
 * The same, but no more than `cap` at a time: nearly optimal with lost sales and long lead times (Xin 2021).
 */
export function cappedBaseStockOrder(
  { level, cap }: { readonly level: number; readonly cap: number },
  position: number,
): number {
  return Math.min(cap, baseStockOrder(level, position));
}
