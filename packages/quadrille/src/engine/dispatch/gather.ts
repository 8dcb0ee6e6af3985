// What a batch is made of: everything at hand for one lane, up to the limit. Should the batch come to nothing, rows are read
// again, and commands and results of calls put back.
import type { Table } from "../../contract/table.ts";
import type { EntityRecord, ParkedHead } from "../../store/records.ts";
import type { Returned } from "../call/activities.ts";
import type { Waiting } from "../message/commands.ts";
import { callId, eventsOf, type Incoming } from "../message/incoming.ts";
import type { Intake } from "../lane/intake.ts";

/** What is at hand for a batch. */
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

/** How many messages they are; rows without one for this participant count as one each source. */
export function sizeOf({ again, commands, returned, due, events, inbox }: Gathered): number {
  return again.length + commands.length + returned.length + due.length + Math.max(events.length, inbox.size);
}

/** The rows at hand, shared fairly between the sources, as events and as the positions they reach. */
export function gatherEvents(
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

/** A call's result or a deadline as a message. */
export function callMessage(
  participant: string,
  entity: EntityRecord,
  call: { readonly kind: "activity" | "deadline"; readonly trigger: string; readonly data: unknown },
): Incoming {
  const source = call.kind === "activity" ? "activity" : "deadline";
  return {
    ...call,
    id: callId(source, { participant, key: entity.key, since: entity.since }),
    sagaId: entity.sagaId,
    key: entity.key,
    cause: { source, lane: entity.lane, position: entity.since },
    trace: undefined,
    isChecked: false,
  };
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
