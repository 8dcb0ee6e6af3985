// Between values and their JSON text. The values were written by the engine, so their types are trusted.

/**
 * A copy by way of JSON: what a database would give back, sharing nothing with what was given; absent fields
 * stay.
 */
export function copied<T extends object>(record: T): T {
  return { ...record, ...(JSON.parse(JSON.stringify(record)) as T) };
}

/** Bytes of a plain value as JSON; 0 for `undefined`. */
export function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
