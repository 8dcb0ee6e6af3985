// A table's columns, declared once: the statement that inserts, the select lists and the manifest are made
// from them.

/** The type of a column; with `?` it may be null. */
export type ColumnType =
  | "text"
  | "text?"
  | "integer"
  | "integer?"
  | "bigint"
  | "bigint?"
  | "json"
  | "json?"
  | "jsonb"
  | "boolean";

/**
 * A column: its type, and how a record gives its value. `usually` names the column of the same row that
 * mostly has the same value: it is sent only where it has another one. Neither of the two is ever null.
 */
export type Column<Row> = readonly [type: ColumnType, of: (row: Row) => unknown, usually?: string];

/** A table, its columns in the order in which statements name them, and its indexes by name. */
export interface SqlTable<Row = never> {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column<Row>>>;
  /** Columns whose value the statement makes itself, by SQL over the others. */
  readonly made: Readonly<Record<string, readonly [type: ColumnType, sql: string]>>;
  readonly indexes: readonly string[];
}

/** A table whose rows are written from records. */
export function table<Row>(
  name: string,
  columns: SqlTable<Row>["columns"],
  { indexes, made = {} }: { readonly indexes: readonly string[]; readonly made?: SqlTable["made"] },
): SqlTable<Row> {
  return { name, columns, made, indexes };
}

/** The names of a table's columns, for a select list; `without` some of them. */
export function columnNames<Row>({ columns, made }: SqlTable<Row>, without: readonly string[] = []): string {
  return Object.keys({ ...columns, ...made })
    .filter((name) => !without.includes(name))
    .join(", ");
}

/** The type as PostgreSQL names it. */
export function typeName(type: ColumnType): string {
  return type.replace("?", "");
}

/**
 * A table as the catalogue describes it: columns with their types, `!` for not null, and the names of its
 * indexes.
 */
export interface TableManifest {
  readonly columns: Readonly<Record<string, string>>;
  readonly indexes: readonly string[];
}

/** What the catalogue has to say of a table. */
export function manifestOf<Row>({ columns, made, indexes }: SqlTable<Row>): TableManifest {
  const types = Object.entries({ ...columns, ...made }).map(([name, [type]]) => {
    return [name, type.endsWith("?") ? typeName(type) : `${type}!`] as const;
  });
  return { columns: Object.fromEntries(types), indexes };
}
