// How rows are found in the tables in memory. What is given out is a copy.
import { copied, jsonBytes } from "../as-json.ts";
import { memoryLane, type MemoryTables } from "./tables.ts";
import type { EntityRecord, JournalRecord, ParkedHead, ParkedRecord } from "../records.ts";

/** Position p stands at index p - 1 after the floor: a lane's journal has no gaps. */
export function rowsAfter(
  tables: MemoryTables,
  lane: number,
  page: { readonly after: number; readonly limit: number },
): readonly JournalRecord[] {
  const { journal, floor } = memoryLane(tables, lane);
  const first = Math.max(0, page.after - floor);
  return journal.slice(first, first + page.limit);
}

/** In the order in which they were created. */
export function entityRows(tables: MemoryTables): readonly EntityRecord[] {
  return [...tables.entities.values()];
}

/** All parked messages. */
export function parkedRows(tables: MemoryTables): readonly ParkedRecord[] {
  return [...tables.parked.values()];
}

/** Those of a lane, without the discarded. */
export function parkedIn(tables: MemoryTables, lane: number): readonly ParkedRecord[] {
  return parkedRows(tables).filter((row) => row.lane === lane && row.reason !== "discarded");
}

/** The rows that exist among `keys`. */
export function found<R extends object>(
  table: ReadonlyMap<string, R>,
  keys: readonly string[],
): ReadonlyMap<string, R> {
  const rows = new Map<string, R>();
  for (const key of keys) {
    const row = table.get(key);
    if (row !== undefined) rows.set(key, copied(row));
  }
  return rows;
}

/** A parked message without what a worker does not keep of it. */
export function headOf(row: ParkedRecord): ParkedHead {
  const { data, error: _error, note: _note, ...head } = row;
  return copied({ ...head, bytes: jsonBytes(data) });
}
