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

/** Whether an order is of a later day than the one before it: time is stepped from day to day. */
export function isLaterDay(order: Placed, before: Placed | undefined): boolean {
  return order.placedAt.slice(0, 10) > (before?.placedAt.slice(0, 10) ?? "");
}
