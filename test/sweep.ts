// Sweeps over many seeds or schedules: a part of each runs with the tests, all of it with `npm run sweep`.

/** Whether this run is `npm run sweep`. */
export const isSweep: boolean = process.env["QUADRILLE_SWEEP"] === "all";

/** A part of the cases at equal distances, beginning with the first; all of them with `npm run sweep`. */
export function swept<T>(cases: Iterable<T>, every: number): readonly T[] {
  const all = [...cases];
  return isSweep ? all : all.filter((_, index) => index % every === 0);
}
