// JSON Schemas of a choreography's payloads, from schema libraries that can convert them (Standard JSON
// Schema).
import type { Choreography } from "quadrille";
import { jsonSchemaOf, usesOf } from "quadrille/tooling";

/** JSON Schema by event; events without a schema, or whose library cannot convert it, are left out. */
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
