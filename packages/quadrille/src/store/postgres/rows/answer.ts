// The table of first answers to commands that brought an idempotency key.
import type { AnswerRecord } from "../../records.ts";
import type { SqlRow } from "../client/sql-client.ts";
import { columnNames, type SqlTable, table } from "./table.ts";
import { optionalText } from "./values.ts";

export const answerTable: SqlTable<AnswerRecord> = table(
  "answer",
  {
    idempotency_key: ["text", ({ idempotencyKey }) => idempotencyKey],
    command: ["text", ({ command }) => command],
    saga_id: ["text", ({ sagaId }) => sagaId],
    key: ["text", ({ key }) => key],
    state: ["text", ({ state }) => state],
    outcome: ["text", ({ outcome }) => outcome],
    time: ["bigint", ({ time }) => time],
    digest: ["text?", ({ digest }) => digest],
  },
  { indexes: ["answer_pkey"] },
);

/** Its select list. */
export const answerColumns: string = columnNames(answerTable);

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
