// How large a plain value is, without making its text: for limits that protect memory, and not for exact ones.

/** About the characters that a plain value has as JSON; 0 for `undefined`. */
export function weigh(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (value === undefined) return 0;
  return typeof value === "object" && value !== null ? weighObject(value) : 8;
}

function weighObject(value: object): number {
  let weight = 2;
  for (const [key, inner] of Object.entries(value)) weight += key.length + 4 + weigh(inner);
  return weight;
}
