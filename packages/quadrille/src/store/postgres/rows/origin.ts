// The table of what caused a saga: an event of another choreography.
import type { OriginRecord } from "../../records.ts";
import type { SqlRow } from "../client/sql-client.ts";
import { columnNames, type SqlTable, table } from "./table.ts";

export const originTable: SqlTable<OriginRecord> = table(
  "origin",
  {
    saga_id: ["text", ({ sagaId }) => sagaId],
    event: ["text", ({ event }) => event],
    source: ["text", ({ cause }) => cause.source],
    lane: ["integer", ({ cause }) => cause.lane],
    position: ["bigint", ({ cause }) => cause.position],
    from_choreography: ["text", ({ causedBy }) => causedBy.choreography],
    from_saga_id: ["text", ({ causedBy }) => causedBy.sagaId],
  },
  { indexes: ["origin_pkey", "origin_from_saga_id"] },
);

/** Its select list. */
export const originColumns: string = columnNames(originTable);

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
