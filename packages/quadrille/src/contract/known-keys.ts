// Keys of what an author writes: one that is not known is refused. TypeScript sees it, but a module may be
// loaded without a look at its types, and what is misspelt would have no effect.
import { type ErrorCode, QuadrilleError } from "../errors.ts";
import { isRecord, kindOf } from "./reading.ts";
import { similarName } from "./similar-name.ts";

/** Throws `Q_CONTRACT_MALFORMED` where an object has a key that is not among the known ones. */
export function assertKnownKeys(what: string, given: unknown, known: readonly string[]): void {
  refuseUnknownKey(what, { given, known, code: "Q_CONTRACT_MALFORMED" });
}

/** Throws `Q_ARGUMENT_INVALID` where a function's options are no object, or have an unknown key. */
export function assertOptions(what: string, given: unknown, known: readonly string[]): void {
  if (!isRecord(given))
    throw wrongArgument(`${what} takes an object, { ${known.join(", ")} }, not ${kindOf(given)}`);
  refuseUnknownKey(what, { given, known, code: "Q_ARGUMENT_INVALID" });
}

/** The error of an argument that a function does not take. */
export function wrongArgument(sentence: string): QuadrilleError {
  return new QuadrilleError("Q_ARGUMENT_INVALID", `${sentence}.`);
}

/** A question about a misspelt name; empty where none of the known ones is like it. */
export function didYouMean(name: string, known: readonly string[]): string {
  const similar = similarName(name, known);
  return similar === undefined ? "" : ` Did you mean ${similar}?`;
}

interface GivenKeys {
  readonly given: unknown;
  readonly known: readonly string[];
  readonly code: ErrorCode;
}

function refuseUnknownKey(what: string, { given, known, code }: GivenKeys): void {
  if (typeof given !== "object" || given === null) return;
  const key = Object.keys(given).find((one) => !known.includes(one));
  if (key === undefined) return;
  const sentence = `${what} has the unknown key ${JSON.stringify(key)}; known are ${known.join(", ")}.`;
  throw new QuadrilleError(code, sentence + didYouMean(key, known));
}
