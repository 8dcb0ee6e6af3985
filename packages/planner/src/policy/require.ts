// What the policies ask of their parameters.

/** Throws a `RangeError` that names the first parameter that is not a finite number above zero. */
export function positive<T extends object>(parameters: T, names: readonly (keyof T & string)[]): void {
  for (const name of names) {
    const value = parameters[name];
    if (!(typeof value === "number" && value > 0 && value < Infinity))
      throw new RangeError(`${name} is ${String(value)}; it must be a number above 0.`);
  }
}
