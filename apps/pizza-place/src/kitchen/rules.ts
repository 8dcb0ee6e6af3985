// Kitchen's rules: opening hours, what is sold out, the oven's size; and the decision whether it refuses an
// order.
import type { OrderRequest } from "../events/order.ts";

/** When the restaurant takes orders on a day of the week. */
export interface OpeningHours {
  /** 0 is Sunday. */
  readonly weekday: number;
  /** `HH:MM`, the first minute. */
  readonly opens: string;
  /** `HH:MM`, the first minute after. */
  readonly closes: string;
}

/** A pizza that left the menu for a day, because something it needs had run out. */
export interface SoldOut {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly pizza: string;
}

/** Everything Kitchen decides by. */
export interface KitchenRules {
  readonly hours: readonly OpeningHours[];
  readonly soldOut: readonly SoldOut[];
  /** Pizzas of one order that fit into the oven. */
  readonly pizzasMax: number;
}

/** What the kitchen looks at: when it was ordered, and what. */
type WantedOrder = Pick<OrderRequest, "placedAt" | "lines">;

/** Says why the kitchen cannot make an order, or `undefined` when it can. */
export type Refuse = (
  order: WantedOrder,
) => "restaurant closed" | "pizza not on the menu" | "too many pizzas for the kitchen" | undefined;

/** The kitchen's rule, made once and asked for every order. */
export function kitchenRule(rules: KitchenRules): Refuse {
  const soldOut = new Set(rules.soldOut.map(({ day, pizza }) => `${day} ${pizza}`));
  const hours = new Map(rules.hours.map((one) => [one.weekday, one]));
  return (order) => {
    const day = order.placedAt.slice(0, 10);
    const time = order.placedAt.slice(11, 16);
    const today = hours.get(weekdayOf(day));
    if (today === undefined || time < today.opens || time >= today.closes) return "restaurant closed";
    if (order.lines.some(({ pizza }) => soldOut.has(`${day} ${pizza}`))) return "pizza not on the menu";
    if (countPizzas(order) > rules.pizzasMax) return "too many pizzas for the kitchen";
    return undefined;
  };
}

/** How many pizzas are to be baked. */
export function countPizzas(order: Pick<OrderRequest, "lines">): number {
  return order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}
