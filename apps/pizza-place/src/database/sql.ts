// The services' own tables: what they need of a database, the same for PGlite and PostgreSQL.

/** Runs parameterised SQL: one statement a call, each in a transaction of its own. */
export interface Sql {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}
