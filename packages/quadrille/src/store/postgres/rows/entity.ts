// The table of entities.
import type { EntityRecord } from "../../records.ts";
import type { SqlRow } from "../client/sql-client.ts";
import { columnNames, type SqlTable, table } from "./table.ts";
import { fromJson, optionalText, versionFromRow } from "./values.ts";

export const entityTable: SqlTable<EntityRecord> = table(
  "entity",
  {
    lane: ["integer", ({ lane }) => lane],
    key: ["text", ({ key }) => key],
    saga_id: ["text", ({ sagaId }) => sagaId, "key"],
    state: ["text", ({ state }) => state],
    facts: ["json?", ({ facts }) => facts],
    fact_versions: ["json?", ({ factVersions }) => factVersions],
    data: ["json?", ({ data }) => data],
    data_version: ["integer?", ({ dataVersion }) => dataVersion],
    version: ["integer", ({ version }) => version],
    since: ["integer", ({ since }) => since, "version"],
    began_at: ["bigint", ({ beganAt }) => beganAt, "entered_at"],
    entered_at: ["bigint", ({ enteredAt }) => enteredAt],
    activity: ["text?", ({ activity }) => activity],
    deadline: ["text?", ({ deadline }) => deadline?.name],
    due: ["bigint?", ({ deadline }) => deadline?.at],
  },
  { indexes: ["entity_pkey", "entity_saga_id", "entity_began_at", "entity_due", "entity_activity"] },
);

/** Its select list. */
export const entityColumns: string = columnNames(entityTable);

export function entityFromRow(row: SqlRow): EntityRecord {
  const name = optionalText(row["deadline"]);
  const factVersions = fromJson(row["fact_versions"]) as EntityRecord["factVersions"];
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
    ...(factVersions === undefined ? undefined : { factVersions }),
  };
}

/** Numbers of entities, by state. */
export function censusFromRows(rows: readonly SqlRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [row["state"] as string, row["entities"] as number]));
}
