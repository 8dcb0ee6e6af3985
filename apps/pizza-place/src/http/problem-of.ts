// From errors to problems: what each kind of failure is to the caller.
import { HTTPException } from "hono/http-exception";
import { type ErrorCode, isQuadrilleError, type QuadrilleError } from "quadrille";
import { fieldProblems, sentenceOf, type Target } from "./expected.ts";
import { Problem } from "./problem.ts";

/** A request that does not fit its schema. */
export function invalidRequest(issues: Parameters<typeof fieldProblems>[0], target: string): Problem {
  const where: Target = target === "json" || target === "param" || target === "query" ? target : "header";
  const errors = fieldProblems(issues, where);
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : "";
  return new Problem(422, {
    name: "invalid-request",
    title: "Invalid request",
    detail: `${sentenceOf(issues, where)}${more}.`,
    errors,
  });
}

/** A body above the limit. */
export function bodyTooLarge(bytesMax: number): Problem {
  return new Problem(413, {
    name: "body-too-large",
    title: "Body too large",
    detail: `The body has more than ${bytesMax} bytes: send a smaller order, or several.`,
  });
}

/** The problem for an error; the program's own errors are reported to the operator only. */
export function problemOf(error: Error, log: (message: string) => void): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException && error.status === 415) {
    return new Problem(415, {
      name: "unsupported-media-type",
      title: "Unsupported media type",
      detail: "The body must be JSON: send it with the header Content-Type: application/json.",
    });
  }
  if (error instanceof HTTPException && error.status === 400) {
    return new Problem(400, {
      name: "malformed-json",
      title: "Malformed JSON",
      detail: "The body cannot be read as JSON: check quotes, commas and brackets.",
    });
  }
  if (error instanceof HTTPException && error.status === 503) {
    return new Problem(503, {
      name: "no-answer",
      title: "No answer in time",
      detail:
        "The request was not answered in time and may still have its effect: send it again with the same Idempotency-Key.",
      headers: { "Retry-After": "5" },
    });
  }
  const known = isQuadrilleError(error) ? problemOfEngine(error) : undefined;
  if (known !== undefined) return known;
  log(`A request failed: ${error.stack ?? error.message}`);
  return new Problem(500, {
    name: "internal",
    title: "Internal error",
    detail: "The request failed for a reason that is not yours; the operator's log says more.",
  });
}

function problemOfEngine({ code, message, retryable }: QuadrilleError): Problem | undefined {
  // The database refuses some statements permanently, and others because it lacks resources.
  const waitSeconds = code === "Q_STORE_FAILED" && !retryable ? undefined : retryAfterSeconds[code];
  if (waitSeconds !== undefined) {
    return new Problem(503, {
      name: code === "Q_OVERLOADED" ? "overloaded" : "unavailable",
      title: "Not now",
      detail: message,
      headers: { "Retry-After": String(waitSeconds) },
    });
  }
  if (code === "Q_IDEMPOTENCY_KEY_REUSED") {
    return new Problem(422, {
      name: "key-reused",
      title: "Idempotency key used for another request",
      detail: "The Idempotency-Key stands for another request: send a new key with a new request.",
      errors: [{ parameter: "Idempotency-Key", expected: "a key that was not used for another request" }],
    });
  }
  if (code === "Q_UNKNOWN_COMMAND") {
    return new Problem(409, {
      name: "not-in-this-contract",
      title: "Not in this contract",
      detail:
        "The contract that runs here has no such step: npm start -- --contract careful has all of them.",
    });
  }
  if (code === "Q_PAYLOAD_TOO_LARGE") {
    return new Problem(413, { name: "body-too-large", title: "Body too large", detail: message });
  }
  if (code === "Q_PAYLOAD_INVALID") {
    return new Problem(422, { name: "invalid-request", title: "Invalid request", detail: message });
  }
  return undefined;
}

/** Temporary errors: when the caller may try again. */
const retryAfterSeconds: Readonly<Partial<Record<ErrorCode, number>>> = {
  Q_OVERLOADED: 1,
  Q_STOPPING: 5,
  Q_IN_DOUBT: 5,
  Q_STORE_UNREACHABLE: 5,
  Q_STORE_FAILED: 5,
};
