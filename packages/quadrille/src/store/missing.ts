// The error of every store that is opened for inspection before its tables were made.
import { QuadrilleError } from "../errors.ts";

/** The error of a participant whose tables do not exist: `Q_SCHEMA_MISSING`. */
export function tablesMissing(participant: string, label: string): QuadrilleError {
  return new QuadrilleError(
    "Q_SCHEMA_MISSING",
    `There are no tables of ${participant} in ${label}. Start the program that makes them, or name the database that it uses.`,
  );
}
