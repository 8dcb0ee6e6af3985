// What every store insists on before it looks at its tables: a flush that contradicts itself is a programmer's error.
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

/** Stops when the flush contradicts itself: positions with a gap, rows of another lane, a version that does not rise. */
export function assertFlush(flush: Flush): void {
  const first = flush.head - flush.journal.length + 1;
  flush.journal.forEach((row, index) => {
    invariant(
      row.lane === flush.lane,
      `a journal row of lane ${row.lane} is in a flush of lane ${flush.lane}`,
    );
    invariant(
      row.position === first + index,
      `journal position ${row.position} stands where ${first + index} must be; positions rise by one up to ${flush.head}`,
    );
  });
  for (const { key, lane } of flush.created) {
    invariant(lane === flush.lane, `entity ${key} of lane ${lane} is in a flush of lane ${flush.lane}`);
  }
  for (const { record, known } of flush.changed) {
    invariant(
      record.lane === flush.lane,
      `entity ${record.key} of lane ${record.lane} is in a flush of lane ${flush.lane}`,
    );
    invariant(record.version > known, `entity ${record.key} goes from version ${known} to ${record.version}`);
  }
  for (const { id, lane } of flush.parked) {
    invariant(
      lane === flush.lane,
      `parked message ${id} of lane ${lane} is in a flush of lane ${flush.lane}`,
    );
  }
}
