// The nearest-rank percentile.

/**
 * The value below or at which the share `share` of the sorted values lies; `undefined` when there are none.
 */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
