// The services' own SQL over a participant's store, so that PGlite, which has one owner, serves both.
import type { Sql } from "./sql.ts";

/** The part of a store that runs a service's own statements in a transaction. */
export interface TransactingStore {
  transact(
    work: (scope: { readonly transaction: Sql }) => Promise<"committed" | "overtaken" | "repeated">,
  ): Promise<unknown>;
}

/** Runs each statement in a transaction of its own that has nothing to do with any saga's. */
export function storeSql(store: TransactingStore): Sql {
  return {
    query: async (text, values = []) => {
      let rows: readonly Record<string, unknown>[] = [];
      await store.transact(async ({ transaction }) => {
        ({ rows } = await transaction.query(text, values));
        return "committed";
      });
      return { rows };
    },
  };
}
