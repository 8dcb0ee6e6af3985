// Order's own table: the menu with its prices.
import { z } from "zod";
import type { Migrations } from "../database/migrate.ts";
import type { Sql } from "../database/sql.ts";
import { sizes } from "../events/order.ts";
import { type Menu, type MenuItem, menuOf } from "./menu.ts";

export const orderMigrations: Migrations = { schema: "order", folder: new URL("sql/", import.meta.url) };

const ItemRow = z.object({
  pizza: z.string(),
  title: z.string(),
  category: z.string(),
  size: z.enum(sizes),
  price_cents: z.int(),
});

/** Puts pizzas on the menu; those that are on it stay as they are. */
export async function addMenuItems(sql: Sql, items: readonly MenuItem[]): Promise<void> {
  await sql.query(
    `insert into "order".menu_item (pizza, title, category, size, price_cents)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[]) on conflict (pizza, size) do nothing`,
    [
      items.map(({ pizza }) => pizza),
      items.map(({ title }) => title),
      items.map(({ category }) => category),
      items.map(({ size }) => size),
      items.map(({ price }) => price),
    ],
  );
}

/** The menu, by pizza and price. */
export async function readMenuItems(sql: Sql): Promise<Menu> {
  const { rows } = await sql.query(
    `select pizza, title, category, size, price_cents from "order".menu_item order by pizza collate "C", price_cents`,
  );
  const items = rows.map((row) => ItemRow.parse(row));
  return menuOf(items.map(({ price_cents: price, ...item }) => ({ ...item, price })));
}
