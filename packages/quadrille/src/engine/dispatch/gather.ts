// Gathers everything pending for one lane, up to the limit. If the batch is withdrawn, its rows are read
// again, and its commands and call results put back.
import { businessOf } from "../../ambient/business-clock.ts";
import type { Ambient } from "../../ambient/ambient.ts";
import type { Table } from "../../contract/table.ts";
import type { EntityRecord, ParkedHead } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import type { Activities, Returned } from "../call/activities.ts";
import { due } from "../lane/deadlines-and-calls.ts";
import type { Intake } from "../lane/intake.ts";
import type { Lane } from "../lane/lane.ts";
import type { ParkedLoader } from "../lane/parked-loader.ts";
import type { Runnable } from "../message/code.ts";
import type { Commands, Waiting } from "../message/commands.ts";
import { eventsOf, type Incoming } from "../message/incoming.ts";

/** The messages of a batch. */
export interface Gathered {
  readonly again: readonly ParkedHead[];
  readonly commands: readonly Waiting[];
  readonly returned: readonly Returned[];
  /** Entities whose deadline has come. */
  readonly due: readonly EntityRecord[];
  readonly events: readonly Incoming[];
  /** The position that each source's inbox moves to. */
  readonly inbox: ReadonlyMap<string, number>;
}

/** The number of messages; the rows of a source that hold nothing for this participant count as one. */
export function sizeOf({ again, commands, returned, due, events, inbox }: Gathered): number {
  return again.length + commands.length + returned.length + due.length + Math.max(events.length, inbox.size);
}

/** Whether there is more than rows that hold nothing for this participant. */
export function hasMessages({ again, commands, returned, due, events }: Gathered): boolean {
  return again.length + commands.length + returned.length + due.length + events.length > 0;
}

/** What a worker gathers from. */
export interface GatherParts {
  readonly code: Runnable;
  readonly store: Store;
  readonly ambient: Ambient;
  readonly commands: Commands;
  readonly activities: Activities;
  readonly loader: ParkedLoader;
}

/** How much fits into the batch, and whether it is the first time in a round. */
export interface Room {
  readonly messages: number;
  readonly bytes: number;
  /** The least number of events, so that a flood of other messages does not keep them waiting. */
  readonly eventsMin: number;
  readonly isFirst: boolean;
}

/**
 * Gathers pending messages up to the limit: parked ones that are due, deadlines, results of calls, commands,
 * events.
 */
export async function gather(parts: GatherParts, lane: Lane, room: Room): Promise<Gathered> {
  const { code, ambient, commands, activities, loader } = parts;
  const now = businessOf(ambient).now();
  for (const intake of lane.intakes) {
    if (lane.deadlineAt <= now && intake.takenUntil < lane.deadlineAt) intake.markStale();
    if (intake.wantsMore) await intake.fill(now);
  }
  // Only once a round, because the table does not show yet what the round has done.
  if (room.isFirst) loader.trim(lane);
  const most = room.messages;
  const deadlines = room.isFirst && lane.deadlineAt <= now ? await due(parts.store, lane, { now, most }) : [];
  const machineNow = ambient.clock.now();
  const again =
    room.isFirst && lane.parkedAt <= machineNow
      ? await loader.due(lane, { now: machineNow, most: most - deadlines.length })
      : [];
  const rest = most - deadlines.length - again.length;
  const returned = activities.takeReturned(rest);
  const taken = commands.take({ messages: rest - returned.length, bytes: room.bytes });
  const rows = Math.max(room.eventsMin, rest - returned.length - taken.length);
  const events = gatherEvents(code.table, lane.intakes, { rows, bytes: room.bytes });
  return { again, commands: taken, returned, due: deadlines, ...events };
}

/** The pending rows, shared fairly between the sources, as events and as the positions they reach. */
function gatherEvents(
  table: Table,
  intakes: readonly Intake[],
  room: { readonly rows: number; readonly bytes: number },
): Pick<Gathered, "events" | "inbox"> {
  const sources = Math.max(1, intakes.length);
  let left = room.rows;
  const events: Incoming[] = [];
  const inbox = new Map<string, number>();
  for (const intake of intakes) {
    if (left <= 0) break;
    const share = { rows: Math.max(1, Math.floor(room.rows / sources)), bytes: room.bytes / sources };
    for (const row of intake.take({ ...share, rows: Math.min(left, share.rows) })) {
      left -= 1;
      events.push(...eventsOf(table, intake, row));
      inbox.set(intake.source, row.position);
    }
  }
  return { events, inbox };
}

/** The entities that a batch touches, once each. */
export function keysOf(gathered: Gathered): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const { key, sagaId } of gathered.again) keys.set(key, sagaId);
  for (const { message } of gathered.commands) keys.set(message.key, message.sagaId);
  for (const { entity } of gathered.returned) keys.set(entity.key, entity.sagaId);
  for (const { key, sagaId } of gathered.due) keys.set(key, sagaId);
  for (const { key, sagaId } of gathered.events) keys.set(key, sagaId);
  return keys;
}
