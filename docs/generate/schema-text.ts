// A payload's schema as the zod expression that an author would write, as far as the examples of the pages
// go.
import { jsonSchemaOf } from "../../packages/quadrille/src/contract/json-schema.ts";

/** The expression; `z.unknown()` for what no example has. */
export function schemaText(schema: object): string {
  return textOf(jsonSchemaOf(schema, "input"));
}

const plain: ReadonlyMap<unknown, string> = new Map([
  ["string", "z.string()"],
  ["number", "z.number()"],
  ["integer", "z.int()"],
  ["boolean", "z.boolean()"],
]);

function textOf(schema: unknown): string {
  const keywords: ReadonlyMap<string, unknown> = new Map(Object.entries(schema ?? {}));
  const type = keywords.get("type");
  if (type === "array") return `z.array(${textOf(keywords.get("items"))})`;
  const properties = keywords.get("properties");
  if (type !== "object" || !(properties instanceof Object)) return plain.get(type) ?? "z.unknown()";
  const required = keywords.get("required");
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}: ${textOf(field)}${isRequired(name) ? "" : ".optional()"}`,
  );
  return `z.object({ ${fields.join(", ")} })`;
}
