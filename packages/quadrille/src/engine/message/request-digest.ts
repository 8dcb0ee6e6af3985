// What an idempotency key stands for: the command, the saga that the caller named, and the payload as it was
// sent.
import { createHash } from "node:crypto";
import { copyPlain, freezePlain, isSamePlain } from "./plain.ts";

/** A request as its caller sent it. */
export interface Request {
  readonly command: string;
  /** The saga that the caller named; absent where the command begins a new one. */
  readonly sagaId: string | undefined;
  /** The caller's own fingerprint, instead of the payload. */
  readonly fingerprint: string | undefined;
  /** The payload as it was sent. */
  readonly sent: unknown;
  /** The payload as its schema gave it back. */
  readonly parsed: unknown;
}

/** What a request is compared by with the one that has the same idempotency key. */
export interface RequestDigest {
  /** Kept with the answer. */
  readonly digest: string;
  /** What earlier versions kept, where that is not the same digest without its mark. */
  readonly parsedDigest?: string;
}

/**
 * Marks a digest of what was sent. Earlier versions kept one of what the schema made of it, without a mark.
 */
const mark = "sent:";

/**
 * The digest of a request: of what was sent, because a schema may make something else of it each time, or
 * in a later version. What is no JSON is compared by what the schema made of it.
 */
export function digestOf({ command, sagaId, fingerprint, sent, parsed }: Request): RequestDigest {
  const of = (content: unknown): string => requestDigest({ command, sagaId, content });
  if (fingerprint !== undefined) return { digest: mark + of(fingerprint) };
  if (isSamePlain(sent, parsed) || !isPlain(sent)) return { digest: mark + of(parsed) };
  return { digest: mark + of(sent), parsedDigest: of(parsed) };
}

/** Whether a request is the one of which a digest was kept. */
export function isSameRequest(
  kept: string,
  { digest, parsedDigest }: { readonly [part in keyof RequestDigest]: string | undefined },
): boolean {
  if (kept === digest) return true;
  return !kept.startsWith(mark) && (kept === parsedDigest || mark + kept === digest);
}

/** SHA-256 of a request, in base64url. The order of an object's keys does not matter. */
export function requestDigest({
  command,
  sagaId,
  content,
}: Pick<Request, "command" | "sagaId"> & { readonly content: unknown }): string {
  const text = JSON.stringify([command, sagaId ?? null, content ?? null], sortedKeys);
  return createHash("sha256").update(text).digest("base64url");
}

function isPlain(value: unknown): boolean {
  return typeof freezePlain(copyPlain(value)) === "number";
}

function sortedKeys(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
