// Secrets that cannot be guessed.
import { randomBytes } from "node:crypto";

/** A new secret of 256 random bits, in characters that fit a header and a file. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Eight random hexadecimal digits, to distinguish one of many. */
export function newTag(): string {
  return randomBytes(4).toString("hex");
}
