// Discrete demand distributions as arrays: the chance of 0, 1, 2, ... units in a period.

/** Chances by units; they sum to one up to a negligible tail, which is in the last entry. */
export type Chances = Float64Array;

const tail = 1e-10;

/** Poisson demand. */
export function poisson(mean: number): Chances {
  return untilTail(Math.exp(-mean), (units) => mean / units);
}

/** Geometric demand from 0 on, with the mean given. */
export function geometric(mean: number): Chances {
  const again = mean / (1 + mean);
  return untilTail(1 - again, () => again);
}

/** The demand of several periods together. */
export function convolved(chances: Chances, periods: number): Chances {
  let sum = Float64Array.of(1);
  for (let period = 0; period < periods; period += 1) {
    const next = new Float64Array(sum.length + chances.length - 1);
    sum.forEach((one, at) =>
      chances.forEach((other, units) => (next[at + units] = (next[at + units] ?? 0) + one * other)),
    );
    sum = next;
  }
  return sum;
}

/** The fewest units that suffice with a chance of at least `p`. */
export function quantile(chances: Chances, p: number): number {
  let sum = 0;
  for (let units = 0; units < chances.length; units += 1) {
    sum += chances[units] ?? 0;
    if (sum >= p) return units;
  }
  return chances.length - 1;
}

/** Builds chances from the first and the ratio of each to the one before. */
function untilTail(first: number, ratio: (units: number) => number): Chances {
  const chances = [first];
  let sum = first;
  let last = first;
  while (1 - sum > tail && chances.length < 10_000) {
    last *= ratio(chances.length);
    chances.push(last);
    sum += last;
  }
  chances[chances.length - 1] = last + Math.max(0, 1 - sum);
  return Float64Array.from(chances);
}
