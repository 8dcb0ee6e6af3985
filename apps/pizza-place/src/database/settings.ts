// What was chosen when the tables were filled, so that a restart goes on with the same.
import { z } from "zod";
import type { Migrations } from "./migrate.ts";
import type { Sql } from "./sql.ts";

export const settingMigrations: Migrations = {
  schema: "pizza_place",
  folder: new URL("sql/", import.meta.url),
};

const SeedRow = z.object({ value: z.coerce.number<string>().int() });

/** The seed with which the tables were filled, `undefined` while they are not. */
export async function readSeed(sql: Sql): Promise<number | undefined> {
  const { rows } = await sql.query("select value from pizza_place.setting where name = 'seed'");
  return rows.length === 0 ? undefined : SeedRow.parse(rows[0]).value;
}

/** Stores the seed, which also marks the tables as filled; the first one stays. */
export async function writeSeed(sql: Sql, seed: number): Promise<void> {
  await sql.query(
    "insert into pizza_place.setting (name, value) values ('seed', $1) on conflict (name) do nothing",
    [String(seed)],
  );
}

/** What is noted besides the seed: the contract that ran here last, and whose time the data go by. */
type Noted = "contract" | "time";

/** What is noted; `undefined` where nothing is, also before there are any tables. */
export async function readNoted(sql: Sql, name: Noted): Promise<string | undefined> {
  const { rows } = await sql.query("select to_regclass('pizza_place.setting') is not null as is_there");
  if (rows[0]?.["is_there"] !== true) return undefined;
  const found = await sql.query("select value from pizza_place.setting where name = $1", [name]);
  return found.rows.length === 0 ? undefined : z.object({ value: z.string() }).parse(found.rows[0]).value;
}

/** Notes what runs here. */
export async function note(sql: Sql, name: Noted, value: string): Promise<void> {
  await sql.query(
    `insert into pizza_place.setting (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value`,
    [name, value],
  );
}
