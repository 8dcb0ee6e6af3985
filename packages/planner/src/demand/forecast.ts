// Forecasts of a history as quantiles, from the same demand model that the planner samples.
import { seedOf, valueHash } from "../random/hash.ts";
import { seededRandom } from "../random/random.ts";
import { fitDemand, sampleDemand } from "./demand.ts";
import { intermittentQuantile } from "./intermittent.ts";

/** How far ahead, with which cycle, and which quantiles. */
export interface ForecastQuestion {
  /** Periods ahead. */
  readonly horizon: number;
  /** Periods of a cycle, such as 12 for months of a year; 1 for none. */
  readonly season: number;
  /** The chances of which the quantiles are asked, each between 0 and 1. */
  readonly quantiles: readonly number[];
}

const futures = 400;
const noCalendar = { closed: new Set<number>(), named: new Map<number, string>() };

/**
 * For each coming period the quantiles, in the order of the question. Demand in units per period, oldest
 * first; the same history gives the same forecast.
 */
export function forecastQuantiles(
  history: readonly number[],
  { horizon, season, quantiles }: ForecastQuestion,
): readonly (readonly number[])[] {
  const seasons = season > 1 ? [season] : [];
  const demand = fitDemand({ values: history, firstDay: 0, seasons, calendar: noCalendar }, horizon);
  if (demand.fit.kind === "intermittent") {
    const { distribution } = demand.fit;
    const same = quantiles.map((p) => intermittentQuantile(distribution, p));
    return Array.from({ length: horizon }, () => same);
  }
  const random = seededRandom(seedOf(valueHash(history)));
  const sampled = Array.from({ length: horizon }, () => new Float64Array(futures));
  const future = new Float64Array(horizon);
  for (let index = 0; index < futures; index += 1) {
    sampleDemand(demand, random, future);
    for (let k = 0; k < horizon; k += 1) (sampled[k] ?? future)[index] = future[k] ?? 0;
  }
  return sampled.map((values) => {
    values.sort();
    return quantiles.map((p) => values[Math.min(futures - 1, Math.floor(p * futures))] ?? 0);
  });
}
