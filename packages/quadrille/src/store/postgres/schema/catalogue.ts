// Compares a schema as it is with the manifest: an index may have been dropped or a column changed by hand.
import { QuadrilleError } from "../../../errors.ts";
import { manifest } from "./manifest.ts";
import type { SchemaPlace } from "./migrate.ts";
import type { SqlClient } from "../client/sql-client.ts";

/**
 * Rejects with `Q_SCHEMA_DRIFTED` and all differences when something of the manifest is missing or different.
 * More than the manifest is welcome: a newer migration that breaks nothing, an operator's own index.
 */
export async function checkCatalogue(client: SqlClient, place: SchemaPlace): Promise<void> {
  const found = await readCatalogue(client, place);
  const differences = Object.entries(manifest).flatMap(([table, expected]) => [
    ...Object.entries(expected.columns).flatMap(([column, type]) => {
      const actual = found.columns.get(`${table}.${column}`);
      if (actual === undefined) return [`column ${table}.${column} is missing`];
      return actual === type
        ? []
        : [`column ${table}.${column} is ${spoken(actual)} and should be ${spoken(type)}`];
    }),
    ...expected.indexes
      .filter((index) => !found.indexes.has(index))
      .map((index) => `index ${index} is missing`),
  ]);
  if (differences.length === 0) return;
  throw new QuadrilleError(
    "Q_SCHEMA_DRIFTED",
    `The tables of ${place.participant} (schema ${place.name}) are not as the migrations made them: ` +
      `${differences.join("; ")}. Put it back as the files in quadrille's store/sql say, then start again.`,
  );
}

function spoken(type: string): string {
  return type.endsWith("!") ? `${type.slice(0, -1)} not null` : type;
}

/** A schema as the database describes it. */
export interface Catalogue {
  /** Types by `table.column`, with `!` for not null. */
  readonly columns: ReadonlyMap<string, string>;
  /** Names of the indexes that are valid. */
  readonly indexes: ReadonlySet<string>;
}

/** Reads columns and indexes of the schema's tables. */
export async function readCatalogue(client: SqlClient, { name }: SchemaPlace): Promise<Catalogue> {
  const columns = await client.query(
    {
      text: `
        select relation.relname || '.' || attribute.attname as name,
          format_type(attribute.atttypid, null) || case when attribute.attnotnull then '!' else '' end as type
        from pg_attribute as attribute
          join pg_class as relation on relation.oid = attribute.attrelid
          join pg_namespace as namespace on namespace.oid = relation.relnamespace
        where namespace.nspname = $1 and relation.relkind in ('r', 'p') and attribute.attnum > 0
          and not attribute.attisdropped`,
    },
    [name],
  );
  const indexes = await client.query(
    {
      text: `
        select relation.relname as name
        from pg_index as index
          join pg_class as relation on relation.oid = index.indexrelid
          join pg_namespace as namespace on namespace.oid = relation.relnamespace
        where namespace.nspname = $1 and index.indisvalid`,
    },
    [name],
  );
  return {
    columns: new Map(columns.map((row) => [String(row["name"]), String(row["type"])])),
    indexes: new Set(indexes.map((row) => String(row["name"]))),
  };
}
