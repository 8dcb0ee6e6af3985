// Durations as people write them in contracts and options: "250ms", "15m", "2h".

/** A whole number and a unit: milliseconds, seconds, minutes, hours or days. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The duration in milliseconds. Throws a `RangeError` that shows the wanted form. */
export function durationMs(duration: string): number {
  const parts = /^(\d+)(ms|s|m|h|d)$/.exec(duration);
  const unit = unitMs[parts?.[2] ?? ""];
  if (parts === null || unit === undefined) {
    throw new RangeError(`"${duration}" is not a duration; write a whole number and a unit, such as "15m"`);
  }
  return Number(parts[1]) * unit;
}
