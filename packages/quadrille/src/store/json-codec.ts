// Between values and their JSON text. What comes out was put in by us, so the types are given back on trust.

/** A copy by way of JSON: what a database would give back, sharing nothing with what was given; absent fields stay. */
export function copied<T extends object>(record: T): T {
  return { ...record, ...(JSON.parse(JSON.stringify(record)) as T) };
}

/** Bytes of a plain value as JSON; 0 for `undefined`. */
export function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
