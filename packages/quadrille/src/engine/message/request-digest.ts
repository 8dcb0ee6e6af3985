// What an idempotency key stands for: the command, the saga that the caller named, and the payload.
import { createHash } from "node:crypto";

/** A request as its caller sent it. */
export interface Request {
  readonly command: string;
  /** The saga that the caller named; absent where the command begins a new one. */
  readonly sagaId: string | undefined;
  /** The payload as its schema gave it back, or the caller's own fingerprint. */
  readonly content: unknown;
}

/** SHA-256 of the request, in base64url. The order of an object's keys does not matter. */
export function requestDigest({ command, sagaId, content }: Request): string {
  const text = JSON.stringify([command, sagaId ?? null, content ?? null], sortedKeys);
  return createHash("sha256").update(text).digest("base64url");
}

function sortedKeys(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
