// Columns of many rows as parameters in PostgreSQL's text format. The driver can do it too, element by
// element through its value mapper: 11 µs a row of a typical flush, these take 4 (Node 24, batches of 200).
import { invariant } from "../../../errors.ts";

/**
 * A column of the rows as an array literal (PostgreSQL, "Array Value Input"); an empty one where no row has a
 * value: `unnest` beside longer columns gives nulls then, and neither side has to write or read them one by
 * one.
 */
export function columnText<Row>(rows: readonly Row[], of: (row: Row) => unknown): string {
  const values: unknown[] = [];
  let hasValue = false;
  for (const row of rows) {
    const value = of(row);
    refuseNested(value);
    hasValue ||= !isAbsent(value);
    values.push(value);
  }
  return hasValue ? `{${elementsText(values)}}` : "{}";
}

/**
 * Where nothing has to be escaped, JSON writes the same, all at once: put together piece by piece, it took
 * longer and left twice the garbage.
 */
function elementsText(values: readonly unknown[]): string {
  const json = JSON.stringify(values);
  return json.includes("\\") ? values.map(elementText).join(",") : json.slice(1, -1);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function refuseNested(value: unknown): void {
  const isNested = !isAbsent(value) && !["string", "number", "boolean"].includes(typeof value);
  if (isNested) invariant(false, `a ${typeof value} is no element of an array`);
}

function elementText(value: unknown): string {
  if (typeof value !== "string") return isAbsent(value) ? "null" : String(value);
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/**
 * JSON documents one to a line, which nothing in them needs to be escaped for: `JSON.stringify` writes no
 * line break. `undefined` becomes an empty line, and nothing at all where no row has a value, as in {@link
 * columnText}. The statement takes them apart with {@link jsonLinesSql}.
 */
export function jsonLines<Row>(rows: readonly Row[], of: (row: Row) => unknown): string {
  let text = "";
  let hasValue = false;
  let separator = "";
  for (const row of rows) {
    const value = of(row);
    hasValue ||= value !== undefined;
    text += value === undefined ? separator : `${separator}${JSON.stringify(value)}`;
    separator = "\n";
  }
  return hasValue ? text : "";
}

/** SQL for the values of a column of such rows, one to a row. */
export function valuesSql(parameter: string, type: string): string {
  return `unnest(${type === "json" ? jsonLinesSql(parameter) : `${parameter}::${type}[]`})`;
}

/** SQL for the array of `json`, or of `jsonb`, in the parameter; null for an empty line. */
export function jsonLinesSql(parameter: string, type: "json" | "jsonb" = "json"): string {
  return `string_to_array(${parameter}::text, e'\\n', '')::${type}[]`;
}
