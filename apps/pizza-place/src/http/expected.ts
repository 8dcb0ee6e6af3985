// What a schema expected, in words, from the issues that zod found.
import type { z } from "@hono/zod-openapi";
import type { FieldProblem } from "./problem.ts";

/** Where the value was: a body is pointed into, everything else is a parameter. */
export type Target = "json" | "param" | "query" | "header";

type Issue = z.core.$ZodIssue;

/** Says for each issue which field is meant and what was expected there. */
export function fieldProblems(issues: readonly Issue[], target: Target): readonly FieldProblem[] {
  return issues.flatMap((issue) => {
    const fields =
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    const expected = expectedOf(issue);
    return fields.map((path) =>
      target === "json"
        ? { pointer: pointerOf(path), expected }
        : { parameter: path.map(String).join("."), expected },
    );
  });
}

/** The first issue in a sentence: which field, and what to do about it. */
export function sentenceOf(issues: readonly Issue[], target: Target): string {
  const [first] = issues;
  const [problem] = fieldProblems(issues, target);
  if (first?.code === "unrecognized_keys") return strayField(first, target);
  const field = problem?.pointer ?? problem?.parameter ?? "";
  return `${field === "" ? "The body" : field} should be ${problem?.expected ?? "as documented"}`;
}

function strayField({ keys, path }: z.core.$ZodIssueUnrecognizedKeys, target: Target): string {
  const [key = ""] = keys;
  if (target !== "json") return `${key} is not a parameter here: leave it out`;
  const owner = path.length === 0 ? "an order" : `an order's line (${pointerOf(path)})`;
  return `${key} is not a field of ${owner}: leave it out`;
}

/** A JSON Pointer (RFC 6901); the empty one is the whole body. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function expectedOf(issue: Issue): string {
  if (issue.code === "invalid_type")
    return issue.expected === "int" ? "a whole number" : withArticle(issue.expected);
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "unrecognized_keys") return "no such field";
  if (issue.code === "too_small")
    return `at least ${issue.minimum}${unitOf(issue.origin, Number(issue.minimum))}`;
  if (issue.code === "too_big")
    return `at most ${issue.maximum}${unitOf(issue.origin, Number(issue.maximum))}`;
  return issue.message;
}

function withArticle(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unitOf(origin: string, count: number): string {
  if (origin === "string") return count === 1 ? " character" : " characters";
  if (origin === "array") return count === 1 ? " element" : " elements";
  return "";
}
