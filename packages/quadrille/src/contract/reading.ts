// Reads plain values of unknown shape: each problem becomes one sentence with its place, and reading goes on.
import { pointer } from "./pointer.ts";

/** One thing wrong with a contract in the JSON form: where (a JSON pointer) and what, in one sentence. */
export interface JsonProblem {
  readonly path: string;
  readonly message: string;
  /** The rule of well-formedness that is broken; absent where the value does not have the form. */
  readonly code?: string;
}

/** A value being read: where it stands, and where problems go. */
export interface PayloadReading {
  readonly value: unknown;
  readonly path: string;
  readonly problems: JsonProblem[];
}

/** A value below another one, at the keys. */
export function below(
  reading: PayloadReading,
  value: unknown,
  ...keys: readonly (string | number)[]
): PayloadReading {
  return { value, path: pointer(reading.path, ...keys), problems: reading.problems };
}

/** Notes what is wrong with a value. */
export function complain(reading: PayloadReading, message: string): void {
  reading.problems.push({ path: reading.path, message });
}

/** Whether a value is an object that is not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value is, in words for a message. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "string") return value === "" ? "an empty text" : `the text "${value.slice(0, 40)}"`;
  if (typeof value === "number" || typeof value === "boolean") return `the ${typeof value} ${value}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** An object with only the named keys: a misspelt key must not be ignored silently. */
export function readFields(
  reading: PayloadReading,
  what: string,
  known: readonly string[],
): Record<string, unknown> {
  if (!isRecord(reading.value)) {
    complain(reading, `${what} must be an object, not ${kindOf(reading.value)}`);
    return {};
  }
  for (const key of Object.keys(reading.value)) {
    if (known.includes(key)) continue;
    complain(
      below(reading, undefined, key),
      `${what} has the unknown key "${key}"; known are ${known.join(", ")}`,
    );
  }
  return Object.fromEntries(Object.entries(reading.value));
}

/** An object with free keys, each value read by the given function; nothing at all counts as empty. */
export function readRecord<T>(
  reading: PayloadReading,
  what: string,
  read: (entry: PayloadReading, key: string) => T,
): Record<string, T> {
  if (reading.value === undefined) return {};
  if (!isRecord(reading.value)) {
    complain(reading, `${what} must be an object, not ${kindOf(reading.value)}`);
    return {};
  }
  // Object.fromEntries defines own properties, so that even "__proto__" is a name like any other.
  return Object.fromEntries(
    Object.entries(reading.value).map(([key, value]) => [key, read(below(reading, value, key), key)]),
  );
}

/** A list, each entry read by the given function; nothing at all counts as empty. */
export function readList<T>(reading: PayloadReading, what: string, read: (entry: PayloadReading) => T): T[] {
  if (reading.value === undefined) return [];
  if (!Array.isArray(reading.value)) {
    complain(reading, `${what} must be a list, not ${kindOf(reading.value)}`);
    return [];
  }
  return reading.value.map((value: unknown, index) => read(below(reading, value, index)));
}

/** A text that is not empty. */
export function readText(reading: PayloadReading, what: string): string {
  if (typeof reading.value === "string" && reading.value !== "") return reading.value;
  complain(reading, `${what} must be a text, not ${kindOf(reading.value)}`);
  return "";
}
