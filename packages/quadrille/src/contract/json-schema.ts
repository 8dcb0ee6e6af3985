// A payload's schema as JSON Schema, if its library can convert it (Standard JSON Schema).
import type { StandardJSONSchemaV1 } from "@standard-schema/spec";

function saysJson(schema: object): schema is StandardJSONSchemaV1 {
  const standard: unknown = "~standard" in schema ? schema["~standard"] : undefined;
  return typeof standard === "object" && standard !== null && "jsonSchema" in standard;
}

/** A schema's input or output as JSON Schema; undefined if its library cannot convert it. */
export function jsonSchemaOf(schema: object, side: "input" | "output"): unknown {
  if (!saysJson(schema)) return undefined;
  try {
    return schema["~standard"].jsonSchema[side]({ target: "draft-07" });
  } catch {
    return undefined;
  }
}
