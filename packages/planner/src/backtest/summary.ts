// What a run cost, and how two runs differ, with an interval.
import { seededRandom } from "../random/random.ts";
import type { DayCosts, Outcome } from "./simulate.ts";

/** A run in numbers; money in minor units. */
export interface Summary {
  readonly planner: string;
  readonly total: number;
  readonly costs: DayCosts;
  /** Share of the units wanted that were sold, of all items together by value. */
  readonly fillRate: number;
  /** How often a year the stock turned over, by value. */
  readonly turns: number;
  /** Variance of weekly orders over that of weekly demand: the items' median. */
  readonly bullwhip: number;
}

/** Sums a run up. `valueOf` is the price of a unit of each item, in the order of the items. */
export function summary(
  { planner, days, items, stockValue, soldValue }: Outcome,
  valueOf: readonly number[],
): Summary {
  const costs: DayCosts = { holding: 0, waste: 0, shortage: 0, ordering: 0, premium: 0 };
  for (const day of days) for (const part of parts) costs[part] += day[part];
  const value = (units: (item: (typeof items)[number]) => readonly number[]): number =>
    items.reduce((sum, item, index) => sum + total(units(item)) * (valueOf[index] ?? 1), 0);
  const ratios = items.flatMap(({ ordered, wanted }) => {
    const [orders, demand] = [variance(weekly(ordered)), variance(weekly(wanted))];
    return demand > 0 ? [orders / demand] : [];
  });
  return {
    planner,
    total: parts.reduce((sum, part) => sum + costs[part], 0),
    costs,
    fillRate: value(({ sold }) => sold) / value(({ wanted }) => wanted),
    turns: ((total(soldValue) / days.length) * 365) / (total(stockValue) / days.length),
    bullwhip: ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0,
  };
}

/** The parts of a cost, in the order in which they are shown. */
export const parts = ["holding", "waste", "shortage", "ordering", "premium"] as const;

/** How much less one run cost than another, as a share of the other, with a 95 % interval. */
export interface Saving {
  readonly saving: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2_000;

/** A paired bootstrap over weeks: whole weeks are drawn, so that costs of one delivery stay together. */
export function saving(run: Outcome, against: Outcome, seed = 1): Saving {
  const own = weekly(run.days.map(dayTotal), 1);
  const other = weekly(against.days.map(dayTotal), 1);
  const random = seededRandom(seed);
  const draws = Array.from({ length: resamples }, () => {
    let costs = 0;
    let base = 0;
    for (let draw = 0; draw < own.length; draw += 1) {
      const week = Math.floor(random.uniform() * own.length);
      costs += own[week] ?? 0;
      base += other[week] ?? 0;
    }
    return 1 - costs / base;
  }).toSorted((a, b) => a - b);
  return {
    saving: 1 - total(own) / total(other),
    low: draws[Math.floor(resamples * 0.025)] ?? 0,
    high: draws[Math.floor(resamples * 0.975)] ?? 0,
  };
}

/** The costs of a day together. */
export function dayTotal(day: DayCosts): number {
  return parts.reduce((sum, part) => sum + day[part], 0);
}

/** Sums of weeks; the last one may be shorter where `least` allows it. */
function weekly(days: readonly number[], least = 7): readonly number[] {
  const weeks: number[] = [];
  for (let from = 0; from + least <= days.length; from += 7) weeks.push(total(days.slice(from, from + 7)));
  return weeks;
}

function total(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function variance(values: readonly number[]): number {
  const middle = total(values) / values.length;
  return total(values.map((value) => (value - middle) ** 2)) / values.length;
}
