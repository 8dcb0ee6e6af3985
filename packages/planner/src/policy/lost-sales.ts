// The lost-sales problem solved exactly, by value iteration: the oracle that policies are measured against.
// Zipkin, *Old and new methods for lost-sales inventory systems* (2008), for the model and its bounds.
import { baseStockLevel } from "./base-stock.ts";
import { type Chances, quantile } from "./distribution.ts";
import { positive } from "./require.ts";

/**
 * A lost-sales system: each period an order, the arrival of the order placed `leadTime` periods ago, demand,
 * cost.
 */
export interface LostSalesSystem {
  readonly holding: number;
  readonly shortage: number;
  readonly demand: Chances;
  /** 1 to 4 periods; the number of states grows with it as a power. */
  readonly leadTime: number;
}

/** The states of a system: units on hand, and the orders that arrive in the next periods but the newest. */
export interface StateSpace {
  readonly system: LostSalesSystem;
  /** The largest stock and the largest order that are looked at. */
  readonly stockMax: number;
  readonly orderMax: number;
  /**
   * States: index = onHand * orders + orders on their way, read as a number in base `orderMax + 1`, the next
   * arrival first.
   */
  readonly orders: number;
  /** Expected cost of a period by units on hand. */
  readonly periodCost: Float64Array;
}

/** Relative values and the average cost of a period, between two bounds. */
export interface Evaluation {
  readonly cost: number;
  readonly values: Float64Array;
}

/** How near the bounds of the average cost must be. */
const precision = 1e-4;
const sweepsMax = 5_000;
/** Sweeps under one policy between two improvements. */
const sweepsPerPolicy = 8;

/**
 * Lays out the states. Throws a `RangeError` where a cost is not above zero or the lead time out of bounds.
 */
export function stateSpace(system: LostSalesSystem): StateSpace {
  positive(system, ["holding", "shortage"]);
  const { holding, shortage, demand, leadTime } = system;
  if (!(Number.isInteger(leadTime) && leadTime >= 1 && leadTime <= 4))
    throw new RangeError(`leadTime is ${leadTime}; it must be 1 to 4 periods.`);
  // No good policy holds more than the back-order base-stock, nor orders more than one period's fractile; two
  // units are slack.
  const stockMax = baseStockLevel(system) + 2;
  const orderMax = Math.min(stockMax, quantile(demand, shortage / (shortage + holding)) + 2);
  const periodCost = new Float64Array(stockMax + 1);
  for (let units = 0; units <= stockMax; units += 1) {
    demand.forEach((chance, wanted) => {
      const cost = units >= wanted ? holding * (units - wanted) : shortage * (wanted - units);
      periodCost[units] = (periodCost[units] ?? 0) + chance * cost;
    });
  }
  return { system, stockMax, orderMax, orders: (orderMax + 1) ** (leadTime - 1), periodCost };
}

/** The least average cost of a period. */
export function optimalCost(space: StateSpace): Evaluation {
  const size = (space.stockMax + 1) * space.orders;
  const policy = new Uint8Array(size);
  let values: Float64Array = new Float64Array(size);
  let next: Float64Array = new Float64Array(size);
  for (let sweep = 0; sweep < sweepsMax; sweep += 1) {
    const improves = sweep % sweepsPerPolicy === 0;
    if (improves) improve(space, values, policy);
    const bounds = step(space, { policy, values, next });
    [values, next] = [next, values];
    if (improves && bounds.high - bounds.low < precision)
      return { cost: (bounds.low + bounds.high) / 2, values };
  }
  throw new Error("The values did not converge.");
}

/**
 * The average cost of a period under a policy, given as the order of each state. Only the states that are
 * reached from an empty system are swept: a good policy reaches a small part. `start` are values to begin
 * with.
 */
export function policyCost(space: StateSpace, policy: Uint8Array, start?: Float64Array): Evaluation {
  const reached = reachedStates(space, policy);
  let values: Float64Array = start?.slice() ?? new Float64Array(policy.length);
  let next: Float64Array = new Float64Array(policy.length);
  for (let sweep = 0; sweep < sweepsMax; sweep += 1) {
    const bounds = step(space, { policy, values, next, states: reached });
    [values, next] = [next, values];
    if (bounds.high - bounds.low < precision) return { cost: (bounds.low + bounds.high) / 2, values };
  }
  throw new Error("The values did not converge.");
}

function reachedStates(space: StateSpace, policy: Uint8Array): Int32Array {
  const { stockMax, orders, system } = space;
  const seen = new Uint8Array(policy.length);
  const found = [0];
  seen[0] = 1;
  for (let at = 0; at < found.length; at += 1) {
    const state = found[at] ?? 0;
    const { arriving, shifted } = moved(space, state, policy[state] ?? 0);
    const onHand = Math.floor(state / orders);
    for (let wanted = 0; wanted <= onHand && wanted < system.demand.length; wanted += 1) {
      const next = Math.min(stockMax, onHand - wanted + arriving) * orders + shifted;
      if (seen[next] === 0) found.push(next);
      seen[next] = 1;
    }
  }
  return Int32Array.from(found);
}

interface Sweep {
  readonly policy: Uint8Array;
  readonly values: Float64Array;
  readonly next: Float64Array;
  /** The states to sweep; absent: all. */
  readonly states?: Int32Array;
}

/**
 * One step of value iteration under a policy; the differences bound the average cost. Values stay near zero
 * at the first state.
 */
function step(
  space: StateSpace,
  { policy, values, next, states }: Sweep,
): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  const base = values[0] ?? 0;
  const count = states?.length ?? policy.length;
  for (let at = 0; at < count; at += 1) {
    const state = states === undefined ? at : (states[at] ?? 0);
    const value = stateValue(space, values, state * 256 + (policy[state] ?? 0));
    const difference = value - (values[state] ?? 0);
    if (difference < low) low = difference;
    if (difference > high) high = difference;
    next[state] = value - base;
  }
  return { low, high };
}

/**
 * Moves each state's order to its neighbour while that is better: the value is convex in the order, and the
 * last order is near.
 */
function improve(space: StateSpace, values: Float64Array, policy: Uint8Array): void {
  const valueOf = (state: number, order: number): number =>
    order < 0 || order > space.orderMax ? Infinity : stateValue(space, values, state * 256 + order);
  for (let state = 0; state < policy.length; state += 1) {
    let order = policy[state] ?? 0;
    let best = valueOf(state, order);
    for (const direction of [1, -1]) {
      let value = valueOf(state, order + direction);
      while (value < best - 1e-12) {
        best = value;
        order += direction;
        value = valueOf(state, order + direction);
      }
    }
    policy[state] = order;
  }
}

/** What arrives next, and the orders on their way after an order is placed in a state. */
function moved(
  { orderMax, orders }: StateSpace,
  state: number,
  order: number,
): { readonly arriving: number; readonly shifted: number } {
  // With a lead time of 1 the order itself is the next arrival.
  if (orders === 1) return { arriving: order, shifted: 0 };
  const pipeline = state % orders;
  const top = orders / (orderMax + 1);
  const arriving = Math.floor(pipeline / top);
  return { arriving, shifted: (pipeline - arriving * top) * (orderMax + 1) + order };
}

/** The expected cost of a state from now on under an order; `choice` is state * 256 + order. */
function stateValue(space: StateSpace, values: Float64Array, choice: number): number {
  const { system, stockMax, orders, periodCost } = space;
  const state = choice >>> 8;
  const onHand = Math.floor(state / orders);
  const { arriving, shifted } = moved(space, state, choice & 255);
  const { demand } = system;
  let value = periodCost[onHand] ?? 0;
  let covered = 0;
  for (let wanted = 0; wanted < onHand && wanted < demand.length; wanted += 1) {
    const left = onHand - wanted + arriving;
    const chance = demand[wanted] ?? 0;
    covered += chance;
    value += chance * (values[(left > stockMax ? stockMax : left) * orders + shifted] ?? 0);
  }
  return value + (1 - covered) * (values[arriving * orders + shifted] ?? 0);
}

/**
 * The order of each state under a rule that sees the units on hand and the orders on their way, the next
 * arrival first.
 */
export function policyOf(
  space: StateSpace,
  rule: (onHand: number, pipeline: readonly number[]) => number,
): Uint8Array {
  const { stockMax, orderMax, orders, system } = space;
  const policy = new Uint8Array((stockMax + 1) * orders);
  const pipeline = Array.from({ length: system.leadTime - 1 }, () => 0);
  for (let state = 0; state < policy.length; state += 1) {
    let rest = state % orders;
    for (let place = pipeline.length - 1; place >= 0; place -= 1) {
      pipeline[place] = rest % (orderMax + 1);
      rest = Math.floor(rest / (orderMax + 1));
    }
    policy[state] = Math.max(0, Math.min(orderMax, Math.round(rule(Math.floor(state / orders), pipeline))));
  }
  return policy;
}
