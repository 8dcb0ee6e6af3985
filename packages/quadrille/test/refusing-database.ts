// A database that refuses rows by their content, as a real one does that cannot store a character or has a
// trigger.
import { QuadrilleError } from "../src/errors.ts";
import type { Database } from "../src/store/database.ts";
import type { Flush } from "../src/store/store.ts";

/** Refuses rounds with a flush that `isRefused`. */
export function refusingDatabase(database: Database, isRefused: (flush: Flush) => boolean): Database {
  return {
    ...database,
    flush: async (round) => {
      if (![...round.values()].flat().some(isRefused)) return database.flush(round);
      throw new QuadrilleError("Q_WRITE_REFUSED", "the database does not take it");
    },
  };
}
