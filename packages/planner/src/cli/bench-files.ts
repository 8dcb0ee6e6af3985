// The benchmarks' files, read: every value is checked before it is used.
import type { Instance } from "../bench/inventorybench.ts";
import { UserError } from "./user-error.ts";

/** The instances of an InventoryBench file. */
export function readInstances(value: unknown, file: string): readonly Instance[] {
  const wrong = (what: string): UserError => new UserError(`${file} is no InventoryBench file: ${what}.`);
  const { series, lead, instances } = record(value) ?? {};
  const demands = record(series);
  const leads = record(lead);
  if (demands === undefined || leads === undefined || !Array.isArray(instances))
    throw wrong("it needs `series`, `lead` and `instances`");
  return instances.map((row: unknown, index): Instance => {
    if (!Array.isArray(row)) throw wrong(`instance ${index} is no list`);
    const [path, seriesKey, leadKey, p, h] = row as readonly unknown[];
    const pair = demands[String(seriesKey)];
    const [training, demand] = Array.isArray(pair) ? pair.map(numbers) : [];
    const leadTimes = numbers(leads[String(leadKey)]);
    if (training === undefined || demand === undefined)
      throw wrong(`series ${String(seriesKey)} is not two lists of numbers`);
    if (leadTimes === undefined || leadTimes.length < demand.length)
      throw wrong(`lead times ${String(leadKey)} are fewer than the periods`);
    if (typeof p !== "number" || typeof h !== "number" || !(p > 0) || !(h >= 0))
      throw wrong(`instance ${index} has no prices p and h`);
    const batch = String(leadKey).slice(String(leadKey).indexOf(":") + 1);
    return {
      path: String(path),
      batch,
      training,
      demand,
      leadTimes,
      promised: promisedOf(batch, wrong),
      p,
      h,
    };
  });
}

/** The promised lead time is part of the benchmark, not of its files. */
function promisedOf(batch: string, wrong: (what: string) => UserError): number {
  if (batch.endsWith("stochastic")) return 2;
  const days = Number(/_(\d+)$/.exec(batch)?.[1]);
  if (!Number.isSafeInteger(days)) throw wrong(`${batch} names no lead time`);
  return days;
}

/** The series of a forecasting file, each a list of numbers. */
export function readSeries(value: unknown, file: string): readonly (readonly number[])[] {
  if (!Array.isArray(value)) throw new UserError(`${file} is no list of series.`);
  return value.map((row: unknown, index) => {
    const series = numbers(row);
    if (series === undefined)
      throw new UserError(`${file}: series ${index} is not a list of numbers of 0 or more.`);
    return series;
  });
}

function numbers(value: unknown): readonly number[] | undefined {
  const good = Array.isArray(value) && value.every((one) => typeof one === "number" && Number.isFinite(one));
  return good ? (value as readonly number[]) : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) ? value : undefined;
}
