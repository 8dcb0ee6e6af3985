// docs/data.md is read from the SQL files as text. Here it is compared with what PostgreSQL has made of them:
// the same tables, columns, types and indexes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { orderLife } from "../apps/pizza-place/src/choreography.ts";
import { startSystem } from "../apps/pizza-place/src/composition/system.ts";
import { systemAmbient } from "../packages/quadrille/src/ambient/system.ts";
import { schemaName } from "../packages/quadrille/src/contract/schema-name.ts";
import { postgresDatabase } from "../packages/quadrille/src/store/postgres/postgres-database.ts";
import { type FreshDatabase, freshDatabase } from "./postgres.ts";

/** Each has the tables that the page shows without a schema. */
const participants = orderLife.participants.map(({ name }) => schemaName(name)).toSorted();

const page = readFileSync(join(import.meta.dirname, "../docs/data.md"), "utf8");
let fresh: FreshDatabase;
let client: Client;

beforeAll(async () => {
  fresh = await freshDatabase();
  await using database = await postgresDatabase({ url: fresh.url });
  const ambient = systemAmbient(() => undefined);
  const { engine } = await startSystem({ database, seed: 1, ambient, time: { of: "orders" } });
  await engine.drain();
  client = new Client({ connectionString: fresh.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await fresh.drop();
});

/** What the page says of each table, by its heading with a schema. */
function described(lineOf: (line: string) => string | undefined): readonly string[] {
  return page
    .split(/^### /m)
    .slice(1)
    .flatMap((section) => {
      const [heading = "", ...lines] = section.split("\n");
      const tables = heading.includes(".") ? [heading] : participants.map((name) => `${name}.${heading}`);
      return tables.flatMap((table) =>
        lines.flatMap((line) => {
          const found = lineOf(line);
          return found === undefined ? [] : [`${table} ${found}`];
        }),
      );
    })
    .toSorted();
}

async function catalogue(text: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ line: string }>(text);
  return rows.map(({ line }) => line).toSorted();
}

/** Those that the system has made; the page says in a sentence that there is a table `service_migration`. */
const made = `nspname !~ '^pg_' and nspname not in ('information_schema', 'public') and t.relname <> 'service_migration'`;

describe("the page of the data", () => {
  it("has every column with its type, and no other", async () => {
    const columns = await catalogue(
      `select nspname || '.' || t.relname || ' ' || attname || ' '
         || replace(format_type(atttypid, atttypmod), 'timestamp with time zone', 'timestamptz')
         || case when attnotnull then '' else ' or null' end as line
       from pg_attribute join pg_class t on t.oid = attrelid join pg_namespace n on n.oid = t.relnamespace
       where t.relkind in ('r', 'p') and attnum > 0 and not attisdropped and ${made}`,
    );
    expect(columns.length).toBeGreaterThan(300);
    const found = described((line) => {
      const [, name, type = "", empty = ""] = /^\| `(\w+)` \| ([^|]*) \| (yes)? ?\|/.exec(line) ?? [];
      const [plain = ""] = type.split(", `");
      return name === undefined ? undefined : `${name} ${plain}${empty === "yes" ? " or null" : ""}`;
    });
    expect(found).toEqual(columns);
  });

  it("has every index, and no other", async () => {
    const indexes = await catalogue(
      `select nspname || '.' || t.relname || ' ' || i.relname as line
       from pg_index join pg_class i on i.oid = indexrelid join pg_class t on t.oid = indrelid
         join pg_namespace n on n.oid = t.relnamespace
       where ${made} and not exists (select from pg_constraint where conindid = indexrelid)`,
    );
    expect(indexes.length).toBeGreaterThan(20);
    expect(described((line) => /^- `([a-z_]+)` `/.exec(line)?.[1])).toEqual(indexes);
  });

  it("names the table in which services remember their SQL files", () => {
    expect(page).toContain("`service_migration`");
  });
});
