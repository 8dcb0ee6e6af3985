// Estimates the size of a plain value without serialising it: for limits that protect memory.
import { isRecord } from "./plain.ts";

/** About the characters that a plain value has as JSON; 0 for `undefined`. */
export function weigh(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (value === undefined) return 0;
  return isRecord(value) ? weighRecord(value) : 8;
}

/** By its keys: `Object.entries` makes an array for each field, and took eight times as long. */
function weighRecord(value: Readonly<Record<string, unknown>>): number {
  let weight = 2;
  for (const key of Object.keys(value)) weight += key.length + 4 + weigh(value[key]);
  return weight;
}
