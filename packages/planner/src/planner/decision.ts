// What is decided, supplier by supplier, before it is written as proposals.
import type { Cap, CoverPlan, ItemPlan } from "./item-plan.ts";
import type { OfferReason } from "./result.ts";

/** An item's plan with the chosen offer, and what the others would have cost. */
export interface ChosenOffer {
  readonly plan: ItemPlan;
  readonly offers: readonly OfferReason[];
}

/** What is ordered from a supplier. */
export interface Decision {
  readonly supplier: string;
  readonly orderCost: number;
  readonly coverDays: number;
  readonly waiting: Waiting;
  readonly lines: readonly DecidedLine[];
}

/**
 * Minor units of money: what waiting for a day is expected to lose, and what a day of the cycle costs, which
 * it saves.
 */
export interface Waiting {
  readonly lost: number;
  readonly saved: number;
}

/**
 * An item of a decision. A quantity of 0 is not ordered, and `blocked` says why where waiting is not the
 * reason.
 */
export interface DecidedLine {
  readonly chosen: ChosenOffer;
  readonly cover: CoverPlan;
  readonly quantity: number;
  readonly caps: readonly Cap[];
  readonly waiting: Waiting;
  /**
   * Days from today on which it would be ordered at the expected demand; undefined: not within the days
   * looked at.
   */
  readonly orderInDays: number | undefined;
  readonly blocked: "budget" | undefined;
}
