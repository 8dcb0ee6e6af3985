// The (r, Q) policy: whenever the position falls to r, order Q.
import { standardNormalLoss, standardNormalQuantile } from "../random/normal.ts";
import { positive } from "./require.ts";

/** A reorder point and an order quantity, in units. */
export interface ReorderPoint {
  readonly r: number;
  readonly quantity: number;
}

const roundsMax = 200;

/**
 * r and Q under continuous review with back orders, by the expected-inventory-level approximation:
 * alternately the best Q for r and the best r for Q, until neither moves. Times in one unit; `deviation` is
 * that of the demand of one unit of time. Throws a `RangeError` where a parameter is not above zero, or the
 * shortage cost too low for any stock to pay. Snyder and Shen, section 5.2.
 */
export function reorderPoint(parameters: {
  readonly holding: number;
  readonly shortage: number;
  readonly orderCost: number;
  readonly rate: number;
  readonly deviation: number;
  readonly leadTime: number;
}): ReorderPoint {
  positive(parameters, ["holding", "shortage", "orderCost", "rate", "deviation", "leadTime"]);
  const { holding, shortage, orderCost, rate, deviation, leadTime } = parameters;
  const mean = rate * leadTime;
  const spread = deviation * Math.sqrt(leadTime);
  let quantity = Math.sqrt((2 * orderCost * rate) / holding);
  let r = mean;
  for (let round = 0; round < roundsMax; round += 1) {
    const covered = 1 - (quantity * holding) / (shortage * rate);
    if (covered <= 0) throw new RangeError(`shortage is ${shortage}; it is too low for any stock to pay.`);
    const z = standardNormalQuantile(covered);
    r = mean + z * spread;
    const next = Math.sqrt((2 * rate * (orderCost + shortage * spread * standardNormalLoss(z))) / holding);
    const moved = Math.abs(next - quantity);
    quantity = next;
    if (moved < 1e-9) break;
  }
  return { r, quantity };
}
