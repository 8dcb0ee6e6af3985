// The economic order quantity: a fixed cost for each order against the cost of keeping what it brings.
import { positive } from "./require.ts";

/** A quantity and what it costs. */
export interface EconomicOrder {
  readonly quantity: number;
  /** Money per unit of time. */
  readonly cost: number;
}

/**
 * The quantity for steady demand of `rate` units, with `orderCost` for each order and `holding` for each unit
 * and unit of time. Throws a `RangeError` where one of them is not above zero. Harris 1913; Snyder and Shen,
 * section 3.2.
 */
export function economicOrderQuantity(parameters: {
  readonly orderCost: number;
  readonly holding: number;
  readonly rate: number;
}): EconomicOrder {
  positive(parameters, ["orderCost", "holding", "rate"]);
  const { orderCost, holding, rate } = parameters;
  return {
    quantity: Math.sqrt((2 * orderCost * rate) / holding),
    cost: Math.sqrt(2 * orderCost * rate * holding),
  };
}
