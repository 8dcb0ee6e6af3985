// Demand that is mostly zero: the history itself as a distribution, recent periods weighing more, with a few
// zeros added.
import type { Random } from "../random/random.ts";
import type { Series } from "./ensemble.ts";

/** How fast an old period loses weight. */
const forgetting = 0.1;
/**
 * Periods without demand that are added, in recent periods' weight: parts die out, and a history of a long
 * life does not say so. On the car parts: WQL 0.889 without, 0.876 with 1.5; with the last year left out and
 * the year before forecast: 0.916 and 0.889.
 */
const zerosAdded = 1.5;
/** The share of zeros from which on a demand is intermittent: below it the smoothings are better. */
const zeroShareLeast = 0.2;

/** A discrete distribution: values in rising order and the chance of each value or less. */
export interface IntermittentFit {
  readonly values: Float64Array;
  readonly cumulated: Float64Array;
}

/** Whether so many periods are without demand that smoothing says little. */
export function isIntermittent({ values }: Series): boolean {
  let zeros = 0;
  for (let t = 0; t < values.length; t += 1) if (values[t] === 0) zeros += 1;
  return zeros > zeroShareLeast * values.length;
}

/** Fits the distribution; a zero of a stock-out says nothing and has no weight. */
export function fitIntermittent({ values, censored }: Series): IntermittentFit {
  const weights = new Map<number, number>([[0, zerosAdded]]);
  let weight = 1;
  for (let t = values.length - 1; t >= 0; t -= 1) {
    const value = values[t] ?? 0;
    const says = value > 0 || censored?.[t] !== 1;
    if (says) weights.set(value, (weights.get(value) ?? 0) + weight);
    weight *= 1 - forgetting;
  }
  const entries = [...weights].toSorted(([a], [b]) => a - b);
  const total = entries.reduce((sum, [, one]) => sum + one, 0);
  let sum = 0;
  return {
    values: Float64Array.from(entries, ([value]) => value),
    cumulated: Float64Array.from(entries, ([, one]) => (sum += one) / total),
  };
}

/** The smallest value that suffices with a chance of `p`. */
export function intermittentQuantile({ values, cumulated }: IntermittentFit, p: number): number {
  let index = 0;
  while (index < values.length - 1 && (cumulated[index] ?? 1) < p) index += 1;
  return values[index] ?? 0;
}

/** Samples a future into `out`, periods independent of each other. */
export function sampleIntermittent(fit: IntermittentFit, random: Random, out: Float64Array): void {
  for (let k = 0; k < out.length; k += 1) out[k] = intermittentQuantile(fit, random.uniform());
}

/** The expected demand of a period. */
export function intermittentMean({ values, cumulated }: IntermittentFit): number {
  let mean = 0;
  let before = 0;
  values.forEach((value, index) => {
    mean += value * ((cumulated[index] ?? 1) - before);
    before = cumulated[index] ?? 1;
  });
  return mean;
}
