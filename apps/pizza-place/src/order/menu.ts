// The menu with its prices, and what an order costs by it.
import { type OrderLine, sizes, type Size } from "../events/order.ts";

/** A pizza in one size. */
export interface MenuItem {
  readonly pizza: string;
  /** Its name as printed. */
  readonly title: string;
  readonly category: string;
  readonly size: Size;
  /** In cents. */
  readonly price: number;
}

/** A menu to look things up in. */
export interface Menu {
  readonly items: readonly MenuItem[];
  has(pizza: string): boolean;
  sizesOf(pizza: string): readonly Size[];
  /** The price of one in cents, `undefined` when there is no such pizza in that size. */
  price(pizza: string, size: Size): number | undefined;
}

/** Makes a menu of its items. */
export function menuOf(items: readonly MenuItem[]): Menu {
  const prices = new Map(items.map((item) => [`${item.pizza} ${item.size}`, item.price]));
  const pizzas = new Set(items.map((item) => item.pizza));
  const price = (pizza: string, size: Size) => prices.get(`${pizza} ${size}`);
  return {
    items,
    price,
    has: (pizza) => pizzas.has(pizza),
    sizesOf: (pizza) => sizes.filter((size) => price(pizza, size) !== undefined),
  };
}

/** What the lines cost together, in cents. */
export function totalOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}
