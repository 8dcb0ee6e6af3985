// Estimates the size of a plain value without serialising it: for limits that protect memory.
import { isRecord } from "./plain.ts";

/** About the characters that a plain value has as JSON; 0 for `undefined`. */
export function weigh(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (value === undefined) return 0;
  if (Array.isArray(value)) return weighList(value);
  return isRecord(value) ? weighRecord(value) : 8;
}

/** By index: frozen and other arrays come by turns here, and are slow to iterate over then. */
function weighList(values: readonly unknown[]): number {
  let weight = 2 + 5 * values.length;
  for (let index = 0; index < values.length; index += 1) weight += weigh(values[index]);
  return weight;
}

/** Lists of its keys took three times as long, and lists of its entries still more. */
function weighRecord(value: Readonly<Record<string, unknown>>): number {
  let weight = 2;
  for (const key in value) weight += key.length + 4 + weigh(value[key]);
  return weight;
}
