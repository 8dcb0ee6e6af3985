// The menu: names and categories as printed, prices as the data set's orders paid them.
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { MenuItem } from "../order/menu.ts";
import { dataFolder, type DataSetOrder } from "./orders.ts";

const PizzaType = z.object({ pizza_type_id: z.string(), name: z.string(), category: z.string() });

/**
 * Every pizza in every size that was sold. Throws when one was sold at two prices or is not among the types.
 */
export function readMenu(orders: readonly DataSetOrder[]): readonly MenuItem[] {
  const csv = readFileSync(new URL("pizza-types.csv", dataFolder), "utf8");
  const types = z.array(PizzaType).parse(parse(csv, { columns: true, skip_empty_lines: true }));
  const typesById = new Map(types.map((type) => [type.pizza_type_id, type]));
  const items = new Map<string, MenuItem>();
  for (const { pizza, size, price } of orders.flatMap((order) => order.lines)) {
    const type = typesById.get(pizza);
    if (type === undefined) throw new Error(`pizza-types.csv does not name the pizza ${pizza}`);
    const known = items.get(`${pizza} ${size}`);
    if (known !== undefined && known.price !== price)
      throw new Error(`The data set sells ${pizza} ${size} at two prices`);
    items.set(`${pizza} ${size}`, { pizza, title: type.name, category: type.category, size, price });
  }
  return [...items.values()].toSorted((a, b) => a.pizza.localeCompare(b.pizza, "en") || a.price - b.price);
}
