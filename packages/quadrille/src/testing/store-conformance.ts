// What every store promises, as cases that run against any of them: memory, PGlite, PostgreSQL, or one of your own.
// The cases know no test runner: `for (const { name, run } of storeConformance) it(name, () => run(subject))`.
import type { Database, Store } from "../store/store.ts";
import { agendaCases } from "./store-conformance-agenda.ts";
import { flushCases } from "./store-conformance-flush.ts";
import { inspectionCases } from "./store-conformance-inspection.ts";
import { orderCases } from "./store-conformance-order.ts";
import { transactCases } from "./store-conformance-transact.ts";

/** The store under test. */
export interface StoreSubject {
  readonly database: Database;
  /** A participant's name that no other case uses. */
  readonly participant: string;
  /** Whether `transact` handlers get SQL. */
  readonly sql: boolean;
  /**
   * Opens the participant: two lanes and the sources `order` and `kitchen` unless said otherwise. Opening it again
   * gives a second store over the same tables, as another process would have it.
   */
  readonly open: (options?: {
    readonly name?: string;
    readonly lanes?: number;
    readonly sources?: readonly string[];
  }) => Promise<Store>;
}

/** One promise and how it is tried. `run` rejects when the store does not keep it. */
export interface StoreCase {
  readonly name: string;
  readonly run: (subject: StoreSubject) => Promise<void>;
}

/** The subject of one case. Give each case another `participant`. */
export function storeSubject(given: Pick<StoreSubject, "database" | "participant" | "sql">): StoreSubject {
  return {
    ...given,
    open: (options = {}) =>
      given.database.open({
        name: options.name ?? given.participant,
        lanes: options.lanes ?? 2,
        sources: options.sources ?? ["order", "kitchen"],
      }),
  };
}

/** Every promise of a store. */
export const storeConformance: readonly StoreCase[] = [
  ...flushCases,
  ...orderCases,
  ...agendaCases,
  ...transactCases,
  ...inspectionCases,
];
