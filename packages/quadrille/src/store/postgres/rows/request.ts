// The table of commands that other processes have left for the owner of their lane.
import type { RequestRecord } from "../../records.ts";
import type { SqlRow } from "../client/sql-client.ts";
import { columnNames, type SqlTable, table } from "./table.ts";
import { fromJson } from "./values.ts";

export const requestTable: SqlTable<RequestRecord> = table(
  "request",
  {
    id: ["text", ({ id }) => id],
    lane: ["integer", ({ lane }) => lane],
    time: ["bigint", ({ time }) => time],
    content: ["json", ({ content }) => content],
  },
  {
    indexes: ["request_pkey", "request_open"],
    // The order is the database's, and the answer comes later.
    made: { number: ["bigint", "default"], answer: ["json?", "null"] },
  },
);

/** Its select list, without order and answer. */
export const requestColumns: string = columnNames(requestTable, ["number", "answer"]);

export function requestFromRow(row: SqlRow): RequestRecord {
  return {
    id: row["id"] as string,
    lane: row["lane"] as number,
    time: row["time"] as number,
    content: fromJson(row["content"]),
  };
}

/** Answers to requests, by id. */
export function requestAnswersFromRows(rows: readonly SqlRow[]): ReadonlyMap<string, object | undefined> {
  return new Map(rows.map((row) => [row["id"] as string, fromJson(row["answer"]) as object | undefined]));
}
