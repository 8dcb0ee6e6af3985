// What consumers wish after they have ordered: a small share cancels, a small share revises, by a seeded
// rule.
import { totalOf } from "../order/menu.ts";
import { roll } from "../shared/seed.ts";
import type { ReplayOrder } from "./replay-place.ts";

/** Which share of the orders is cancelled or revised, from 0 to 1, and the seed that chooses them. */
export interface Wishful {
  readonly seed: number;
  readonly cancels: number;
  readonly revisions: number;
}

/** How far the kitchen is with the ticket when the wish comes: steps of its staff that are done. */
type Done = 0 | 1 | 2;

/** A wish and when it comes. */
export type Wish =
  | { readonly kind: "cancel"; readonly done: Done }
  | {
      readonly kind: "revise";
      readonly done: Done;
      readonly lines: ReplayOrder["lines"];
      readonly total: number;
    };

/**
 * The wish of an order's consumer, if there is one. It comes, a third each, before the ticket is accepted,
 * before it is prepared, and too late. A revision is one pizza more of the first line, or, of every second
 * order with several lines, one line less.
 */
export function wishOf({ seed, cancels, revisions }: Wishful, order: ReplayOrder): Wish | undefined {
  const chance = (what: string): number => roll(seed, `${what} of ${order.reference}`);
  const drawn = chance("wish");
  const done = ([0, 1, 2] as const)[Math.floor(chance("time of the wish") * 3)] ?? 0;
  if (drawn < cancels) return { kind: "cancel", done };
  if (drawn >= cancels + revisions) return undefined;
  const lines = revised(order.lines, chance("kind of revision") < 0.5);
  return { kind: "revise", done, lines, total: totalOf(lines) };
}

function revised(lines: ReplayOrder["lines"], isLess: boolean): ReplayOrder["lines"] {
  const [first, ...rest] = lines;
  if (first === undefined) return lines;
  return isLess && rest.length > 0 ? rest : [{ ...first, quantity: first.quantity + 1 }, ...rest];
}
