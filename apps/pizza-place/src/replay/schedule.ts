// When what happens to an order after it was placed, in business time: a stated rule, the same for every
// order.
import type { TicketAction } from "../place.ts";
import { placedMs } from "./orders-time.ts";
import type { Wish } from "./wishes.ts";

const minuteMs = 60_000;

/** Minutes after the order was placed at which the staff has done each step: ten of them are for baking. */
const minutes: Readonly<Record<TicketAction, number>> = { accept: 2, prepare: 4, ready: 14, "pick-up": 20 };

/**
 * Minutes after the order was placed at which its wish comes, by the steps that are done: between two of
 * them.
 */
const wishMinutes = [1, 3, 9] as const;

/** Minutes after a large order was placed at which a person approves it, before the first step. */
const approvalMinutes = 0.5;

/** The times of an order, in milliseconds since 1970. */
export interface Schedule {
  readonly placed: number;
  readonly approval: number;
  step(action: TicketAction): number;
  wish(done: Wish["done"]): number;
}

/** The times of an order that was placed at `placedAt`. */
export function scheduleOf(order: { readonly placedAt: string }): Schedule {
  const placed = placedMs(order);
  return {
    placed,
    approval: placed + approvalMinutes * minuteMs,
    step: (action) => placed + minutes[action] * minuteMs,
    wish: (done) => placed + wishMinutes[done] * minuteMs,
  };
}
