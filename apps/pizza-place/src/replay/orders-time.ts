// The business time of a replay: the year in which the orders were placed.
import { type BusinessTime, steppedTime, timeLapse } from "quadrille";
import type { Rate } from "./pace.ts";

type Placed = { readonly placedAt: string };

/** When an order was placed, in milliseconds since 1970: the data set names no zone, and is taken as UTC. */
export function placedMs({ placedAt }: Placed): number {
  return Date.parse(`${placedAt}Z`);
}

/** Stepped where orders come as fast as possible; at a rate, as fast as the orders come on average. */
export function ordersTime(rate: Rate, year: readonly Placed[]): BusinessTime {
  const times = year.map(placedMs);
  const [from, until] = [Math.min(...times), Math.max(...times)];
  if (rate === "max") return steppedTime({ from });
  const betweenMs = (until - from) / Math.max(1, year.length - 1);
  return timeLapse({ from, factor: Math.max(1, (betweenMs * rate) / 1_000) });
}

/** A business time as people read it, with its zone: `2015-01-01 11:38:36 UTC`. */
export function businessText(at: number): string {
  return `${placedAtOf(at).replace("T", " ")} UTC`;
}

/** A business time as an order has it: `2015-01-01T11:38:36`, without a zone. */
export function placedAtOf(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
