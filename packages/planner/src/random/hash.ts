// The hash of a value: it seeds a plan, and names a snapshot in every record.

/**
 * A 53-bit hash of a JSON value as 14 hexadecimal digits. The order of an object's keys makes no difference,
 * and a key whose value is undefined counts as absent, so a snapshot keeps its hash through any JSON store.
 * It distinguishes values; it does not protect against an adversary who wants two to be equal. The mixing is
 * cyrb53's (public domain).
 */
export function valueHash(value: unknown): string {
  const state = mixed(value);
  return (state.b & 0x1fffff).toString(16).padStart(6, "0") + state.a.toString(16).padStart(8, "0");
}

/** The seed, 32 bits, of a hash. */
export function seedOf(hash: string): number {
  return Number.parseInt(hash.slice(-8), 16) | 0;
}

interface HashState {
  a: number;
  b: number;
}

const numberBits = new Float64Array(1);
const numberWords = new Uint32Array(numberBits.buffer);

function mixed(value: unknown): HashState {
  const state = { a: 0xdeadbeef, b: 0x41c6ce57 };
  visit(state, value);
  const a =
    Math.imul(state.a ^ (state.a >>> 16), 2246822507) ^ Math.imul(state.b ^ (state.b >>> 13), 3266489909);
  const b = Math.imul(state.b ^ (state.b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return { a: a >>> 0, b: b >>> 0 };
}

const tags = { null: 1, true: 2, false: 3, number: 4, string: 5, array: 6, object: 7 } as const;

function visit(state: HashState, value: unknown): void {
  if (typeof value === "number") {
    mix(state, tags.number);
    mixNumber(state, value);
  } else if (typeof value === "string") mixText(state, value);
  else if (value === null || value === undefined) mix(state, tags.null);
  else if (typeof value === "boolean") mix(state, value ? tags.true : tags.false);
  else if (Array.isArray(value)) {
    mix(state, tags.array);
    mix(state, value.length);
    for (const each of value) visit(state, each);
  } else if (typeof value === "object") visitObject(state, value);
}

function visitObject(state: HashState, value: object): void {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  mix(state, tags.object);
  mix(state, entries.length);
  for (const [key, each] of entries) {
    mixText(state, key);
    visit(state, each);
  }
}

function mixText(state: HashState, text: string): void {
  mix(state, tags.string);
  mix(state, text.length);
  for (let index = 0; index < text.length; index += 1) mix(state, text.charCodeAt(index));
}

function mixNumber(state: HashState, value: number): void {
  numberBits[0] = value === 0 ? 0 : value;
  mix(state, numberWords[0] ?? 0);
  mix(state, numberWords[1] ?? 0);
}

function mix(state: HashState, word: number): void {
  state.a = Math.imul(state.a ^ word, 2654435761);
  state.b = Math.imul(state.b ^ word, 1597334677);
}
