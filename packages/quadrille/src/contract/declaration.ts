// What events, commands, activities and participants are declared with: a name, and a schema.
import { QuadrilleError } from "../errors.ts";
import { isRecord, kindOf } from "./reading.ts";

/** Throws `Q_CONTRACT_MALFORMED` where a name is no text, or a schema is none. */
export function assertDeclaration(what: string, name: unknown, schema: unknown): void {
  if (typeof name !== "string") throw malformed(`${what}(…): a name is a text, not ${kindOf(name)}`);
  assertSchema(`${what}(${name}, …)`, schema);
}

/** Throws `Q_CONTRACT_MALFORMED` for what is no schema, such as a shape of zod. */
export function assertSchema(what: string, schema: unknown): void {
  if (schema === undefined || isSchema(schema)) return;
  throw malformed(
    `${what}: a schema is a Standard Schema, such as z.object({ … }) of zod, not ${kindOf(schema)}`,
  );
}

/** A schema may be a function: arktype's are. */
function isSchema(value: unknown): boolean {
  if (!isRecord(value) && typeof value !== "function") return false;
  const standard: unknown = Reflect.get(value, "~standard");
  return isRecord(standard) && typeof standard["validate"] === "function";
}

function malformed(sentence: string): QuadrilleError {
  return new QuadrilleError("Q_CONTRACT_MALFORMED", `${sentence}.`);
}
