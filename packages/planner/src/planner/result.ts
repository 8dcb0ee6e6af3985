// What a planner answers: proposals with their reasons, and for every item that is not ordered why not.
import type { Cap } from "./item-plan.ts";
import type { PlanningSnapshot, Unit } from "./snapshot.ts";

/** Decides what to order. Pure and synchronous: the same snapshot gives the same result, byte for byte. */
export interface InventoryPlanner {
  /** Name and version, such as `embedded@1`. */
  readonly id: string;
  /** Throws a `PlannerInputError` where the snapshot is not as it must be. */
  plan(snapshot: PlanningSnapshot): PlanningResult;
}

/** What to order, and why. */
export interface PlanningResult {
  readonly planner: string;
  /** The hash of the snapshot, which also seeded the plan. */
  readonly snapshot: string;
  readonly proposals: readonly Proposal[];
  readonly notOrdered: readonly NotOrdered[];
}

/** One order to one supplier. */
export interface Proposal {
  readonly supplier: string;
  readonly currency: string;
  readonly lines: readonly ProposalLine[];
  /** Minor units of money, with the order cost. */
  readonly total: number;
  readonly orderCost: number;
  /** Days that the order is meant to last. */
  readonly coverDays: number;
  /**
   * Minor units of money that waiting a day would be expected to lose, against what a day of the cycle costs.
   */
  readonly waiting: { readonly lost: number; readonly saved: number };
}

/** One item of an order. */
export interface ProposalLine {
  readonly item: string;
  readonly unit: Unit;
  /** Units: `packs` times `pack`. */
  readonly quantity: number;
  readonly packs: number;
  readonly pack: number;
  readonly packPrice: number;
  /** Minor units of money. */
  readonly price: number;
  /** The day by which the units are needed: on it half of the sampled futures run out without the order. */
  readonly needBy: string;
  /** Absent where a planner has none to give. */
  readonly reason?: LineReason;
}

/** The numbers that a quantity came from. Units of the item unless said otherwise. */
export interface LineReason {
  readonly position: Position;
  readonly demand: DemandReason;
  readonly leadTime: LeadTimeReason;
  /** What pays for itself, before packs and limits. */
  readonly wanted: number;
  readonly caps: readonly Cap[];
  /** Units that are there only because of the pack or the minimum; negative where the pack made it less. */
  readonly onlyForPack: number;
  readonly onlyForMinimum: number;
  /** Days that stock, open orders and this line last at the expected demand. */
  readonly coverDays: number;
  /** Share of the futures that run out before the order can come: it comes too late for those. */
  readonly outBefore: number;
  readonly supplier: readonly OfferReason[];
}

/** What is there and what is coming. */
export interface Position {
  readonly onHand: number;
  readonly reserved: number;
  readonly open: readonly OpenOrderReason[];
}

/** An open order and the chance that it still comes. */
export interface OpenOrderReason {
  readonly id: string;
  readonly quantity: number;
  readonly ageDays: number;
  readonly comes: number;
}

/** Expected demand. */
export interface DemandReason {
  /** Of the next day. */
  readonly next: number;
  /** Until the order comes, and from then to the next one. */
  readonly untilArrival: number;
  readonly duringCover: number;
}

/** What the supplier's past says. */
export interface LeadTimeReason {
  readonly promisedDays: number;
  readonly likeliestDays: number;
  /** The chance that the order never comes. */
  readonly lost: number;
  /** Past orders that this is drawn from, and how many of those were written off. */
  readonly orders: number;
  readonly writtenOff: number;
}

/** What an offer would cost a day, in minor units of money, by part; the cheapest in sum is taken. */
export interface OfferReason {
  readonly supplier: string;
  /** Price of the expected demand. */
  readonly price: number;
  /** Order cost, holding, shortage and waste. */
  readonly cycle: number;
  /** What is expected to be lost because the order comes late, or never. */
  readonly delay: number;
  /** For a supplier who has more of the item's orders than the policy likes. */
  readonly concentration: number;
  /** For a supplier without a record. */
  readonly trust: number;
  readonly chosen: boolean;
}

/** Why an item is not ordered. */
export interface NotOrdered {
  readonly item: string;
  readonly unit: Unit;
  readonly because: NotOrderedBecause;
  /** The day on which it would be ordered at the expected demand; null: not within the days looked at. */
  readonly wouldOrderOn: string | null;
  /** Units that an order of today would have; 0 where none would pay. */
  readonly wouldOrder: number;
  readonly position: Position;
  readonly demand: DemandReason;
  readonly leadTime: LeadTimeReason | null;
  /** Minor units of money, as in a proposal. */
  readonly waiting: { readonly lost: number; readonly saved: number };
  readonly caps: readonly Cap[];
}

/**
 * `enough`: stock and open orders last until a later order can come. `waiting pays`: an order today would
 * cost more than it saves. `no offer`: no supplier sells it. `no room`: no allowed quantity fits the limits.
 * `minimum too large`: the smallest order does not pay for itself. `budget`: the money is spent.
 */
export type NotOrderedBecause =
  | "enough"
  | "waiting pays"
  | "no offer"
  | "no room"
  | "minimum too large"
  | "budget";
