// A message as the engine takes it, whatever it came from: a journal, a caller, a deadline or an activity.
import type { TriggerKind } from "../contract/json-form.ts";
import { triggerKey, type Table } from "../contract/table.ts";
import type { CarriedRow, Cause, ParkedRecord } from "../store/records.ts";

/** One message for one entity. */
export interface Incoming {
  /** Stable over redelivery and restart. */
  readonly id: string;
  readonly kind: TriggerKind;
  readonly trigger: string;
  readonly sagaId: string;
  readonly key: string;
  readonly data: unknown;
  readonly cause: Cause;
  readonly trace: string | undefined;
}

/** The events of a journal row that this participant subscribes to, in the order of their emission. */
export function eventsOf(table: Table, source: string, row: CarriedRow): readonly Incoming[] {
  const events: Incoming[] = [];
  row.emitted.forEach(({ event, data }, index) => {
    if (!table.subscriptions.has(event)) return;
    events.push({
      id: `${source}/${row.lane}/${row.position}/${index}`,
      kind: "on",
      trigger: event,
      sagaId: row.sagaId,
      key: keyFor(table, event, { sagaId: row.sagaId, data }),
      data,
      cause: { source, lane: row.lane, position: row.position },
      trace: row.trace,
    });
  });
  return events;
}

/** The key of the entity that takes the event. A `by` that throws on a broken payload leaves it to the saga's key. */
function keyFor(
  table: Table,
  event: string,
  { sagaId, data }: { readonly sagaId: string; readonly data: unknown },
): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `on` typed it by the event's payload
  const by = table.subscriptions.get(event) as ((data: unknown) => string) | undefined;
  if (by === undefined) return sagaId;
  try {
    return by(data);
  } catch {
    return sagaId;
  }
}

/** A parked message, offered again. */
export function incomingOf(parked: ParkedRecord): Incoming {
  const { id, kind, trigger, sagaId, key, data, cause, trace } = parked;
  return { id, kind, trigger, sagaId, key, data, cause, trace };
}

/** The id of an activity's call or of a deadline: the entity and the version at which the state was entered. */
export function callId(
  kind: "activity" | "deadline",
  of: { participant: string; key: string; since: number },
): string {
  return `${kind}/${of.participant}/${of.key}/${of.since}`;
}

/** The name under which the table keeps the message's rule and schema. */
export function keyOfTrigger(message: Pick<Incoming, "kind" | "trigger">): string {
  return triggerKey(message.kind, message.trigger);
}
