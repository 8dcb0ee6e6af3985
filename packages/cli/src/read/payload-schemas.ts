// JSON Schemas of a choreography's payloads, from those schema libraries that can produce them (Standard JSON
// Schema).
import type { Choreography, ChoreographyJson } from "quadrille";
import { eventNames } from "quadrille/draw";
import { jsonSchemaOf, usesOf } from "quadrille/tooling";

/** JSON Schemas by name, as an AsyncAPI document takes them. */
export interface PayloadSchemas {
  readonly payloads: Readonly<Record<string, unknown>>;
  readonly commands: Readonly<Record<string, unknown>>;
}

/** A choreography of the system, and its value where a module exports it. */
interface Part {
  readonly json: ChoreographyJson;
  readonly value: Choreography | undefined;
}

/**
 * Those of a system. An event or a command without a schema, or whose library cannot convert it, is left out.
 */
export function payloadSchemas(system: readonly Part[]): PayloadSchemas {
  const nameOf = eventNames(system.map(({ json }) => json));
  const described = system.flatMap(({ json, value }) =>
    (value?.participants ?? []).flatMap(usesOf).flatMap(({ trigger }) => {
      if (trigger.kind !== "event" && trigger.kind !== "command") return [];
      const { kind, name, schema } = trigger;
      const document =
        schema === undefined ? undefined : jsonSchemaOf(schema, kind === "event" ? "output" : "input");
      const called = kind === "event" ? nameOf(json, name) : name;
      return document === undefined ? [] : [{ kind, called, document }];
    }),
  );
  const byName = (wanted: "event" | "command"): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      described.filter(({ kind }) => kind === wanted).map(({ called, document }) => [called, document]),
    );
  return { payloads: byName("event"), commands: byName("command") };
}
