// The schema of a participant in a database, for every store alike.
import { schemaName, schemaNameProblem } from "../contract/schema-name.ts";
import { QuadrilleError } from "../errors.ts";

/**
 * The schema's name, with the prefix of the database before it. Throws `Q_NAME_REFUSED` where no schema can
 * have it.
 */
export function schemaNameOf(participant: string, prefix: string): string {
  const name = `${prefix}${schemaName(participant)}`;
  const problem = schemaNameProblem(name);
  if (problem === undefined) return name;
  throw new QuadrilleError(
    "Q_NAME_REFUSED",
    `The tables of ${participant} would be in the schema "${name}", which ${problem}. Rename the participant or change \`schemaPrefix\`.`,
  );
}
