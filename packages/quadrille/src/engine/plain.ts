// Payloads and entity data are plain JSON values: checked, measured and frozen once, where they are made or read.

/** Why a value cannot travel. */
export interface NotPlain {
  readonly path: string;
  readonly problem: string;
}

/**
 * Freezes a JSON value in depth and says how large it is as JSON, in bytes (an upper bound, without serialising).
 * Values that JSON would change silently (dates, undefined in arrays, NaN, bigint, cycles) are refused with their path:
 * otherwise a message handed over in memory would differ from the same message read after a restart.
 */
export function freezePlain(value: unknown, path = "", depth = 0): number | NotPlain {
  switch (typeof value) {
    case "string":
      return value.length * 3 + 2;
    case "boolean":
      return 5;
    case "number":
      return Number.isFinite(value) ? 24 : { path, problem: `${value} is not a JSON number` };
    case "undefined":
      return 0;
    case "object":
      if (value === null) return 4;
      if (depth > 32) return { path, problem: "it is nested more than 32 deep" };
      return Array.isArray(value) ? freezeArray(value, path, depth) : freezeObject(value, path, depth);
    case "bigint":
    case "function":
    case "symbol":
      return { path, problem: `a ${typeof value} is not JSON` };
  }
}

function freezeArray(values: readonly unknown[], path: string, depth: number): number | NotPlain {
  let bytes = 2;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === undefined)
      return { path: `${path}[${index}]`, problem: "undefined in an array is not JSON" };
    const size = freezePlain(value, `${path}[${index}]`, depth + 1);
    if (typeof size !== "number") return size;
    bytes += size + 1;
  }
  Object.freeze(values);
  return bytes;
}

function freezeObject(value: object, path: string, depth: number): number | NotPlain {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return { path, problem: `a ${value.constructor.name} is not a plain object` };
  }
  let bytes = 2;
  for (const [key, inner] of Object.entries(value)) {
    const size = freezePlain(inner, path === "" ? key : `${path}.${key}`, depth + 1);
    if (typeof size !== "number") return size;
    bytes += size + key.length * 3 + 4;
  }
  Object.freeze(value);
  return bytes;
}
