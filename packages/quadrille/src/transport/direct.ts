// The direct transport: reads the journals of sources in the same database, or in the same process, from
// their stores.
import { invariant } from "../errors.ts";
import type { JournalReader } from "../store/store.ts";
import type { Delivery, Reading, Transport } from "./transport.ts";

/** A transport whose sources report their commits. */
export interface DirectTransport extends Transport {
  /**
   * Wakes the watchers of `source`. Call it after a commit, never before: the rows would not be visible yet.
   */
  announce(source: string): void;
}

/** Reads from `journals`, by the source's name. */
export function directTransport(journals: ReadonlyMap<string, JournalReader>): DirectTransport {
  const watchers = new Map<string, Set<() => void>>();
  return {
    read: async ({ source, lane, after, limit, bytesMax }: Reading): Promise<Delivery> => {
      const journal = journals.get(source);
      invariant(journal !== undefined, `the direct transport was given no journal of ${source}`);
      const limits = bytesMax === undefined ? limit : { rows: limit, bytes: bytesMax };
      return { rows: await journal.read(lane, after, limits), isPartial: false };
    },
    watch: (source, wake) => {
      const watching = watchers.get(source) ?? new Set();
      watchers.set(source, watching);
      // The same function may watch twice; each watch ends by itself.
      const own = (): void => wake();
      watching.add(own);
      return () => {
        watching.delete(own);
      };
    },
    announce: (source) => {
      for (const wake of watchers.get(source) ?? []) wake();
    },
  };
}
