// Turns unknown JSON into a document, or into one sentence that says what is wrong, where, and what would be
// right.
import type { z } from "zod";
import { DeskError } from "../desk-error.ts";
import { isValues, valueAt } from "./values.ts";

type Issue = z.core.$ZodIssue;

/** Parses a JSON text. `where` names the file in the error. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeskError("D_INVALID", `${where} is not JSON: ${reason}.`, { cause: error });
  }
}

/** Checks a value against a schema; throws `D_INVALID` with one sentence for the first three problems. */
export function parseAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = problemsOf(result.error, value).map(
    ([place, says]) => `${place || "the document"} ${says}`,
  );
  const shown = problems.slice(0, 3).join("; ");
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : "";
  throw new DeskError("D_INVALID", `${where}: ${shown}${more}.`);
}

/** Checks that a document names the schema it should have, before its fields are looked at. */
export function expectSchema(value: unknown, schema: string, where: string): void {
  const named = isValues(value) ? value["schema"] : undefined;
  if (named === schema) return;
  const found = named === undefined ? "names no schema" : `has the schema ${JSON.stringify(named)}`;
  throw new DeskError("D_INVALID", `${where} ${found}; "schema": "${schema}" is expected here.`);
}

/** A place in a document as JSON Pointer (RFC 6901). */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The problems of a value that does not fit, each with its place (JSON Pointer) and what would be right. */
export function problemsOf(
  error: z.ZodError,
  value: unknown,
): readonly (readonly [place: string, says: string])[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map(
        (key) => [pointer([...issue.path, key]), "is not a field of this schema"] as const,
      );
    }
    const found = valueAt(value, issue.path);
    const place = pointer(issue.path);
    if (found === undefined) return [[place, "is missing"] as const];
    return [
      [place, found === "" ? expectation(issue) : `${expectation(issue)}, not ${short(found)}`] as const,
    ];
  });
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return `must be${sizeOf(issue.origin)} ${String(issue.minimum)} or more`;
    case "too_big":
      return `must be${sizeOf(issue.origin)} ${String(issue.maximum)} or less`;
    case "invalid_type":
      return `must be ${article(issue.expected)}`;
    case "invalid_format":
    case "custom":
      return issue.message;
    case "not_multiple_of":
    case "unrecognized_keys":
    case "invalid_union":
    case "invalid_key":
    case "invalid_element":
      return "does not fit the schema";
  }
}

function sizeOf(origin: string): string {
  if (origin === "string") return " of length";
  return origin === "array" ? " of size" : "";
}

function article(type: string): string {
  if (type === "int") return "a whole number";
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
