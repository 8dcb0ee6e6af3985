// Payloads against their schemas: on emit and on take.
import type { Schema } from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import { freezePlain } from "./plain.ts";

/** A payload and what it is, for messages. */
export interface Payload {
  /** `OrderCreated`, `createOrder`, or `data of Order`. */
  readonly what: string;
  readonly data: unknown;
  readonly bytesMax: number;
}

/**
 * The payload as its schema gives it back, frozen. Throws `Q_PAYLOAD_INVALID` naming each field and what was expected,
 * or `Q_PAYLOAD_TOO_LARGE`.
 */
export function checkPayload(
  schema: Schema<unknown> | undefined,
  { what, data, bytesMax }: Payload,
): unknown {
  const value = schema === undefined ? data : validate(schema, what, data);
  const size = freezePlain(value);
  if (typeof size !== "number") {
    throw new QuadrilleError(
      "Q_PAYLOAD_INVALID",
      `${what}: ${size.path === "" ? "the payload" : size.path}: ${size.problem}.`,
    );
  }
  // The estimate is at most three times too high; only then is it worth the exact count.
  if (size > bytesMax && Buffer.byteLength(JSON.stringify(value)) > bytesMax) {
    throw new QuadrilleError(
      "Q_PAYLOAD_TOO_LARGE",
      `${what} is larger than ${bytesMax} bytes; pass a reference instead.`,
    );
  }
  return value;
}

function validate(schema: Schema<unknown>, what: string, data: unknown): unknown {
  const result = schema["~standard"].validate(data);
  if (result instanceof Promise) {
    throw new QuadrilleError(
      "Q_PAYLOAD_INVALID",
      `${what}: its schema is asynchronous; schemas of a contract must not be.`,
    );
  }
  if (result.issues !== undefined) {
    const issues = result.issues.map((issue) => `${pathOf(issue.path)}${issue.message}`);
    throw new QuadrilleError("Q_PAYLOAD_INVALID", `${what}: ${issues.join("; ")}.`, { cause: result.issues });
  }
  return result.value;
}

function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): string {
  if (path === undefined || path.length === 0) return "";
  return `${path.map((part) => String(typeof part === "object" ? part.key : part)).join(".")}: `;
}
