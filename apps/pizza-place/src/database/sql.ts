// The services' own tables, the same for PGlite and PostgreSQL.
import type { Database, Sql } from "quadrille";

export type { Sql } from "quadrille";

/** The SQL of a database. Throws where it has none: the pizza place has tables of its own. */
export function sqlOf({ sql, label }: Database): Sql {
  if (sql !== undefined) return sql;
  throw new TypeError(`${label} has no SQL, and the pizza place has tables of its own.`);
}
