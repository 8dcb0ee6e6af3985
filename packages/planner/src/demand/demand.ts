// An item's demand: the calendar and the cycles taken out, the ensemble fitted to the rest, and both put
// together for the days to come.
import type { Random } from "../random/random.ts";
import { type EnsembleFit, ensembleMean, fitEnsemble, sampleEnsemble } from "./ensemble.ts";
import {
  fitIntermittent,
  type IntermittentFit,
  intermittentMean,
  isIntermittent,
  sampleIntermittent,
} from "./intermittent.ts";
import { seasonFactors } from "./season.ts";

/** What happened, day by day, oldest first. */
export interface DemandInput {
  readonly values: ArrayLike<number>;
  /** 1 where the item ran out: the value is a lower bound. */
  readonly censored?: ArrayLike<number>;
  /** The day number of the first value. */
  readonly firstDay: number;
  /** Lengths of the cycles to look for, in days. */
  readonly seasons: readonly number[];
  readonly calendar: CalendarDays;
}

/** The days that are not like others, by day number. */
export interface CalendarDays {
  readonly closed: ReadonlySet<number>;
  /** The name of a day that has one. */
  readonly named: ReadonlyMap<number, string>;
}

/** The demand of the days from the end of the history on. */
export interface Demand {
  readonly fit:
    | { readonly kind: "smooth"; readonly ensemble: EnsembleFit }
    | { readonly kind: "intermittent"; readonly distribution: IntermittentFit };
  /** Factor of each coming day; 0 where it is closed. */
  readonly factors: Float64Array;
}

/** Fits the demand and prepares `days` coming days. */
export function fitDemand(input: DemandInput, days: number): Demand {
  const { values, firstDay, calendar } = input;
  const n = values.length;
  const factors = new Float64Array(n + days).fill(1);
  const special = calendar.closed.size + calendar.named.size > 0;
  const use = special ? ordinaryDays(input) : undefined;
  // Most positions of a cycle are zero in such a history: their factors would be noise.
  const seasons = isIntermittent({ values }) ? [] : input.seasons;
  for (const length of seasons) multiplyCycle(factors, input, { length, use });
  if (special) multiplyCalendar(factors, input);
  const base = new Float64Array(n);
  const censored = new Float64Array(n);
  let kept = 0;
  for (let t = 0; t < n; t += 1) {
    const factor = factors[t] ?? 1;
    if (factor < 0.02 || calendar.closed.has(firstDay + t)) continue;
    base[kept] = (values[t] ?? 0) / factor;
    censored[kept] = input.censored?.[t] ?? 0;
    kept += 1;
  }
  const series = { values: base.subarray(0, kept), censored: censored.subarray(0, kept) };
  const fit: Demand["fit"] = isIntermittent(series)
    ? { kind: "intermittent", distribution: fitIntermittent(series) }
    : { kind: "smooth", ensemble: fitEnsemble(series) };
  return { fit, factors: factors.subarray(n) };
}

/** Samples one future into `out`, one value for each coming day. */
export function sampleDemand(demand: Demand, random: Random, out: Float64Array): void {
  const { fit } = demand;
  if (fit.kind === "smooth") sampleEnsemble(fit.ensemble, random, out);
  else sampleIntermittent(fit.distribution, random, out);
  for (let k = 0; k < out.length; k += 1) out[k] = (out[k] ?? 0) * (demand.factors[k] ?? 1);
}

/** The expected demand of each coming day. */
export function meanDemand(demand: Demand): Float64Array {
  const out = new Float64Array(demand.factors.length);
  const { fit } = demand;
  if (fit.kind === "smooth") ensembleMean(fit.ensemble, out);
  else out.fill(intermittentMean(fit.distribution));
  return out.map((level, k) => level * (demand.factors[k] ?? 1));
}

function ordinaryDays({ values, firstDay, calendar }: DemandInput): Uint8Array {
  const use = new Uint8Array(values.length);
  for (let t = 0; t < use.length; t += 1) {
    const day = firstDay + t;
    use[t] = calendar.closed.has(day) || calendar.named.has(day) ? 0 : 1;
  }
  return use;
}

function multiplyCycle(
  factors: Float64Array,
  { values, firstDay }: DemandInput,
  { length, use }: { readonly length: number; readonly use: Uint8Array | undefined },
): void {
  // The cycle is anchored on the calendar, so that position 0 of a week is the same weekday in every history.
  const phase = ((firstDay % length) + length) % length;
  const cycle = seasonFactors(values, { length, phase }, use);
  for (let t = 0; t < factors.length; t += 1)
    factors[t] = (factors[t] ?? 1) * (cycle[(t + phase) % length] ?? 1);
}

/** Days of one name share a factor: their demand over what the cycles expect, shrunk by one ordinary day. */
function multiplyCalendar(factors: Float64Array, { values, firstDay, calendar }: DemandInput): void {
  let ordinary = 0;
  let expected = 0;
  const sums = new Map<string, { seen: number; expected: number }>();
  for (let t = 0; t < values.length; t += 1) {
    const name = calendar.named.get(firstDay + t);
    if (calendar.closed.has(firstDay + t)) continue;
    ordinary += values[t] ?? 0;
    expected += factors[t] ?? 1;
    if (name === undefined) continue;
    const sum = sums.get(name) ?? { seen: 0, expected: 0 };
    sums.set(name, { seen: sum.seen + (values[t] ?? 0), expected: sum.expected + (factors[t] ?? 1) });
  }
  const level = expected > 0 ? ordinary / expected : 0;
  for (let t = 0; t < factors.length; t += 1) {
    const sum = sums.get(calendar.named.get(firstDay + t) ?? "");
    if (sum !== undefined && level > 0)
      factors[t] = ((factors[t] ?? 1) * (sum.seen + level)) / (sum.expected * level + level);
    if (calendar.closed.has(firstDay + t)) factors[t] = 0;
  }
}
