// A case of the store conformance suite, and the store it is tried on.
import type { Database } from "../store/database.ts";
import type { Flush, FlushResult, Store } from "../store/store.ts";

/** The store under test. */
export interface StoreSubject {
  readonly database: Database;
  /** A participant's name that no other case uses. */
  readonly participant: string;
  /** Whether `transact` handlers get SQL. */
  readonly sql: boolean;
  /**
   * Opens the participant: two lanes and the sources `order` and `kitchen` unless said otherwise. Opening it
   * again gives a second store over the same tables, as another process would have it.
   */
  readonly open: (options?: {
    readonly name?: string;
    readonly lanes?: number;
    readonly sources?: readonly string[];
  }) => Promise<Store>;
  /** Commits a round with this one flush of the participant, which has to be open. */
  readonly flush: (flush: Flush) => Promise<FlushResult>;
}

/** One promise and how it is tried. `run` rejects when the store does not keep it. */
export interface StoreCase {
  readonly name: string;
  readonly run: (subject: StoreSubject) => Promise<void>;
}
