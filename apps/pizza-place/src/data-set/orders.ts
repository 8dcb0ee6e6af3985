// Reads the data set: a year of a pizza place's real orders, with their lines, prices and times.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { type OrderLine, sizes } from "../events/order.ts";

/** An order as the data set has it: it knows no consumer. */
export interface DataSetOrder {
  readonly orderId: string;
  /** `YYYY-MM-DDTHH:MM:SS` by the pizza place's clock. */
  readonly placedAt: string;
  readonly lines: readonly OrderLine[];
}

const CsvRow = z.object({
  id: z.string().regex(/^\d{4}-\d{6}$/),
  date: z.iso.date(),
  time: z.iso.time(),
  name: z.string().min(1),
  size: z.enum(sizes),
  price: z.string().regex(/^\d+(\.\d{1,2})?$/),
});
type CsvRow = z.infer<typeof CsvRow>;

/** Where the data set lies. */
export const dataFolder: URL = new URL("../../data/", import.meta.url);

/** All orders of the data set, in the order in which they were placed. */
export function readOrders(): readonly DataSetOrder[] {
  return parseOrders(gunzipSync(readFileSync(new URL("pizzaplace.csv.gz", dataFolder))).toString("utf8"));
}

/** The orders in a text of the data set's form: one row a pizza. Throws when a row is of another form. */
export function parseOrders(csv: string): readonly DataSetOrder[] {
  const rows = z.array(CsvRow).parse(rowsOf(csv));
  const byId = Map.groupBy(rows, (row) => row.id);
  return [...byId].map(([orderId, ofOrder]) => ({
    orderId,
    placedAt: placedAt(ofOrder),
    lines: [...Map.groupBy(ofOrder, (row) => `${row.name} ${row.size}`).values()].map(lineOf),
  }));
}

/** The data set quotes nothing. A reader of any CSV takes several times as long for it, at every start. */
function rowsOf(csv: string): readonly unknown[] {
  const [header, ...lines] = csv.split("\n").filter((line) => line !== "");
  if (header !== "id,date,time,name,size,type,price")
    throw new Error(`The data set has other columns: ${header}`);
  return lines.map((line) => {
    const [id, date, time, name, size, , price, ...more] = line.split(",");
    if (more.length > 0) throw new Error(`A row of the data set has too many columns: ${line}`);
    return { id, date, time, name, size, price };
  });
}

/** An amount such as `13.25` in cents, without going through a binary fraction. */
export function centsOf(dollars: string): number {
  const [whole = "0", fraction = ""] = dollars.split(".");
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
}

function placedAt(rows: readonly CsvRow[]): string {
  const [first] = rows;
  if (first === undefined) throw new Error("An order of the data set has no pizza");
  return `${first.date}T${first.time}`;
}

function lineOf(rows: readonly CsvRow[]): OrderLine {
  const [first] = rows;
  if (first === undefined) throw new Error("A line of the data set has no pizza");
  return { pizza: first.name, size: first.size, quantity: rows.length, price: centsOf(first.price) };
}
