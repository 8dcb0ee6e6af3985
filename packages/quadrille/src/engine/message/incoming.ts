// A message as the engine takes it, from a journal, a caller, a deadline or an activity.
import type { TriggerKind } from "../../contract/trigger-kind.ts";
import { triggerKey, type Table } from "../../contract/table.ts";
import { QuadrilleError } from "../../errors.ts";
import type { Arrivals } from "./arrival.ts";
import type { EventFilter } from "./event-filter.ts";
import { isKeyText } from "./key-text.ts";
import { upcast, versionOf } from "../../contract/versioned.ts";
import type { CarriedRow, Cause, EmittedEvent, SagaOfChoreography } from "../../store/records.ts";

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
  /**
   * When its cause took place, in business time; it takes place then or later. Absent if that is certainly
   * past.
   */
  readonly notBefore?: number | undefined;
  readonly trace: string | undefined;
  /**
   * Whether the payload has passed its schema in this process, and is frozen since: it need not pass again
   * (W12).
   */
  readonly isChecked: boolean;
  /** A call's result that was recorded: it has passed its schema before, perhaps in another process. */
  readonly isRecorded?: boolean;
  /** An activity's call that was given up; the data are a `GivenUp`. */
  readonly isGivenUp?: boolean;
  /** The version of the schema that the payload is of; 1 when absent. */
  readonly dataVersion?: number;
  /** Of an event of another choreography, the saga that published it. */
  readonly causedBy?: SagaOfChoreography;
}

/** A journal row as it goes from participant to participant in memory. */
export interface HandedRow extends CarriedRow {
  /** Whether the payloads have passed their schemas in this process; absent where the row was read. */
  readonly isChecked?: boolean;
  /** About the bytes of the payloads; absent where the row was read. */
  readonly weight?: number;
}

/** Where a row comes from, and which of its events are taken. */
export interface EventSource {
  readonly source: string;
  readonly filter: EventFilter;
  /** Set where the source is of another choreography. */
  readonly arrivals?: Arrivals | undefined;
}

/** The events of a journal row that this participant subscribes to, in the order of their emission. */
export function eventsOf(table: Table, from: EventSource, row: HandedRow): readonly Incoming[] {
  const { source, filter, arrivals } = from;
  const events: Incoming[] = [];
  row.emitted.forEach((emitted, index) => {
    const { event } = emitted;
    if (!filter.takes(event, row.position)) return;
    const { data, dataVersion } = readable(table, emitted);
    const { lane, position } = row;
    const id = `${source}/${lane}/${position}/${index}`;
    const sagaId = arrivals === undefined ? row.sagaId : arrivals.sagaOf(event, { ...row, id }, data);
    const message: Incoming = {
      id,
      kind: "event",
      trigger: event,
      sagaId,
      key: keyFor(table, event, { sagaId, data }),
      data,
      cause: { source, lane, position },
      notBefore: row.time,
      trace: row.trace,
      isChecked: row.isChecked === true && (arrivals === undefined || arrivals.hasSameSchema(event)),
    };
    const version = dataVersion === undefined ? undefined : { dataVersion };
    const origin = arrivals === undefined ? undefined : { causedBy: arrivals.causedBy(row.sagaId) };
    // Most messages have neither, and are not copied.
    events.push(
      version === undefined && origin === undefined ? message : { ...message, ...version, ...origin },
    );
  });
  return events;
}

/** The payload in the present version, so that its key can be taken. If that fails, deciding reports why. */
function readable(
  table: Table,
  { event, data, version }: EmittedEvent,
): { readonly data: unknown; readonly dataVersion?: number } {
  const schema = table.schemas.get(triggerKey("event", event));
  const stored = version === undefined ? { data } : { data, dataVersion: version };
  if ((version ?? 1) === versionOf(schema)) return stored;
  try {
    return { data: upcast(schema, { what: event, data, version }), dataVersion: versionOf(schema) };
  } catch {
    return stored;
  }
}

/**
 * The key of the entity that takes the event. Where `by` fails on a broken payload, `keyIn` says so later.
 */
function keyFor(
  table: Table,
  event: string,
  { sagaId, data }: { readonly sagaId: string; readonly data: unknown },
): string {
  const by = keyFunction(table, "event", event);
  if (by === undefined) return sagaId;
  try {
    const key = by(data);
    return typeof key === "string" && isKeyText(key) ? key : sagaId;
  } catch {
    return sagaId;
  }
}

function keyFunction(
  table: Table,
  kind: TriggerKind,
  trigger: string,
): ((data: unknown) => unknown) | undefined {
  // Deadlines and activities are the entity's own: they bring no key.
  if (kind === "deadline" || kind === "activity") return undefined;
  const byName = kind === "event" ? table.subscriptions : table.commands;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `on` typed it by the trigger's payload
  return byName.get(trigger) as ((data: unknown) => unknown) | undefined;
}

/**
 * The key that `by` takes from a checked payload; undefined where the entity is keyed by the saga. Throws
 * `Q_PAYLOAD_INVALID` when that is no fit key.
 */
export function keyIn(
  table: Table,
  { trigger, kind, data }: Pick<Incoming, "trigger" | "kind" | "data">,
): string | undefined {
  const by = keyFunction(table, kind, trigger);
  if (by === undefined) return undefined;
  const key = by(data);
  if (typeof key === "string" && isKeyText(key)) return key;
  throw new QuadrilleError(
    "Q_PAYLOAD_INVALID",
    `${trigger}: its payload gives ${table.entity} no key of 1 to 200 characters.`,
  );
}

/** The name under which the table keeps the message's rule and schema. */
export function keyOfTrigger(message: Pick<Incoming, "kind" | "trigger">): string {
  return triggerKey(message.kind, message.trigger);
}
