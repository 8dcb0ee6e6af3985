// A database whose flushes meet every fate that a network gives them: acknowledged, lost before or after the
// commit, or given up by the caller and committed later, while the caller is asking for other things.
import { QuadrilleError } from "../src/errors.ts";
import type { Database } from "../src/store/database.ts";
import { type Fault, faultyDatabase } from "./faulty-database.ts";

/**
 * What becomes of a flush whose answer does not come: it is never written, or written after this number of
 * further requests (0: at once).
 */
export type Fate = "acknowledged" | "never" | number;

/** Decorates a database; `fateOf` is asked for each flush, counted from 1. */
export function lateDatabase(database: Database, fateOf: (nth: number) => Fate): Database {
  const late: { left: number; readonly write: () => Promise<unknown> }[] = [];
  let flushes = 0;
  const count: Fault = async ({ phase }) => {
    if (phase === "after") return;
    for (const one of late) one.left -= 1;
    const due = late.findIndex(({ left }) => left <= 0);
    if (due >= 0) await late.splice(due, 1)[0]?.write();
  };
  const counted = faultyDatabase(database, count);
  return {
    ...counted,
    flush: async (round) => {
      const fate = fateOf((flushes += 1));
      if (fate === "acknowledged") return counted.flush(round);
      if (fate === 0) await database.flush(round);
      else if (fate !== "never") late.push({ left: fate, write: () => database.flush(round) });
      throw new QuadrilleError("Q_STORE_UNREACHABLE", "the answer was lost", { retryable: true });
    },
  };
}
