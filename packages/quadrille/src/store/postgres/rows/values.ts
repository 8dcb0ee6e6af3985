// Values of columns as records have them. Rows were written by the engine, and the columns were checked when
// the store was opened, so their types are trusted. Absent columns are null in SQL and undefined here.
import type { Cause } from "../../records.ts";
import type { SqlRow } from "../client/sql-client.ts";

/** A text that may be null. */
export function optionalText(value: unknown): string | undefined {
  return value === null ? undefined : (value as string);
}

/** A number that may be null. */
export function optionalNumber(value: unknown): number | undefined {
  return value === null ? undefined : (value as number);
}

/** The driver hands out `json` as text here, so that SQL's null and JSON's null stay apart. */
export function fromJson(value: unknown): unknown {
  return value === null ? undefined : JSON.parse(value as string);
}

/** Where a message came from. */
export function causeFromRow(row: SqlRow): Cause {
  return {
    source: row["cause_source"] as string,
    lane: row["cause_lane"] as number,
    position: row["cause_position"] as number,
  };
}

/** The version of a payload's schema: null is version 1, and absent. */
export function versionFromRow(row: SqlRow): { readonly dataVersion?: number } {
  const version = row["data_version"];
  return version === null ? {} : { dataVersion: version as number };
}
