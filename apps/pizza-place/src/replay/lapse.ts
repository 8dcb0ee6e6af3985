// How fast stepped time is moved: a lapse, which waits where anything is pending, so that no deadline comes
// because a machine is slow.
import type { ReplayClock } from "./replay-place.ts";

/** A speed of business time. */
export interface Lapse {
  /** How far business time may have come by now, in milliseconds since 1970. */
  now(): number;
  /** Resolves when it may have come to `at`. */
  until(at: number): Promise<void>;
}

/** As fast as the work is done. */
export const noLapse: Lapse = { now: () => Number.POSITIVE_INFINITY, until: async () => undefined };

/**
 * `factor` times as fast as the machine's, from the first time that is waited for. It waits for nothing once
 * `stop` aborts.
 */
export function lapse(factor: number, clock: ReplayClock, stop: AbortSignal): Lapse {
  let begun: { readonly at: number; readonly steadyMs: number } | undefined;
  const now = (): number =>
    begun === undefined ? Number.NEGATIVE_INFINITY : begun.at + factor * (clock.steady() - begun.steadyMs);
  return {
    now,
    until: async (at) => {
      begun ??= { at, steadyMs: clock.steady() };
      const left = at - now();
      if (left > 0) await clock.sleep(Math.ceil(left / factor), stop);
    },
  };
}
