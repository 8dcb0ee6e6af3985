// How many lanes the participants of an engine have: by default as many as their tables were made with.
import type { Choreography } from "../contract/choreography.ts";
import { isKeyed } from "../contract/table.ts";
import { isQuadrilleError, QuadrilleError } from "../errors.ts";
import type { Database } from "../store/database.ts";

/** For new tables, where the program does not say how many. */
const lanesAtFirst = 1;

/**
 * The number of lanes. Throws `Q_CONTRACT_MALFORMED` where it is more than one and the contracts need one.
 */
export async function lanesOf(
  { lanes: given, database }: { readonly lanes?: number; readonly database: Database },
  choreographies: readonly Choreography[],
): Promise<number> {
  const names = choreographies.flatMap(({ participants }) => participants.map(({ name }) => name));
  const lanes = given ?? (await lanesMade(database, names)) ?? lanesAtFirst;
  for (const choreography of choreographies) refuseSharedLanes(choreography, lanes);
  return lanes;
}

/** The number of lanes of the first participant that has tables: those of the others have the same number. */
async function lanesMade(database: Database, names: readonly string[]): Promise<number | undefined> {
  for (const name of names) {
    try {
      return (await (await database.inspect({ name })).reading()).length;
    } catch (error) {
      // Also tables of an earlier version of the program: opening them will migrate them.
      if (!isQuadrilleError(error) || !error.code.startsWith("Q_SCHEMA_")) throw error;
    }
  }
  return undefined;
}

/**
 * An entity shared by sagas would be written from the lanes of all of them: a decision to ignore or defer a
 * message, which writes no entity, would not notice that another lane has changed it.
 */
function refuseSharedLanes({ participants, takes }: Choreography, lanes: number): void {
  if (lanes === 1) return;
  const joins = takes.find(({ saga }) => saga !== undefined);
  if (joins !== undefined) {
    throw new QuadrilleError(
      "Q_CONTRACT_MALFORMED",
      `${joins.event.name} from ${joins.from} names the saga that it joins, which may be in any lane, so it runs with one lane, not ${lanes}.`,
    );
  }
  const shared = participants.find(isKeyed);
  if (shared === undefined) return;
  throw new QuadrilleError(
    "Q_CONTRACT_MALFORMED",
    `${shared.name} keys ${shared.entity} by something other than the saga ("by"), so it runs with one lane, not ${lanes}.`,
  );
}
