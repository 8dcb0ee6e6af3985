// Rows of a table as parameters of a statement.
import { columnText, jsonLines, valuesSql } from "../client/sql-parameters.ts";
import { columnNames, type SqlTable, typeName } from "../rows/table.ts";

/** What a statement needs that inserts rows: one parameter for each column. */
export interface RowsAsParameters {
  /** The columns' names, one after the other. */
  readonly names: string;
  /** A query with a row for each of the rows, and these columns. */
  readonly given: string;
  readonly values: readonly string[];
}

/** The rows, without the columns whose value the statement makes itself. */
export function rowsAsParameters<Row>(table: SqlTable<Row>, rows: readonly Row[]): RowsAsParameters {
  const columns = Object.entries(table.columns);
  const taken = columns.map(([name, [type]], at) => `${valuesSql(`$${at + 1}`, typeName(type))} as ${name}`);
  return {
    names: columnNames({ ...table, made: {} }),
    given: `select ${taken.join(", ")}`,
    values: columns.map(([, [type, of]]) => (typeName(type) === "json" ? jsonLines : columnText)(rows, of)),
  };
}
