// The only access to the time. Everything else is handed a clock, so that drills, tests and a business clock
// can bring their own.
import { setTimeout as sleepFor } from "node:timers/promises";

/** Gives the time, and waits. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with an `AbortError` when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => sleepFor(ms, undefined, { signal }),
};

/**
 * A clock that stands still at `at` (milliseconds since 1970), for examples and drills. Waiting takes no
 * time.
 */
export function stoppedClock(at: number): Clock {
  return { now: () => at, sleep: async (_ms, signal) => signal.throwIfAborted() };
}
