// Kitchen's own tables: opening hours, what is sold out, how much the oven takes.
import { z } from "zod";
import type { Migrations } from "../database/migrate.ts";
import type { Sql } from "../database/sql.ts";
import type { KitchenRules } from "./rules.ts";

export const kitchenMigrations: Migrations = { schema: "kitchen", folder: new URL("sql/", import.meta.url) };

const HoursRow = z.object({ weekday: z.int(), opens: z.string(), closes: z.string() });
const SoldOutRow = z.object({ day: z.string(), pizza: z.string() });
const OvenRow = z.object({ pizzas_max: z.int() });

/** Writes the rules down; what is there stays as it is. */
export async function addRules(sql: Sql, { hours, soldOut, pizzasMax }: KitchenRules): Promise<void> {
  await sql.query(
    `insert into kitchen.opening_hours (weekday, opens, closes)
     select * from unnest($1::int[], $2::text[], $3::text[]) on conflict (weekday) do nothing`,
    [hours.map(({ weekday }) => weekday), hours.map(({ opens }) => opens), hours.map(({ closes }) => closes)],
  );
  await sql.query(
    `insert into kitchen.sold_out (day, pizza)
     select * from unnest($1::text[], $2::text[]) on conflict (day, pizza) do nothing`,
    [soldOut.map(({ day }) => day), soldOut.map(({ pizza }) => pizza)],
  );
  await sql.query("insert into kitchen.oven (pizzas_max) values ($1) on conflict (the_only) do nothing", [
    pizzasMax,
  ]);
}

/** The rules as they are written down. */
export async function readRules(sql: Sql): Promise<KitchenRules> {
  const hours = await sql.query("select weekday, opens, closes from kitchen.opening_hours order by weekday");
  const soldOut = await sql.query("select day, pizza from kitchen.sold_out order by day, pizza");
  const oven = await sql.query("select pizzas_max from kitchen.oven");
  return {
    hours: z.array(HoursRow).parse(hours.rows),
    soldOut: z.array(SoldOutRow).parse(soldOut.rows),
    pizzasMax: OvenRow.parse(oven.rows[0]).pizzas_max,
  };
}
