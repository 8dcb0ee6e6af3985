// How fast orders are placed: a number a second, or as fast as the place takes them.

/** Orders a second, or no limit. */
export type Rate = number | "max";

/**
 * The time at which the order with this number is due, in milliseconds after the start; numbers begin at 0.
 */
export function dueMs(rate: Rate, number: number): number {
  return rate === "max" ? 0 : (number * 1_000) / rate;
}
