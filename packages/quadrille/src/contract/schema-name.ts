// The name of a participant's tables: one rule for every store, and no two participants with one name.

/**
 * The longest name of a schema, in bytes. Names of prepared statements are up to about 20 bytes longer, and
 * PostgreSQL cuts names after 63 bytes.
 */
const schemaBytesMax = 40;

const reservedSchemas = ["public", "information_schema"];

/**
 * The schema's name for a participant: `OrderLine` is `order_line`. Different participants have different
 * names, because the rule can be reversed: `_x` stands for X, `__` for an underscore, and a name that begins
 * with a small letter begins with `_` here. So `orderLine` is `_order_line`, and `order_line` is
 * `_order__line`. All other characters stay.
 */
export function schemaName(participant: string): string {
  return participant.replaceAll(/[A-Z_]|^[a-z]/g, (sign, at: number) => {
    const isCapital = sign >= "A" && sign <= "Z";
    return at === 0 && isCapital ? sign.toLowerCase() : `_${sign.toLowerCase()}`;
  });
}

/** Why no schema can have this name; undefined if one can. */
export function schemaNameProblem(name: string): string | undefined {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > schemaBytesMax) return `has ${bytes} bytes; there is room for ${schemaBytesMax}`;
  if (bytes === 0) return "is empty";
  if (name.includes("\0") || !name.isWellFormed()) return "has a NUL or half a surrogate pair";
  if (name.startsWith("pg_")) return 'begins with "pg_", which PostgreSQL keeps for itself';
  return reservedSchemas.includes(name) ? "is a schema that PostgreSQL has already" : undefined;
}

/** Why a participant's tables cannot be named after it, as a sentence; undefined if they can. */
export function participantNameProblem(participant: string): string | undefined {
  const name = schemaName(participant);
  const problem = schemaNameProblem(name);
  return problem === undefined
    ? undefined
    : `the tables of the participant ${participant} would be in the schema "${name}", which ${problem}`;
}
