// The journal: one row for each reaction.
import type { CarriedRow, JournalRecord, ReactionOfSaga, ReactionRecord } from "../../records.ts";
import type { SqlRow } from "../client/sql-client.ts";
import { columnNames, type SqlTable, table } from "./table.ts";
import { causeFromRow, fromJson, optionalText } from "./values.ts";

export const journalTable: SqlTable<JournalRecord> = table(
  "journal",
  {
    lane: ["integer", ({ lane }) => lane],
    position: ["bigint", ({ position }) => position],
    saga_id: ["text", ({ sagaId }) => sagaId],
    key: ["text", ({ key }) => key, "saga_id"],
    cause_source: ["text", ({ cause }) => cause.source],
    cause_lane: ["integer", ({ cause }) => cause.lane, "lane"],
    cause_position: ["bigint", ({ cause }) => cause.position],
    kind: ["text", ({ kind }) => kind],
    trigger: ["text", ({ trigger }) => trigger],
    from_state: ["text", ({ from }) => from],
    outcome: ["text", ({ outcome }) => outcome],
    to_state: ["text", ({ to }) => to],
    emitted: ["json", ({ emitted }) => emitted],
    time: ["bigint", ({ time }) => time],
    trace: ["text?", ({ trace }) => trace],
  },
  { indexes: ["journal_pkey", "journal_saga_id"] },
);

/** The select list of a whole row. */
export const journalColumns: string = columnNames(journalTable);

/** Those that recognise a reaction. */
export const reactionColumns: string = columnNames(journalTable, ["emitted", "trace"]);

const carried = {
  lane: "lane",
  position: "position",
  sagaId: "saga_id",
  key: "key",
  emitted: "emitted",
  time: "time",
  trace: "trace",
} as const satisfies Record<keyof CarriedRow, string>;

/** Those that a consumer needs. */
export const carriedColumns: string = Object.values(carried).join(", ");

/** A whole row. */
export function journalFromRow(row: SqlRow): JournalRecord {
  return { ...carriedFromRow(row), ...reactionFromRow(row) };
}

/** What is carried to a consumer. */
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

/** A reaction without its payloads. */
export function reactionFromRow(row: SqlRow): ReactionRecord {
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

/** A reaction without its payloads, and the events that it emitted. */
export function reactionOfSagaFromRow(row: SqlRow): ReactionOfSaga {
  return { ...reactionFromRow(row), events: (fromJson(row["events"]) ?? []) as readonly string[] };
}

/** The sagas that rows name. */
export function sagasFromRows(rows: readonly SqlRow[]): ReadonlySet<string> {
  return new Set(rows.map((row) => row["saga_id"] as string));
}

/** The state in which each saga's last reaction left its entity, by saga. */
export function lastStatesFromRows(rows: readonly SqlRow[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [row["saga_id"] as string, row["to_state"] as string]));
}
