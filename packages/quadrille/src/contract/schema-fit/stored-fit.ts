// Whether what one schema has written is what another one promises its handlers. What is stored is
// validated when it is read, and given as it is: defaults and transforms are only for what enters.
import { jsonSchemaOf } from "../json-schema.ts";
import { type SchemaFit, schemaFit } from "./fit.ts";

/** Compares two schemas by Standard JSON Schema; `unknown` where a library cannot convert one of them. */
export function storedFit(writer: object | undefined, reader: object): SchemaFit {
  const written = writer === undefined ? undefined : jsonSchemaOf(writer, "output");
  const taken = jsonSchemaOf(reader, "input");
  if (written === undefined || taken === undefined)
    return { fits: "unknown", reason: "its schema library gives no JSON Schema" };
  const validated = schemaFit(written, taken);
  if (validated.fits === "no") return validated;
  const given = jsonSchemaOf(reader, "output");
  if (given === undefined)
    return { fits: "unknown", reason: "its schema library gives no JSON Schema of what it makes" };
  const typed = schemaFit(written, opened(given));
  return typed.fits === "yes" ? validated : typed;
}

type Word = readonly [word: string, value: unknown];

/**
 * A schema without the ban on further fields. A library says of what it makes that it has no others,
 * because it drops them; in what is stored they do not matter.
 */
function opened(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([word, value]): readonly Word[] => {
      switch (word) {
        case "additionalProperties":
          return value === false ? [] : [[word, opened(value)]];
        case "properties":
        case "definitions":
        case "$defs":
          return [[word, isRecord(value) ? openedEach(value) : value]];
        case "items":
        case "anyOf":
        case "allOf":
          return [[word, Array.isArray(value) ? value.map(opened) : opened(value)]];
        // Of open schemas more than one may fit.
        case "oneOf":
          return [["anyOf", Array.isArray(value) ? value.map(opened) : value]];
        default:
          return [[word, value]];
      }
    }),
  );
}

function openedEach(schemas: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, opened(schema)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
