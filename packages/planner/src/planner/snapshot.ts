// What a planner sees: a frozen value, the same live, in shadow and in a backtest. Quantities are whole units
// of the item (grams, millilitres, pieces), money is in minor units of the snapshot's currency (cents), days
// are ISO dates.

/** The units in which an item may be counted. */
export const units = ["g", "ml", "piece"] as const;
/** A unit of an item. */
export type Unit = (typeof units)[number];

/** Everything a plan depends on. The same snapshot gives the same plan, byte for byte. */
export interface PlanningSnapshot {
  /** The day that is planned for: nothing of it has been sold yet, and nothing has arrived on it. */
  readonly asOf: string;
  /** ISO 4217, for every amount of money in the snapshot. */
  readonly currency: string;
  readonly items: readonly Item[];
  readonly suppliers: readonly Supplier[];
  readonly budgets?: readonly Budget[];
  readonly calendar?: Calendar;
  readonly policy?: Partial<PlanningPolicy>;
}

/** One thing that is kept in stock. */
export interface Item {
  readonly id: string;
  readonly unit: Unit;
  /** Units in the house. */
  readonly onHand: number;
  /** Units of those that are promised; what can be sold is the difference. */
  readonly reserved?: number;
  /** Units on hand by the last day on which they can be used. What is not listed keeps for ever. */
  readonly batches?: readonly Batch[];
  readonly demand: DemandHistory;
  /** What is ordered and has neither arrived nor been written off. */
  readonly openOrders?: readonly OpenOrder[];
  readonly offers: readonly Offer[];
  /** Days that a unit can be used, the day of its arrival included. Absent: for ever. */
  readonly shelfLifeDays?: number;
  /** Units that fit into the store. Absent: no limit. */
  readonly storageMax?: number;
  readonly costs: ItemCosts;
}

/** Minor units of money for one unit of the item; fractions are allowed. */
export interface ItemCosts {
  /** For each night that a unit is kept. */
  readonly holding: number;
  /** For each unit that is wanted and not there: lost margin and goodwill. */
  readonly shortage: number;
  /** For each unit that is thrown away. Absent: its price. */
  readonly waste?: number;
}

/** Units on hand that expire together. */
export interface Batch {
  readonly quantity: number;
  /** The last day of use. */
  readonly useBy: string;
}

/** Units wanted per day, oldest first, without gaps, up to the day before `asOf`. */
export interface DemandHistory {
  /** The day of the first quantity. */
  readonly from: string;
  readonly quantities: readonly number[];
  /** Days on which the item ran out: the quantity is what was sold, a lower bound of what was wanted. */
  readonly stockOuts?: readonly string[];
}

/** An order on its way, or lost. */
export interface OpenOrder {
  readonly id: string;
  readonly supplier: string;
  readonly quantity: number;
  readonly placedOn: string;
}

/** What a supplier asks for an item. */
export interface Offer {
  readonly supplier: string;
  /** Units in a pack; only whole packs are sold. */
  readonly pack: number;
  /** Whole minor units for a pack. */
  readonly packPrice: number;
  /** The fewest packs of one order. Absent: 1. */
  readonly packsMin?: number;
  /** The most packs of one order. Absent: no limit. */
  readonly packsMax?: number;
  /** Days from order to arrival, as promised; 0 is the same day, before the first sale. */
  readonly promisedDays: number;
  /** Where given it must be the currency of the snapshot. */
  readonly currency?: string;
}

/** Whom we buy from, and what became of past orders. */
export interface Supplier {
  readonly id: string;
  /** Minor units for each order, whatever is in it. */
  readonly orderCost?: number;
  /** Past orders that have ended, oldest first. */
  readonly deliveries?: readonly Delivery[];
}

/** The end of a past order. */
export interface Delivery {
  readonly placedOn: string;
  /** The day of its arrival; null for an order that was written off. */
  readonly arrivedOn: string | null;
  readonly promisedDays: number;
  /** The share of what was ordered that was delivered in order, 0 to 1. Absent: 1. */
  readonly filled?: number;
}

/** Money that may be spent. */
export interface Budget {
  readonly id: string;
  /** Absent: everything. */
  readonly supplier?: string;
  readonly limit: number;
  readonly reserved: number;
  readonly spent: number;
}

/** Days that are not like others. */
export interface Calendar {
  /** Days without sales, past and to come. */
  readonly closed?: readonly string[];
  /** Days with a name, past and to come, such as `new-year`: days of one name are expected to be alike. */
  readonly named?: Readonly<Record<string, readonly string[]>>;
}

/** The planner's settings. */
export interface PlanningPolicy {
  /** Futures sampled for each item. */
  readonly futures: number;
  /** The longest cover that is considered, days. */
  readonly coverDaysMax: number;
  /** Cycles of demand in days, such as 7 for the day of week. */
  readonly seasons: readonly number[];
  /** The share of an item's orders that should go to one supplier, at most; above it another is preferred. */
  readonly concentrationMax: number;
}

/** The settings that hold where the snapshot says nothing. */
export const defaultPolicy: PlanningPolicy = {
  futures: 200,
  coverDaysMax: 14,
  seasons: [7],
  concentrationMax: 1,
};
