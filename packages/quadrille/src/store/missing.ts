// What every store says when it is opened to be looked at and nothing was ever made there.
import { QuadrilleError } from "../errors.ts";

/** The error of a participant whose tables do not exist: `Q_SCHEMA_MISSING`. */
export function tablesMissing(participant: string, label: string): QuadrilleError {
  return new QuadrilleError(
    "Q_SCHEMA_MISSING",
    `There are no tables of ${participant} in ${label}. Start the program that makes them, or name the database that it uses.`,
  );
}
