// The orders in which memory gives rows, as SQL does.
import type { EntityRecord, ParkedRecord } from "../records.ts";
import type { EntityPlace } from "../store.ts";

/** When a message is offered again; never if that does not depend on time. */
export function nextAtOf({ nextAt }: ParkedRecord): number {
  return nextAt ?? Number.POSITIVE_INFINITY;
}

/** When its deadline is due; never if it has none. */
export function deadlineOf(entity: EntityRecord): number {
  return entity.deadline?.at ?? Number.POSITIVE_INFINITY;
}

/**
 * Whether the entity's deadline is parked, or waits for a message that was there before it and is tried
 * again: what its call came back with, or one in its key's line while that line goes on.
 */
export function isDeadlineHeld(entity: EntityRecord, parked: readonly ParkedRecord[]): boolean {
  const wasThere = ({ causeTime = 0 }: ParkedRecord): boolean => causeTime <= deadlineOf(entity);
  const isOffered = ({ nextAt }: ParkedRecord): boolean => nextAt !== undefined;
  const isResult = ({ cause, data }: ParkedRecord): boolean =>
    cause.source === "activity" && data !== undefined;
  const line = parked.filter(isInLine);
  return (
    parked.some(({ cause }) => cause.source === "deadline" && cause.position === entity.since) ||
    parked.some((row) => isResult(row) && isOffered(row) && wasThere(row)) ||
    (line.some(wasThere) && line.some(isOffered))
  );
}

/** Whether it keeps the order of its key. */
export function isInLine({ cause, reason }: Pick<ParkedRecord, "cause" | "reason">): boolean {
  return !["activity", "deadline"].includes(cause.source) && reason !== "deferred";
}

/** The newest first. */
export function byTime(a: EntityPlace, b: EntityPlace): number {
  return b.beganAt - a.beganAt || compare(b.sagaId, a.sagaId);
}

/** Texts by their UTF-16 code units. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
