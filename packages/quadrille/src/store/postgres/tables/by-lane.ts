// The same question for many lanes at once: an engine that starts opens all its lanes, and each statement
// costs a round trip.
import type { SqlRow } from "../client/sql-client.ts";

/** Gives each lane its rows of an answer. */
export type RowsOfLane = (lane: number) => Promise<readonly SqlRow[]>;

/**
 * Asks once for all lanes that are asked for before the program goes on to something else. `ask` gives rows
 * that name their lane.
 */
export function byLane(ask: (lanes: readonly number[]) => Promise<readonly SqlRow[]>): RowsOfLane {
  let next: { readonly lanes: Set<number>; readonly rows: Promise<readonly SqlRow[]> } | undefined;
  const begin = (): NonNullable<typeof next> => {
    const lanes = new Set<number>();
    const rows = Promise.resolve().then(() => {
      next = undefined;
      return ask([...lanes]);
    });
    return { lanes, rows };
  };
  return async (lane) => {
    next ??= begin();
    next.lanes.add(lane);
    return (await next.rows).filter((row) => row["lane"] === lane);
  };
}
