// The standard normal distribution: density, distribution function, quantile, loss function.

/** Density of the standard normal at `z`. */
export function standardNormalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** P(Z <= z). West, *Better approximations to cumulative normal functions* (2005), error below 1e-14. */
export function standardNormalCdf(z: number): number {
  const x = Math.abs(z);
  if (x > 37) return z > 0 ? 1 : 0;
  const upper = x < 7.07106781186547 ? centralTail(x) : farTail(x);
  return z > 0 ? 1 - upper : upper;
}

function centralTail(x: number): number {
  const top = polynomial(
    x,
    [
      0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
      221.213596169931, 220.206867912376,
    ],
  );
  const bottom = polynomial(
    x,
    [
      0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
      637.333633378831, 793.826512519948, 440.413735824752,
    ],
  );
  return (Math.exp(-0.5 * x * x) * top) / bottom;
}

function farTail(x: number): number {
  const fraction = x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))));
  return Math.exp(-0.5 * x * x) / fraction / 2.506628274631;
}

function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/**
 * The z with P(Z <= z) = p, for 0 < p < 1. Bisection down to a double's precision, then exact to about 1e-13.
 */
export function standardNormalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile is asked for at ${p}; it must be between 0 and 1.`);
  let z = 0;
  for (let round = 0; round < 60; round += 1) {
    const step = (standardNormalCdf(z) - p) / Math.max(standardNormalDensity(z), 1e-300);
    const bounded = Math.max(-1, Math.min(1, step));
    z -= bounded;
    if (Math.abs(bounded) < 1e-14 * Math.max(1, Math.abs(z))) break;
  }
  return z;
}

/**
 * E[(Z - z)+], the standard normal loss function (Snyder and Shen, *Fundamentals of Supply Chain Theory*,
 * C.14).
 */
export function standardNormalLoss(z: number): number {
  return standardNormalDensity(z) - z * (1 - standardNormalCdf(z));
}
