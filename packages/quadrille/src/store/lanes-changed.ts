// The error of every store that is opened with another number of lanes than its tables were made with.
import { QuadrilleError } from "../errors.ts";

/** The error of a participant with `made` lanes that is opened with `wanted`: `Q_LANES_CHANGED`. */
export function lanesChanged(participant: string, made: number, wanted: number): QuadrilleError {
  const lanes = made === 1 ? "1 lane" : `${made} lanes`;
  return new QuadrilleError(
    "Q_LANES_CHANGED",
    `The tables of ${participant} were made for ${lanes}, and it is started with ${wanted}. Start it with ${made}: ` +
      "all participants of an engine have the same number.",
  );
}
