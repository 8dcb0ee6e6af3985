// Sampled futures of one item: what would be lost and left, day by day, if nothing were ordered; and when an
// order would come. All that a plan asks about a quantity is answered from these arrays, see `quantity.ts`.
import { type Demand, sampleDemand } from "../demand/demand.ts";
import { draw } from "../demand/ensemble.ts";
import type { LeadTime } from "../lead-time/lead-time.ts";
import type { Random } from "../random/random.ts";

/** Arrays that are filled again for each item; made once for a plan. */
export interface Futures {
  readonly count: number;
  /** Days sampled. */
  readonly days: number;
  /** Covers for which the next arrival is known: 1 to this. */
  readonly coversMax: number;
  /** Units lost up to the end of a day, cumulated: `[future * days + day]`. */
  readonly lost: Float64Array;
  /** Units left at the end of a day: `[future * days + day]`. */
  readonly left: Float64Array;
  /** The day on which an order of today comes, given that it comes: `[future]`. */
  readonly arrival: Int32Array;
  /**
   * The first later arrival among orders placed from day `cover` on: `[future * (coversMax + 1) + cover]`, at
   * most `days`.
   */
  readonly next: Int32Array;
  readonly demandOf: Float64Array;
  readonly arriving: Float64Array;
  readonly expiring: Float64Array;
}

/** Makes the arrays. */
export function makeFutures(size: Pick<Futures, "count" | "days" | "coversMax">): Futures {
  const { count, days, coversMax } = size;
  return {
    ...size,
    lost: new Float64Array(count * days),
    left: new Float64Array(count * days),
    arrival: new Int32Array(count),
    next: new Int32Array(count * (coversMax + 1)),
    demandOf: new Float64Array(days),
    arriving: new Float64Array(days),
    expiring: new Float64Array(days + 1),
  };
}

/** An item as the sampling sees it. Days count from today, 0. */
export interface FuturesInput {
  readonly demand: Demand;
  readonly available: number;
  /** Units of the available by the last day of use; negative days have expired. */
  readonly batches: readonly { readonly quantity: number; readonly lastDay: number }[];
  readonly open: readonly { readonly quantity: number; readonly age: number; readonly lead: LeadTime }[];
  /** The lead time of an order of today. */
  readonly lead: LeadTime;
  readonly shelfLifeDays: number;
}

/** Fills the arrays. */
export function sampleFutures(futures: Futures, input: FuturesInput, random: Random): void {
  for (let index = 0; index < futures.count; index += 1) {
    sampleDemand(input.demand, random, futures.demandOf);
    sampleArrivals(futures, input, random);
    rollForward(futures, input, index);
    sampleOwn(futures, { lead: input.lead, index }, random);
  }
}

function sampleArrivals(futures: Futures, input: FuturesInput, random: Random): void {
  const { arriving, days } = futures;
  arriving.fill(0);
  for (const { quantity, age, lead } of input.open) {
    const day = arrivalGiven(lead, age, random.uniform()) - age;
    if (day < days) arriving[day] = (arriving[day] ?? 0) + quantity;
  }
}

/** Stock with lost sales, the oldest sold first, thrown away after its last day. */
function rollForward(futures: Futures, input: FuturesInput, index: number): void {
  const { days, lost, left, demandOf, arriving, expiring } = futures;
  const expires = input.batches.length > 0 || input.shelfLifeDays < days;
  if (expires) scheduleExpiry(futures, input);
  const offset = index * days;
  let stock = input.available;
  let lostSum = 0;
  // Units gone so far, sold or thrown away, against those that had to be gone by now.
  let gone = 0;
  let due = 0;
  for (let day = 0; day < days; day += 1) {
    stock += arriving[day] ?? 0;
    const wanted = demandOf[day] ?? 0;
    const sold = wanted < stock ? wanted : stock;
    stock -= sold;
    lostSum += wanted - sold;
    if (expires) {
      gone += sold;
      due += expiring[day] ?? 0;
      const excess = due - gone;
      if (excess > 0) {
        stock -= excess < stock ? excess : stock;
        gone += excess;
      }
    }
    lost[offset + day] = lostSum;
    left[offset + day] = stock;
  }
}

function scheduleExpiry({ expiring, arriving, days }: Futures, input: FuturesInput): void {
  expiring.fill(0);
  for (const { quantity, lastDay } of input.batches) {
    const day = lastDay < 0 ? 0 : lastDay;
    if (day < days) expiring[day] = (expiring[day] ?? 0) + quantity;
  }
  for (let day = 0; day + input.shelfLifeDays - 1 < days; day += 1) {
    const last = day + input.shelfLifeDays - 1;
    expiring[last] = (expiring[last] ?? 0) + (arriving[day] ?? 0);
  }
}

/** Samples when an order of today comes, and for each cover the first arrival after that. */
function sampleOwn(
  futures: Futures,
  { lead, index }: { readonly lead: LeadTime; readonly index: number },
  random: Random,
): void {
  const { days, coversMax, next } = futures;
  const lost = lead.length - 1;
  // An order that never comes has neither cost nor use, so its quantity is decided for the case that it
  // comes.
  const comes = 1 - (lead[lost] ?? 0);
  const own = draw(lead, random.uniform() * comes);
  futures.arrival[index] = Math.min(own, days - 1);
  const offset = index * (coversMax + 1);
  let first = days;
  const ordersMax = coversMax + lookAhead;
  for (let placed = ordersMax; placed >= 1; placed -= 1) {
    const taken = draw(lead, random.uniform());
    const day = placed + taken;
    if (taken < lost && day > own && day < first) first = day;
    if (placed <= coversMax) next[offset + placed] = first;
  }
}

/** Later orders that may take the place of one that is lost. */
const lookAhead = 5;

/**
 * The day after placing on which an open order comes, given that it has not come in its first `age` days;
 * `Infinity`: never.
 */
function arrivalGiven(lead: LeadTime, age: number, u: number): number {
  const lost = lead.length - 1;
  if (age >= lost) return Infinity;
  let mass = 0;
  for (let day = age; day <= lost; day += 1) mass += lead[day] ?? 0;
  let rest = u * mass;
  for (let day = age; day < lost; day += 1) {
    rest -= lead[day] ?? 0;
    if (rest < 0) return day;
  }
  return Infinity;
}
