// Factors of a cycle (day of week, month of year): what a period usually has over the average, shrunk where
// the history is thin.

/** A cycle and where in it a history begins. */
export interface SeasonCycle {
  readonly length: number;
  /** The position in the cycle of the first value, 0 to length - 1. */
  readonly phase: number;
}

/** How much of a value may be used: 0 leaves it out of the factors. Absent: all. */
export type Use = ArrayLike<number>;

/** Whole cycles without which no factors are made. */
const cyclesMin = 3;

/**
 * The factors of a cycle, with mean one, by position. Each is the average ratio of a value to the moving
 * average of a whole cycle around it, shrunk towards one by how far the ratios of one position differ among
 * themselves (empirical Bayes).
 */
export function seasonFactors(values: ArrayLike<number>, cycle: SeasonCycle, use?: Use): Float64Array {
  const { length } = cycle;
  const flat = new Float64Array(length).fill(1);
  if (values.length < cyclesMin * length || length < 2) return flat;
  const { sum, squares, count } = ratioSums(values, cycle, use);
  let within = 0;
  let between = 0;
  let freedom = 0;
  for (let position = 0; position < length; position += 1) {
    const n = count[position] ?? 0;
    if (n < 2) return flat;
    const mean = (sum[position] ?? 0) / n;
    flat[position] = mean;
    within += (squares[position] ?? 0) - n * mean * mean;
    freedom += n - 1;
    between += (mean - 1) ** 2;
  }
  const noise = within / freedom;
  const signal = Math.max(0, between / (length - 1) - noise / (values.length / length));
  for (let position = 0; position < length; position += 1) {
    const trust = signal / (signal + noise / (count[position] ?? 1) + 1e-12);
    flat[position] = Math.max(0, 1 + trust * ((flat[position] ?? 1) - 1));
  }
  return withMeanOne(flat);
}

interface RatioSums {
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly count: Float64Array;
}

function ratioSums(
  values: ArrayLike<number>,
  { length, phase }: SeasonCycle,
  use: Use | undefined,
): RatioSums {
  const sums = {
    sum: new Float64Array(length),
    squares: new Float64Array(length),
    count: new Float64Array(length),
  };
  const before = length >> 1;
  const after = length - before;
  // The centred moving average; for an even cycle the two ends count half.
  const ends = length % 2 === 0 ? 0.5 : 0;
  for (let t = before; t + after - (ends === 0 ? 1 : 0) < values.length; t += 1) {
    if (use !== undefined && use[t] === 0) continue;
    let level = ends === 0 ? 0 : -0.5 * ((values[t - before] ?? 0) - (values[t + after] ?? 0));
    let mass = 0;
    for (let s = t - before; s < t + after; s += 1) {
      if (use !== undefined && use[s] === 0) continue;
      level += values[s] ?? 0;
      mass += 1;
    }
    if (level <= 0) continue;
    const ratio = ((values[t] ?? 0) * mass) / level;
    const position = (t + phase) % length;
    sums.sum[position] = (sums.sum[position] ?? 0) + ratio;
    sums.squares[position] = (sums.squares[position] ?? 0) + ratio * ratio;
    sums.count[position] = (sums.count[position] ?? 0) + 1;
  }
  return sums;
}

function withMeanOne(factors: Float64Array): Float64Array {
  const mean = factors.reduce((a, b) => a + b, 0) / factors.length;
  return mean > 0 ? factors.map((factor) => factor / mean) : factors;
}
