// Seeded random numbers: the same seed gives the same numbers, on every machine.
import { standardNormalQuantile } from "./normal.ts";

/** A source of random numbers. */
export interface Random {
  /** The next number, 0 <= x < 1. */
  uniform(): number;
  /** The next draw from the standard normal distribution. */
  normal(): number;
}

const tableSize = 4096;
/** Midpoint quantiles of the standard normal: a draw is one look-up. Its variance is 0.9998. */
const normalTable = Float64Array.from({ length: tableSize }, (_, index) =>
  standardNormalQuantile((index + 0.5) / tableSize),
);

/**
 * Makes a source from a 32-bit seed. The generator is sfc32 (Doty-Humphrey, PractRand), period about 2^128.
 */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result;
  };
  for (let round = 0; round < 12; round += 1) next();
  return {
    uniform: () => (next() >>> 0) / 4294967296,
    normal: () => normalTable[next() & (tableSize - 1)] ?? 0,
  };
}
