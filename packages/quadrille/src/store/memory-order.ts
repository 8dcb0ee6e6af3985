// The orders in which memory gives rows, as SQL does.
import type { EntityRecord, ParkedRecord } from "./records.ts";
import type { EntityPlace } from "./store.ts";

/** When a message is offered again; never if that does not depend on time. */
export function nextAtOf({ nextAt }: ParkedRecord): number {
  return nextAt ?? Number.POSITIVE_INFINITY;
}

/** When its deadline is due; never if it has none. */
export function deadlineOf(entity: EntityRecord): number {
  return entity.deadline?.at ?? Number.POSITIVE_INFINITY;
}

/** The newest first. */
export function byTime(a: EntityPlace, b: EntityPlace): number {
  return b.beganAt - a.beganAt || compare(b.sagaId, a.sagaId);
}

/** Texts by their UTF-16 code units. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
