// Which business time an engine keeps: the machine's, a faster one, or one that a driver moves.

/** Another business time than the machine's. */
export interface BusinessTime {
  readonly kind: "lapse" | "stepped";
  /** Where it begins, unless the tables have come further; milliseconds since 1970. */
  readonly from: number;
  /** Business milliseconds in one of the machine's; 0 for stepped time. */
  readonly factor: number;
}

/** A time of day as people write it, or milliseconds since 1970. */
export type Moment = string | number | Date;

/**
 * Business time that runs `factor` times as fast as the machine's:
 * `timeLapse({ from: "2015-01-01", factor: 3_600 })`.
 */
export function timeLapse({
  from,
  factor,
}: {
  readonly from: Moment;
  readonly factor: number;
}): BusinessTime {
  if (!Number.isFinite(factor) || factor <= 0)
    throw new RangeError(`timeLapse takes a factor above 0, not ${factor}`);
  return Object.freeze({ kind: "lapse", from: momentOf(from), factor });
}

/**
 * Business time that stands still until `engine.time.moveTo` moves it, from deadline to deadline, each time
 * when nothing is pending. So a year passes as fast as its work is done, and two runs are the same.
 */
export function steppedTime({ from }: { readonly from: Moment }): BusinessTime {
  return Object.freeze({ kind: "stepped", from: momentOf(from), factor: 0 });
}

function momentOf(moment: Moment): number {
  const at = typeof moment === "number" ? moment : new Date(moment).getTime();
  if (Number.isSafeInteger(at) && at >= 0) return at;
  throw new RangeError(
    `"${String(moment)}" is not a time; write it as "2015-01-01T00:00:00Z" or in milliseconds`,
  );
}
