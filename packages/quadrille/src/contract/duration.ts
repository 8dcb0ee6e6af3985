// Durations as people write them in contracts and options: "250ms", "15m", "2h".

/** A whole number and a unit: milliseconds, seconds, minutes, hours or days. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A million days: what is longer may end after the last moment of a `Date`. */
const durationMsMax = 1_000_000 * 86_400_000;

/** The duration in milliseconds. Throws a `RangeError` that shows the wanted form, or that it is too long. */
export function durationMs(duration: string): number {
  const parts = /^(\d+)(ms|s|m|h|d)$/.exec(duration);
  const unit = unitMs[parts?.[2] ?? ""];
  if (parts === null || unit === undefined) {
    throw new RangeError(`"${duration}" is not a duration; write a whole number and a unit, such as "15m"`);
  }
  const ms = Number(parts[1]) * unit;
  if (ms <= durationMsMax) return ms;
  throw new RangeError(`"${duration}" is too long; a duration is at most "1000000d"`);
}
