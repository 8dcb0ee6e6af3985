// Keys of what an author writes for a contract: one that is not known is refused. TypeScript sees it, but a
// module may be loaded without a look at its types, and a rule that is misspelt would not be checked.
import { QuadrilleError } from "../errors.ts";

/** Throws `Q_CONTRACT_MALFORMED` where an object has a key that is not among the known ones. */
export function assertKnownKeys(what: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== "object" || given === null) return;
  const key = Object.keys(given).find((one) => !known.includes(one));
  if (key === undefined) return;
  const sentence = `${what} has the unknown key ${JSON.stringify(key)}; known are ${known.join(", ")}.`;
  throw new QuadrilleError("Q_CONTRACT_MALFORMED", sentence);
}
