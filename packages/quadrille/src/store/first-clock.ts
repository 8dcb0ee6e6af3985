// The time of a database that lives inside a process.
import type { Clock } from "../ambient/ambient.ts";
import { localOwners } from "./local-owners.ts";
import type { Database } from "./database.ts";
import { timeClaims } from "./time-claims.ts";
import type { TimeRecord, TimeStore } from "./time-store.ts";

/**
 * Keeps to the first clock it is asked with, so that all engines on the database agree. When that clock is
 * set back, time goes on as before; when it is ahead, as after the machine has slept, time follows.
 */
export function firstClock(): Database["time"] {
  let first: Pick<Clock, "now" | "steady"> | undefined;
  let offset = 0;
  return async (own) => {
    if (first === undefined) {
      first = own;
      offset = own.now() - own.steady();
    }
    offset = Math.max(offset, first.now() - first.steady());
    return offset + first.steady();
  };
}

/** Business time in memory. */
export function memoryTime(): TimeStore {
  let kept: TimeRecord | undefined;
  return {
    read: async () => kept,
    write: async (record) => {
      if (kept === undefined || record.at >= kept.at) kept = record;
    },
    claim: timeClaims(localOwners(), "business time"),
  };
}
