// The memory database with one table of a service, `taken`, as `takeStatement` changes it: with savepoints,
// and undone with the transaction. For one process.
import type { Transaction } from "../src/contract/handler.ts";
import { memoryDatabase } from "../src/store/memory/memory-database.ts";
import type { Database } from "../src/store/database.ts";
import type { Store, TransactScope } from "../src/store/store.ts";
import { faultyDatabase } from "./faulty-database.ts";

/** A database in memory, and what its table has: pieces by id. */
export interface OwnTableDatabase {
  readonly database: Database;
  readonly taken: () => ReadonlyMap<string, number>;
}

/** Makes one. */
export function ownTableDatabase(): OwnTableDatabase {
  // Its stores are plain objects.
  const memory = faultyDatabase(memoryDatabase(), async () => undefined);
  let rows: ReadonlyMap<string, number> = new Map();
  const transaction: Transaction = {
    query: async (_text, [ids, quantities] = []) => {
      let left = 1_000 - [...rows.values()].reduce((sum, one) => sum + one, 0);
      const next = new Map(rows);
      const fitting = zipped(ids, quantities).filter(([, quantity]) => (left -= quantity) >= 0);
      for (const [id, quantity] of fitting) next.set(id, (next.get(id) ?? 0) + quantity);
      rows = next;
      return { rows: fitting.map(([id]) => ({ id })) };
    },
  };
  /** Runs the work, and undoes what it did to the table where it throws or is not kept. */
  const undone = async <T>(work: () => Promise<T>, isKept: (result: T) => boolean): Promise<T> => {
    const before = rows;
    try {
      const result = await work();
      if (!isKept(result)) rows = before;
      return result;
    } catch (error) {
      rows = before;
      throw error;
    }
  };
  const scopeOf = (scope: TransactScope): TransactScope => ({
    ...scope,
    transaction,
    savepoint: (part) => undone(part, () => true),
  });
  const withTable = (store: Store): Store => ({
    ...store,
    transact: (work) =>
      undone(
        () => store.transact((scope) => work(scopeOf(scope))),
        (result) => result === "committed",
      ),
  });
  return {
    database: { ...memory, hasSql: true, open: async (opening) => withTable(await memory.open(opening)) },
    taken: () => rows,
  };
}

function zipped(ids: unknown, quantities: unknown): readonly (readonly [string, number])[] {
  if (!Array.isArray(ids) || !Array.isArray(quantities)) throw new TypeError("two lists are expected");
  return ids.map((id, index) => [String(id), Number(quantities[index])]);
}
