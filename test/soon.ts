// For tests: how long is waited for what comes soon. The limit is there to find what hangs: a machine that
// does much else may take seconds for what takes a millisecond. What is promised in seconds is measured by
// its test.

/** Aborts after a minute. */
export function soon(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

/** For `vi.waitFor`, whose own limit is a second: looks often, for a minute. */
export const within: { readonly timeout: number; readonly interval: number } = {
  timeout: 60_000,
  interval: 10,
};

/** Of how many measurements more than half have to be in time. */
const measured = 9;

/**
 * Measures again and again, until of nine in a row more than half came within `ms` milliseconds: some may be
 * that quick by chance, and on a busy machine some wait for a turn. Rejects after a minute.
 */
export async function usuallyWithin(ms: number, measure: () => Promise<number>): Promise<void> {
  const took: number[] = [];
  const isUsual = (): boolean => took.slice(-measured).filter((one) => one < ms).length > measured / 2;
  for (const signal = soon(); took.length < measured || !isUsual(); took.push(await measure()))
    if (signal.aborted) throw new Error(`too few came within ${ms} ms; they took ${took.join(", ")}`);
}

/** How long a thread is kept busy to see how much of a processor it gets, in milliseconds. */
const spunMs = 300;

/** A machine that is busier than this shows nothing about time. */
const stretchMax = 4;

/**
 * A promised time, in milliseconds, as this machine can be held to it now: as it is where a thread gets a
 * processor of its own; where it waits for one, as many times longer, four at most, and that is printed.
 */
export function asPromised(ms: number): number {
  const [begun, before] = [performance.now(), process.threadCpuUsage()];
  while (performance.now() - begun < spunMs);
  const { user, system } = process.threadCpuUsage(before);
  const stretch = Math.max(1, ((performance.now() - begun) * 1_000) / (user + system));
  if (stretch < 1.1) return ms;
  const held = ms * Math.min(stretchMax, stretch);
  const slow = `this machine is ${stretch.toFixed(1)} times as slow as at rest`;
  process.stdout.write(`${slow}: ${ms} ms may be ${held.toFixed(0)} ms\n`);
  return held;
}
