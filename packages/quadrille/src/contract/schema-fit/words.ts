// The words of JSON Schema (draft-07) as both halves of the comparison read them. See the specification,
// "JSON Schema Validation", https://json-schema.org/draft-07/json-schema-validation.
import { isRecord } from "../reading.ts";

/** A schema that is an object: its keywords. */
export type Keywords = Readonly<Record<string, unknown>>;

/** Keywords that do not change what is accepted. */
export const silent: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$comment",
  "title",
  "description",
  "examples",
  "default",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** Each type with the keywords that look at its values alone: they accept values of other types. */
export const keywordsOfType: Readonly<Record<string, readonly string[]>> = {
  number: ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"],
  string: ["minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"],
  array: ["items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems"],
  object: [
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
  ],
};

const allTypes = ["null", "boolean", "number", "string", "array", "object"];

/** A schema as keywords: `true` has none. Undefined for anything else that is no object. */
export function keywordsOf(schema: unknown): Keywords | undefined {
  if (schema === true || schema === undefined) return {};
  return isRecord(schema) ? schema : undefined;
}

/** The schemas that a keyword lists, such as `anyOf`; undefined without it. */
export function listOf(schema: Keywords, keyword: string): readonly unknown[] | undefined {
  const value = schema[keyword];
  return Array.isArray(value) ? value : undefined;
}

/** The values of an object keyword, such as `properties`. */
export function recordOf(value: unknown): Keywords {
  return isRecord(value) ? value : {};
}

/** The names that `required` lists. */
export function requiredOf(schema: Keywords): readonly string[] {
  return (listOf(schema, "required") ?? []).filter((one) => typeof one === "string");
}

/** All values that a schema allows, where it lists them or its type has so few. */
export function valuesOf(schema: Keywords): readonly unknown[] | undefined {
  if ("const" in schema) return [schema["const"]];
  const listed = listOf(schema, "enum");
  if (listed !== undefined) return listed;
  if (schema["type"] === "null") return [null];
  return schema["type"] === "boolean" ? [false, true] : undefined;
}

/** The types that a schema names, `integer` as it stands; all of them where it names none. */
export function typesOf(schema: Keywords): readonly string[] {
  if (schema["type"] === undefined) return valuesOf(schema)?.map(typeOf) ?? allTypes;
  return [schema["type"]].flat().filter((one) => typeof one === "string");
}

/** The type of a value; `number` for whole numbers too. */
export function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** A value's text, equal for equal values: an object's keys in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    isRecord(one) ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}

/** A place below another one, as reasons name it: `order.lines[].amount`. */
export function placeOf(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** A path as the subject of a sentence. */
export function shown(path: string): string {
  return path === "" ? "the payload" : path;
}
