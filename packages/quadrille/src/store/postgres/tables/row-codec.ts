// Between records and the columns that hold them. Rows were written by us and checked against the manifest when the
// store was opened, so their types are given back on trust; absent columns are null in SQL and undefined here.
import type {
  AnswerRecord,
  CarriedRow,
  EntityRecord,
  GenerationRecord,
  JournalRecord,
  OriginRecord,
  ParkedHead,
  ParkedReason,
  ParkedRecord,
  Reaction,
  SubscriptionRecord,
} from "../../records.ts";
import type { SqlRow } from "../client/sql-client.ts";

/** Columns of the entity table, in the order in which they are selected. */
export const entityColumns =
  "key, saga_id, lane, state, facts, data, version, since, began_at, entered_at, activity, deadline, due, data_version";

/** Columns of the journal that a consumer needs. */
export const carriedColumns = "lane, position, saga_id, key, emitted, time, trace";

/** Columns of the journal that recognise a reaction. */
export const reactionColumns =
  "lane, position, saga_id, key, time, cause_source, cause_lane, cause_position, kind, trigger, from_state, outcome, to_state";

/** All columns of the journal. */
export const journalColumns: string = `${reactionColumns}, emitted, trace`;

/** All columns of the parked table. */
export const parkedColumns =
  "id, lane, key, saga_id, ordinal, kind, trigger, data, cause_source, cause_lane, cause_position, reason, attempts, next_at, version, error, parked_at, trace, note, data_version";

/** Columns of the parked table without payload and error. */
export const parkedHeadColumns =
  "id, lane, key, saga_id, ordinal, kind, trigger, bytes, cause_source, cause_lane, cause_position, reason, attempts, next_at, version, parked_at, trace, data_version";

/** All columns of the answer table. */
export const answerColumns = "idempotency_key, command, saga_id, key, state, outcome, time, digest";

/** All columns of the origin table. */
export const originColumns = "saga_id, event, source, lane, position, from_choreography, from_saga_id";

/** An entity from its row. */
export function entityFromRow(row: SqlRow): EntityRecord {
  const name = optionalText(row["deadline"]);
  return {
    key: row["key"] as string,
    sagaId: row["saga_id"] as string,
    lane: row["lane"] as number,
    state: row["state"] as string,
    facts: fromJson(row["facts"]) as EntityRecord["facts"],
    data: fromJson(row["data"]),
    version: row["version"] as number,
    since: row["since"] as number,
    beganAt: row["began_at"] as number,
    enteredAt: row["entered_at"] as number,
    activity: optionalText(row["activity"]),
    deadline: name === undefined ? undefined : { name, at: row["due"] as number },
    ...versionFromRow(row),
  };
}

/** What is carried to a consumer, from a journal row. */
export function carriedFromRow(row: SqlRow): CarriedRow {
  return {
    lane: row["lane"] as number,
    position: row["position"] as number,
    sagaId: row["saga_id"] as string,
    key: row["key"] as string,
    emitted: fromJson(row["emitted"]) as CarriedRow["emitted"],
    time: row["time"] as number,
    trace: optionalText(row["trace"]),
  };
}

/** A whole journal row. */
export function journalFromRow(row: SqlRow): JournalRecord {
  return { ...carriedFromRow(row), ...reactionFromRow(row) };
}

/** A reaction without its payloads, from a journal row. */
export function reactionFromRow(row: SqlRow): Reaction {
  return {
    lane: row["lane"] as number,
    position: row["position"] as number,
    sagaId: row["saga_id"] as string,
    key: row["key"] as string,
    time: row["time"] as number,
    cause: causeFromRow(row),
    kind: row["kind"] as JournalRecord["kind"],
    trigger: row["trigger"] as string,
    from: row["from_state"] as string,
    outcome: row["outcome"] as string,
    to: row["to_state"] as string,
  };
}

/** A message set aside, from its row. */
export function parkedFromRow(row: SqlRow): ParkedRecord {
  return {
    ...parkedCommon(row),
    data: fromJson(row["data"]),
    error: fromJson(row["error"]) as ParkedRecord["error"],
    note: optionalText(row["note"]),
  };
}

/** A message set aside without its payload, from its row. */
export function parkedHeadFromRow(row: SqlRow): ParkedHead {
  return { ...parkedCommon(row), bytes: row["bytes"] as number };
}

function parkedCommon(row: SqlRow): Omit<ParkedHead, "bytes"> {
  return {
    id: row["id"] as string,
    lane: row["lane"] as number,
    key: row["key"] as string,
    sagaId: row["saga_id"] as string,
    ordinal: row["ordinal"] as number,
    kind: row["kind"] as ParkedRecord["kind"],
    trigger: row["trigger"] as string,
    cause: causeFromRow(row),
    reason: row["reason"] as ParkedRecord["reason"],
    attempts: row["attempts"] as number,
    nextAt: row["next_at"] === null ? undefined : (row["next_at"] as number),
    version: row["version"] as number,
    parkedAt: row["parked_at"] as number,
    trace: optionalText(row["trace"]),
    ...versionFromRow(row),
  };
}

/** Payloads by id. */
export function payloadsFromRows(rows: readonly SqlRow[]): ReadonlyMap<string, unknown> {
  return new Map(rows.map((row) => [row["id"] as string, fromJson(row["data"])]));
}

/** Numbers of parked messages, by reason. */
export function parkedCensusFromRows(rows: readonly SqlRow[]): ReadonlyMap<ParkedReason, number> {
  return new Map(rows.map((row) => [row["reason"] as ParkedReason, row["messages"] as number]));
}

/** An answer from its row. */
export function answerFromRow(row: SqlRow): AnswerRecord {
  return {
    idempotencyKey: row["idempotency_key"] as string,
    command: row["command"] as string,
    sagaId: row["saga_id"] as string,
    key: row["key"] as string,
    state: row["state"] as string,
    outcome: row["outcome"] as string,
    time: row["time"] as number,
    digest: optionalText(row["digest"]),
  };
}

/** What caused a saga, from its row. */
export function originFromRow(row: SqlRow): OriginRecord {
  return {
    sagaId: row["saga_id"] as string,
    event: row["event"] as string,
    cause: {
      source: row["source"] as string,
      lane: row["lane"] as number,
      position: row["position"] as number,
    },
    causedBy: { choreography: row["from_choreography"] as string, sagaId: row["from_saga_id"] as string },
  };
}

/** A lane's turn, head and generation. */
export function laneFromRow(row: SqlRow): {
  readonly turn: number;
  readonly head: number;
  readonly generation: number;
} {
  return {
    turn: row["turn"] as number,
    head: row["head"] as number,
    generation: row["generation"] as number,
  };
}

/** Subscriptions, where the rows of the inbox have them. */
export function subscriptionsFromRows(rows: readonly SqlRow[]): readonly SubscriptionRecord[] {
  return rows
    .filter((row) => row["event"] !== null)
    .map((row) => ({
      lane: row["lane"] as number,
      source: row["source"] as string,
      event: row["event"] as string,
      after: row["after"] as number,
      until: row["until"] === null ? undefined : (row["until"] as number),
      isUnknown: row["is_unknown"] as boolean,
    }));
}

/** A generation from its row. */
export function generationFromRow(row: SqlRow): GenerationRecord {
  return {
    number: row["number"] as number,
    time: row["time"] as number,
    isRun: row["is_run"] as boolean,
    choreography: row["choreography"] as string,
    participant: row["participant"] as string,
    fingerprint: row["fingerprint"] as string,
    contract: fromJson(row["contract"]) as GenerationRecord["contract"],
  };
}

/** Positions taken, by source. */
export function inboxFromRows(rows: readonly SqlRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [row["source"] as string, row["position"] as number]));
}

/** Numbers of entities, by state. */
export function censusFromRows(rows: readonly SqlRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [row["state"] as string, row["entities"] as number]));
}

/** The state in which each saga's last reaction left its entity, by saga. */
export function lastStatesFromRows(rows: readonly SqlRow[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [row["saga_id"] as string, row["to_state"] as string]));
}

function causeFromRow(row: SqlRow): JournalRecord["cause"] {
  return {
    source: row["cause_source"] as string,
    lane: row["cause_lane"] as number,
    position: row["cause_position"] as number,
  };
}

/** Null is version 1, and absent. */
function versionFromRow(row: SqlRow): { readonly dataVersion?: number } {
  const version = row["data_version"];
  return version === null ? {} : { dataVersion: version as number };
}

function optionalText(value: unknown): string | undefined {
  return value === null ? undefined : (value as string);
}

/** The driver hands out `json` as text here, so that SQL's null and JSON's null stay apart. */
function fromJson(value: unknown): unknown {
  return value === null ? undefined : JSON.parse(value as string);
}
