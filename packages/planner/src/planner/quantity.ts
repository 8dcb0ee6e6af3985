// How much to order, from sampled futures. A unit ordered today is weighed against the same unit in a later
// order: it serves from its own arrival up to the next one. In that time it is sold (and saves a shortage),
// or it is kept, or it spoils.
//
// What runs out later than an order of tomorrow can come is no shortage: it is ordered in time, and the cycle
// is shorter for it. Such a unit saves its share of an order cost, not a lost sale. Without this distinction
// one late delivery had the planner order the whole cycle again (pizza year, waste of 5,531 USD; with it, see
// `docs/planner/measured.md`).
import type { Futures } from "./futures.ts";

/** Costs of one unit, minor units of money. */
export interface UnitCosts {
  readonly shortage: number;
  /** For each day. */
  readonly holding: number;
  readonly waste: number;
}

/** What a quantity is asked about. */
export interface Question {
  /** Days until the next order is placed. */
  readonly cover: number;
  readonly costs: UnitCosts;
  /** Minor units of money for a unit that has to be ordered before the cover is over. */
  readonly early: number;
  readonly shelfLifeDays: number;
  /** Expected demand of a day, for what is left at the end of the cover. */
  readonly dailyMean: number;
}

/** What a quantity costs, on average over the futures. */
export interface CycleCost {
  /** Minor units of money from one arrival to the next, without order cost. */
  readonly money: number;
  /** Days from one arrival to the next. */
  readonly days: number;
}

/**
 * The expected gain of one more unit when `quantity` are ordered. It falls with the quantity; order up to
 * where it is zero.
 */
export function marginalGain(futures: Futures, question: Question, quantity: number): number {
  const { count, days, coversMax, lost, left, arrival, next } = futures;
  const { cover, costs, early, shelfLifeDays, dailyMean } = question;
  let gain = 0;
  for (let index = 0; index < count; index += 1) {
    const from = arrival[index] ?? 0;
    const to = Math.min(next[index * (coversMax + 1) + cover] ?? days, days);
    const row = index * days;
    const before = from > 0 ? (lost[row + from - 1] ?? 0) : 0;
    const level = before + quantity;
    if ((lost[row + to - 1] ?? 0) > level) {
      const day = firstAbove(lost, row + from, { length: to - from, level }) - row;
      const saved = day < (next[index * (coversMax + 1) + 1] ?? days) ? costs.shortage : early;
      gain += saved - costs.holding * (day - from);
    } else {
      gain -= costs.holding * (to - from);
      const usable = shelfLifeDays - (to - from);
      // What is older is used first, so it stands in the way too.
      const unsold = quantity - ((lost[row + to - 1] ?? 0) - before) + (left[row + to - 1] ?? 0);
      if (unsold >= dailyMean * usable) gain -= costs.waste;
    }
  }
  return gain / count;
}

/**
 * The first place from `start` on at which a rising row is above the level; it is, at the last of `length`
 * places.
 */
function firstAbove(
  rising: Float64Array,
  start: number,
  { length, level }: { readonly length: number; readonly level: number },
): number {
  let low = start;
  let high = start + length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) > level) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where a quantity is looked for. */
export interface Search {
  /** A quantity that is likely too small, such as that of a shorter cover. */
  readonly from: number;
  readonly most: number;
  /** How exact the answer must be, units. */
  readonly within: number;
}

/** The quantity at which one more unit gains nothing any more, between 0 and `most`; not rounded. */
export function bestQuantity(futures: Futures, question: Question, { from, most, within }: Search): number {
  const gains = (quantity: number): boolean => marginalGain(futures, question, quantity) > 0;
  const begins = gains(from);
  if (!begins && (from === 0 || !gains(0))) return 0;
  let low = begins ? from : 0;
  let high = begins ? Math.min(most, from + 2 * question.dailyMean + within) : from;
  while (high < most && gains(high)) {
    low = high;
    high = Math.min(most, 2 * high + within);
  }
  while (high - low > within) {
    const middle = (low + high) / 2;
    if (gains(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** What a quantity costs from its arrival to the next, with what is kept of the older stock. */
export function cycleCost(futures: Futures, question: Question, quantity: number): CycleCost {
  const { count, days, coversMax, lost, left, arrival, next } = futures;
  const { cover, costs, early, shelfLifeDays, dailyMean } = question;
  let money = 0;
  let length = 0;
  for (let index = 0; index < count; index += 1) {
    const from = arrival[index] ?? 0;
    const to = Math.min(next[index * (coversMax + 1) + cover] ?? days, days);
    const row = index * days;
    const before = from > 0 ? (lost[row + from - 1] ?? 0) : 0;
    let kept = 0;
    for (let day = from; day < to; day += 1) {
      const own = quantity - ((lost[row + day] ?? 0) - before);
      kept += (left[row + day] ?? 0) + (own > 0 ? own : 0);
    }
    const rest = quantity - ((lost[row + to - 1] ?? 0) - before);
    money += costs.holding * kept;
    if (rest < 0) {
      const recourse = Math.min(next[index * (coversMax + 1) + 1] ?? days, to);
      const short = Math.max(0, (lost[row + recourse - 1] ?? 0) - before - quantity);
      money += costs.shortage * short + early * (-rest - short);
    } else {
      const older = left[row + to - 1] ?? 0;
      const spoils = rest + older - dailyMean * Math.max(0, shelfLifeDays - (to - from));
      money += costs.waste * Math.max(0, Math.min(rest, spoils));
    }
    length += to - from;
  }
  return { money: money / count, days: length / count };
}
