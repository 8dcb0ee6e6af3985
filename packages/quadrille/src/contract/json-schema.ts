// What a payload's schema says as JSON Schema, where its library can say it (Standard JSON Schema).
import type { StandardJSONSchemaV1 } from "@standard-schema/spec";

function saysJson(schema: object): schema is StandardJSONSchemaV1 {
  const standard: unknown = "~standard" in schema ? schema["~standard"] : undefined;
  return typeof standard === "object" && standard !== null && "jsonSchema" in standard;
}

/** What a schema accepts, or what it makes of that, as JSON Schema; nothing where it cannot be said. */
export function jsonSchemaOf(schema: object, side: "input" | "output"): unknown {
  if (!saysJson(schema)) return undefined;
  try {
    return schema["~standard"].jsonSchema[side]({ target: "draft-07" });
  } catch {
    return undefined;
  }
}
