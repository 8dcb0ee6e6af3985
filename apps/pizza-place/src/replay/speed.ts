// How many orders end in a second, over the last few seconds.

/** How far back the speed looks. */
const windowMs = 5_000;

/** Notes counts at times and gives the speed between the oldest one in the window and the newest. */
export interface Speedometer {
  note(atMs: number, count: number): number;
}

/** A speed of things a second. */
export function speedometer(): Speedometer {
  const samples: { readonly atMs: number; readonly count: number }[] = [];
  return {
    note: (atMs, count) => {
      samples.push({ atMs, count });
      while (samples.length > 2 && (samples[1]?.atMs ?? atMs) < atMs - windowMs) samples.shift();
      const oldest = samples[0];
      if (oldest === undefined || oldest.atMs === atMs) return 0;
      return ((count - oldest.count) * 1_000) / (atMs - oldest.atMs);
    },
  };
}
