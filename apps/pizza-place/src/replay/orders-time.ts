// The business time of a replay: the year in which the orders were placed.
import { type BusinessTime, steppedTime } from "quadrille";

type PlacedAt = { readonly placedAt: string };

/** When an order was placed, in milliseconds since 1970: the data set names no zone, and is taken as UTC. */
export function placedMs({ placedAt }: PlacedAt): number {
  return Date.parse(`${placedAt}Z`);
}

/** Business time that begins with the first order of the year and is stepped. */
export function ordersTime(year: readonly PlacedAt[]): BusinessTime {
  return steppedTime({ from: Math.min(...year.map(placedMs)) });
}

/**
 * How many times as fast as the machine's business time passes, so that `rate` orders come in a second on
 * average.
 */
export function factorOf(rate: number, year: readonly PlacedAt[]): number {
  const times = year.map(placedMs);
  const betweenMs = (Math.max(...times) - Math.min(...times)) / Math.max(1, year.length - 1);
  return (betweenMs * rate) / 1_000;
}

/** A business time as people read it, with its zone: `2015-01-01 11:38:36 UTC`. */
export function businessText(at: number): string {
  return `${placedAtOf(at).replace("T", " ")} UTC`;
}

/** A business time as an order has it: `2015-01-01T11:38:36`, without a zone. */
export function placedAtOf(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
