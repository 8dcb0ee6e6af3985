// Secrets that nobody can guess.
import { randomBytes } from "node:crypto";

/** A new secret of 256 random bits, in characters that fit a header and a file. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
