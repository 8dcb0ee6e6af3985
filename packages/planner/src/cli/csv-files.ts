// CSV files read: the pizza place's year, its menu, and a history of demand.
import { parse } from "csv-parse/sync";
import type { MenuPizza, SoldPizza } from "../pizza-year/year.ts";
import { isoDay, parseDay } from "../time/day.ts";
import { UserError } from "./user-error.ts";

type Row = Readonly<Record<string, string>>;

/** The pizzas of `pizzaplace.csv`. */
export function readSold(text: string, file: string): readonly SoldPizza[] {
  return rows(text, { file, columns: ["date", "name", "size"] }).map(
    ({ date = "", name = "", size = "" }, index) => {
      if (parseDay(date) === undefined)
        throw new UserError(`${file}: row ${index + 2} has no date: ${JSON.stringify(date)}.`);
      return { date, pizza: name, size };
    },
  );
}

/** The menu of `pizza-types.csv`. */
export function readMenu(text: string, file: string): readonly MenuPizza[] {
  return rows(text, { file, columns: ["pizza_type_id", "ingredients"] }).map(
    ({ pizza_type_id: id = "", ingredients = "" }) => ({ id, ingredients: ingredients.split(", ") }),
  );
}

/** Demand by item from the first day that any item has to the last. */
export interface History {
  readonly from: string;
  readonly demand: ReadonlyMap<string, readonly number[]>;
}

/** A history with the columns `day`, `item` and `quantity`; every item needs a row for every day. */
export function readHistory(text: string, file: string): History {
  const byItem = new Map<string, Map<number, number>>();
  rows(text, { file, columns: ["day", "item", "quantity"] }).forEach(
    ({ day = "", item = "", quantity = "" }, index) => {
      const at = parseDay(day);
      const units = Number(quantity);
      const where = `${file}: row ${index + 2}`;
      if (at === undefined)
        throw new UserError(`${where} has ${JSON.stringify(day)} for a day; write it as YYYY-MM-DD.`);
      if (quantity === "" || !(units >= 0 && units < Infinity))
        throw new UserError(
          `${where} has the quantity ${JSON.stringify(quantity)}; it must be a number of 0 or more.`,
        );
      const days = byItem.get(item) ?? new Map<number, number>();
      byItem.set(item, days);
      if (days.has(at)) throw new UserError(`${where} gives ${item} on ${day} for the second time.`);
      days.set(at, units);
    },
  );
  const all = [...byItem.values()].flatMap((days) => [...days.keys()]);
  if (all.length === 0) throw new UserError(`${file} has no rows.`);
  const first = all.reduce((a, b) => Math.min(a, b));
  const last = all.reduce((a, b) => Math.max(a, b));
  const demand = [...byItem].map(([item, days]) => {
    const series = Array.from({ length: last - first + 1 }, (_, at) => days.get(first + at));
    const gap = series.indexOf(undefined);
    if (gap >= 0)
      throw new UserError(
        `${file} has nothing for ${item} on ${isoDay(first + gap)}; give 0 for a day without demand.`,
      );
    return [item, series.map((units) => units ?? 0)] as const;
  });
  return { from: isoDay(first), demand: new Map(demand) };
}

function rows(
  text: string,
  { file, columns }: { readonly file: string; readonly columns: readonly string[] },
): readonly Row[] {
  const read = parsed(text, file);
  const [first] = read;
  const missing = first === undefined ? columns[0] : columns.find((column) => !(column in first));
  if (missing !== undefined)
    throw new UserError(`${file} has no column ${missing}; it needs ${columns.join(", ")}.`);
  return read;
}

function parsed(text: string, file: string): readonly Row[] {
  try {
    return parse(text, { columns: true, skip_empty_lines: true, bom: true });
  } catch (error) {
    throw new UserError(`${file} is not CSV: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
