// The only access to the clock: the bench measures how long it takes, nothing else asks.

/** Seconds since some moment in the past. */
export function seconds(): number {
  return performance.now() / 1000;
}

/** Seconds that this process has kept a processor busy. */
export function busySeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
