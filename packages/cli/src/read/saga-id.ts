// A saga's id on the command line: whole, or the beginning of one id only, as git takes commits.
import type { Operations } from "quadrille/operations";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";

/** Fewer characters name nothing: most ids begin alike. */
const charactersMin = 4;
/** Ids that a sentence lists. */
const listedMax = 10;

/**
 * The id that is meant: an id that is there as it is given, or else the only one that begins so. Rejects with
 * a {@link UserError} that says what to give where there is none, or several.
 */
export async function sagaIdOf(operations: Pick<Operations, "sagaIds">, given: string): Promise<string> {
  const ids = await operations.sagaIds(given, listedMax + 1);
  const [first] = ids;
  if (first === given) return first;
  const notFound: ExitCode = exitCodes.findings;
  if (Array.from(given).length < charactersMin) {
    throw new UserError(
      `No participant knows the saga ${given}: give at least ${charactersMin} characters of an id, or all of them.`,
      notFound,
    );
  }
  if (first === undefined) {
    throw new UserError(
      `No participant knows the saga ${given}: quadrille sagas lists those that there are.`,
      notFound,
    );
  }
  if (ids.length === 1) return first;
  const listed = ids.slice(0, listedMax).join(", ");
  const [count, more] = ids.length > listedMax ? [`More than ${listedMax}`, ", …"] : [String(ids.length), ""];
  throw new UserError(`${count} sagas begin with ${given}: ${listed}${more}. Give more of the id.`, notFound);
}
