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

/**
 * Measures again and again, until three came within `ms` milliseconds: one may be that quick by chance, and
 * on a busy machine most wait for a turn. Rejects after a minute.
 */
export async function severalWithin(ms: number, measure: () => Promise<number>): Promise<void> {
  const took: number[] = [];
  for (const signal = soon(); took.filter((one) => one < ms).length < 3; took.push(await measure()))
    if (signal.aborted) throw new Error(`too few came within ${ms} ms; they took ${took.join(", ")}`);
}
