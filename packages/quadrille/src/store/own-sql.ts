// SQL for a service's own tables, beside those of the engine.

/** Runs parameterised SQL, one statement a call: `sql.query("select … where id = $1", [id])`. */
export interface Sql {
  /** Rejects with the database's error, as a `QuadrilleError` where it does not answer. */
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}
