// Problem details for HTTP APIs (RFC 9457): what went wrong, in which field, and what was expected instead.
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** One thing that is wrong with a request. */
export const FieldProblem = z
  .object({
    pointer: z.string().optional().openapi({ description: "JSON Pointer into the body (RFC 6901)." }),
    parameter: z.string().optional().openapi({ description: "The path, query or header parameter." }),
    expected: z.string().openapi({ example: "one of S, M, L, XL, XXL" }),
  })
  .openapi("FieldProblem");
export type FieldProblem = z.infer<typeof FieldProblem>;

/** The body of every error. */
export const ProblemDetails = z
  .looseObject({
    type: z.string().openapi({ example: "urn:pizza-place:invalid-request" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(FieldProblem).optional(),
  })
  .openapi("Problem");

/** The members of a problem besides its status. */
export interface ProblemParts {
  /** A stable name in kebab case: the last part of `type`. */
  readonly name: string;
  readonly title: string;
  /** One sentence: what, where, what to do. */
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  /** Further members, such as `state` and `heldBy`. */
  readonly more?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that cannot be served; thrown by handlers and answered by {@link problemResponse}. */
export class Problem extends Error {
  readonly status: ContentfulStatusCode;
  readonly parts: ProblemParts;

  constructor(status: ContentfulStatusCode, parts: ProblemParts) {
    super(parts.detail);
    this.name = "Problem";
    this.status = status;
    this.parts = parts;
  }
}

/** A problem as `application/problem+json`. */
export function problemResponse(c: Context, { status, parts }: Problem): Response {
  const { name, title, detail, errors, more, headers } = parts;
  const body = {
    type: `urn:pizza-place:${name}`,
    title,
    status,
    detail,
    ...(errors === undefined ? {} : { errors }),
    ...more,
  };
  return c.body(JSON.stringify(body), status, { ...headers, "content-type": "application/problem+json" });
}
