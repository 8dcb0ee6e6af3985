// What every store insists on before it looks at its tables: a flush that contradicts itself is a
// programmer's error.
import { invariant } from "../errors.ts";
import type { Flush } from "./store.ts";

/** Stops when two flushes of a participant are of one lane, or one of them contradicts itself. */
export function assertFlushes(flushes: readonly Flush[]): void {
  const lanes = new Set(flushes.map(({ lane }) => lane));
  invariant(
    lanes.size === flushes.length && lanes.size > 0,
    `${flushes.length} flushes are of ${lanes.size} lanes`,
  );
  for (const flush of flushes) assertFlush(flush);
}

/**
 * Stops when the flush contradicts itself: positions with a gap, rows of another lane, a version that does
 * not rise.
 */
export function assertFlush(flush: Flush): void {
  // Looked at for each row of each flush: the sentences are made only where they are needed.
  let next = flush.head - flush.journal.length + 1;
  for (const { lane, position } of flush.journal) {
    if (lane !== flush.lane) refuseLane("a journal row", lane, flush);
    if (position !== next) refusePosition(position, next, flush);
    next += 1;
  }
  for (const { key, lane } of flush.created)
    if (lane !== flush.lane) refuseLane(`entity ${key}`, lane, flush);
  for (const { record, known } of flush.changed) {
    const { key, lane, version } = record;
    if (lane !== flush.lane) refuseLane(`entity ${key}`, lane, flush);
    if (version <= known) invariant(false, `entity ${key} goes from version ${known} to ${version}`);
  }
  for (const { id, lane } of flush.parked)
    if (lane !== flush.lane) refuseLane(`parked message ${id}`, lane, flush);
}

function refuseLane(what: string, lane: number, flush: Flush): void {
  invariant(false, `${what} of lane ${lane} is in a flush of lane ${flush.lane}`);
}

function refusePosition(position: number, expected: number, { head }: Flush): void {
  invariant(
    false,
    `journal position ${position} stands where ${expected} must be; positions rise by one up to ${head}`,
  );
}
