// How many lanes the participants of an engine have: by default as many as their tables were made with, and
// in new tables as many as the database suggests, if the contracts can have more than one.
import type { Choreography } from "../contract/choreography.ts";
import { isKeyed } from "../contract/table.ts";
import { QuadrilleError } from "../errors.ts";
import type { Database } from "../store/database.ts";

/**
 * The number of lanes. Throws `Q_CONTRACT_MALFORMED` where it is more than one and the contracts need one.
 */
export async function lanesOf(
  { lanes: given, database }: { readonly lanes?: number; readonly database: Database },
  choreographies: readonly Choreography[],
): Promise<number> {
  const names = choreographies.flatMap(({ participants }) => participants.map(({ name }) => name));
  const lanes = given ?? (await lanesMade(database, names));
  const [whyOne] = choreographies.flatMap((one) => whyOneLane(one) ?? []);
  if (lanes === undefined) return whyOne === undefined ? (database.lanesAtFirst ?? 1) : 1;
  if (lanes === 1 || whyOne === undefined) return lanes;
  const instead =
    given === undefined
      ? `the ${lanes} that the tables were made with. Their number is fixed: give this system a database or a \`schemaPrefix\` of its own.`
      : `${lanes}.`;
  throw new QuadrilleError("Q_CONTRACT_MALFORMED", `${whyOne}, so it runs with one lane, not ${instead}`);
}

/** The number of lanes of the first participant that has tables: those of the others have the same number. */
async function lanesMade(database: Database, names: readonly string[]): Promise<number | undefined> {
  for (const name of names) {
    const lanes = await database.lanesMade({ name });
    // A start that was killed may have made tables, and no lanes in them yet.
    if (lanes !== undefined && lanes > 0) return lanes;
  }
  return undefined;
}

/**
 * Why a choreography cannot have several lanes, if it cannot. An entity shared by sagas would be written from
 * the lanes of all of them: a decision to ignore or defer a message, which writes no entity, would not notice
 * that another lane has changed it.
 */
function whyOneLane({ participants, takes }: Choreography): string | undefined {
  const joins = takes.find(({ saga }) => saga !== undefined);
  if (joins !== undefined)
    return `${joins.event.name} from ${joins.from} names the saga that it joins, which may be in any lane`;
  const shared = participants.find(isKeyed);
  if (shared === undefined) return undefined;
  return `${shared.name} keys ${shared.entity} by something other than the saga ("by")`;
}
