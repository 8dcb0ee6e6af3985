// The table of parked messages.
import type { ParkedHead, ParkedReason, ParkedRecord } from "../../records.ts";
import type { SqlRow } from "../client/sql-client.ts";
import { columnNames, type SqlTable, table } from "./table.ts";
import { causeFromRow, fromJson, optionalNumber, optionalText, versionFromRow } from "./values.ts";

export const parkedTable: SqlTable<ParkedRecord> = table(
  "parked",
  {
    lane: ["integer", ({ lane }) => lane],
    id: ["text", ({ id }) => id],
    key: ["text", ({ key }) => key],
    saga_id: ["text", ({ sagaId }) => sagaId],
    ordinal: ["bigint", ({ ordinal }) => ordinal],
    kind: ["text", ({ kind }) => kind],
    trigger: ["text", ({ trigger }) => trigger],
    data: ["json?", ({ data }) => data],
    cause_source: ["text", ({ cause }) => cause.source],
    cause_lane: ["integer", ({ cause }) => cause.lane],
    cause_position: ["bigint", ({ cause }) => cause.position],
    cause_time: ["bigint?", ({ causeTime }) => causeTime],
    reason: ["text", ({ reason }) => reason],
    attempts: ["integer", ({ attempts }) => attempts],
    next_at: ["bigint?", ({ nextAt }) => nextAt],
    version: ["integer", ({ version }) => version],
    error: ["json?", ({ error }) => error],
    parked_at: ["bigint", ({ parkedAt }) => parkedAt],
    trace: ["text?", ({ trace }) => trace],
    note: ["text?", ({ note }) => note],
    data_version: ["integer?", ({ dataVersion }) => dataVersion],
  },
  {
    made: { bytes: ["integer", "coalesce(octet_length(data::text), 0)"] },
    indexes: [
      "parked_pkey",
      "parked_line",
      "parked_aside",
      "parked_ordinal",
      "parked_next_at",
      "parked_saga_id",
    ],
  },
);

/** All columns but the size of the payload. */
export const parkedColumns: string = columnNames(parkedTable, ["bytes"]);

/** Those without payload, error and note. */
export const parkedHeadColumns: string = columnNames(parkedTable, ["data", "error", "note"]);

/** A parked message. */
export function parkedFromRow(row: SqlRow): ParkedRecord {
  return {
    ...parkedCommon(row),
    data: fromJson(row["data"]),
    error: fromJson(row["error"]) as ParkedRecord["error"],
    note: optionalText(row["note"]),
  };
}

/** A parked message without its payload. */
export function parkedHeadFromRow(row: SqlRow): ParkedHead {
  return { ...parkedCommon(row), bytes: row["bytes"] as number };
}

function parkedCommon(row: SqlRow): Omit<ParkedHead, "bytes"> {
  const causeTime = optionalNumber(row["cause_time"]);
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
    nextAt: optionalNumber(row["next_at"]),
    version: row["version"] as number,
    parkedAt: row["parked_at"] as number,
    trace: optionalText(row["trace"]),
    ...versionFromRow(row),
    ...(causeTime === undefined ? {} : { causeTime }),
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

/** How many events are parked, by their names. */
export function parkedEventsFromRows(rows: readonly SqlRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [row["trigger"] as string, Number(row["events"])]));
}
