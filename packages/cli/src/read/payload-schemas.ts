// JSON Schemas of a choreography's payloads, from those schema libraries that can say them (Standard JSON Schema).
import type { StandardJSONSchemaV1 } from "@standard-schema/spec";
import type { Choreography } from "quadrille";
import { usesOf } from "quadrille/tooling";

/** JSON Schema by event; events without a schema, or whose library cannot say it, are left out. */
export function payloadSchemas(choreography: Choreography): Readonly<Record<string, unknown>> {
  const events = choreography.participants
    .flatMap(usesOf)
    .flatMap(({ trigger }) => (trigger.kind === "event" ? [trigger] : []));
  const said = events.flatMap(({ name, schema }) => {
    const document = schema === undefined ? undefined : jsonSchemaOf(schema, "output");
    return document === undefined ? [] : [[name, document] as const];
  });
  return Object.fromEntries(said);
}

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
