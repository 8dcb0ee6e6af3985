// Waiting that a signal or a clock ends.
import type { Clock } from "../../ambient/ambient.ts";

/** The answer; `undefined` where `signal` aborts first: the stores may not answer. */
export async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const giveUp = (): void => resolve(undefined);
  signal.addEventListener("abort", giveUp);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Waits for no longer than `limitMs`. */
export async function withinMs(clock: Clock, answer: Promise<unknown>, limitMs: number): Promise<void> {
  const done = new AbortController();
  await Promise.race([answer, clock.sleep(limitMs, done.signal)]);
  done.abort();
}
