// What the guardrails know when they judge an order. All of it comes from records, nothing from the planner
// that is judged.
import type { PlanningSnapshot } from "../planner/snapshot.ts";

/**
 * The state of the world in which an order is judged: once when it is proposed, and again where it is
 * committed.
 */
export interface GuardContext {
  /** The snapshot, read by the caller itself. */
  readonly snapshot: PlanningSnapshot;
  /** The day of judgement. */
  readonly today: string;
  /** Who proposes. */
  readonly agent: string;
  readonly record: GuardRecord;
  readonly limits: GuardLimits;
}

/** The past that guards compare a proposal with. */
export interface GuardRecord {
  /** Needs for which a proposal is open already. */
  readonly openProposals: readonly { readonly supplier: string; readonly item: string }[];
  /** Packs that were bought, oldest first. */
  readonly paid: readonly PaidPrice[];
  /** Units of an item ordered on each of the last days, oldest first, up to yesterday. */
  readonly ordered: Readonly<Record<string, readonly number[]>>;
  readonly breaker: BreakerRecord;
  readonly stopped: KillSwitches;
}

/** A price that was paid. */
export interface PaidPrice {
  readonly supplier: string;
  readonly item: string;
  readonly pack: number;
  /** Minor units of money. */
  readonly packPrice: number;
}

/** How the agent did lately. */
export interface BreakerRecord {
  readonly proposals: number;
  readonly rejected: number;
  /** Minor units of money that its orders cost more than the best ones would have. */
  readonly regret: number;
  /** Runs that had to do without some of their input. */
  readonly degraded: number;
}

/** What has been stopped by a person. */
export interface KillSwitches {
  readonly all: boolean;
  readonly agents: readonly string[];
  readonly suppliers: readonly string[];
  readonly items: readonly string[];
}

/** The limits. Shares are 0.01 for one per cent; money is in minor units. */
export interface GuardLimits {
  /** Above it a person is asked, above twice of it the order is blocked. */
  readonly coverDays: number;
  /** How far a price may be from the offer of the snapshot. */
  readonly priceFromOffer: number;
  /** How far a price may be above what the supplier was last paid. */
  readonly priceAboveLastPaid: number;
  /** Days after which a snapshot is stale. */
  readonly snapshotAgeDays: number;
  /** Variance of weekly orders over that of weekly demand. */
  readonly orderVariance: number;
  /** Width of the 80 % interval of a week's demand, as a share of its middle, 0 to 2. */
  readonly forecastWidth: number;
  /** Change of the last week's mean against the four weeks before, as a share. */
  readonly levelChange: number;
  /** Money of a first order to a supplier of whom nothing has arrived yet. */
  readonly firstOrder: number;
  /** Shares of a supplier's past orders. */
  readonly neverDelivered: number;
  readonly late: number;
  readonly short: number;
  /** Money from which on one person, and two people, have to approve. */
  readonly onePerson: number;
  readonly twoPeople: number;
  /** The circuit breaker. */
  readonly rejectedShare: number;
  readonly regret: number;
  readonly degradedRuns: number;
}

/** Limits to begin with. */
export const defaultLimits: GuardLimits = {
  coverDays: 30,
  priceFromOffer: 0,
  priceAboveLastPaid: 0.1,
  snapshotAgeDays: 1,
  orderVariance: 6,
  forecastWidth: 1.5,
  levelChange: 0.5,
  firstOrder: 20_000,
  neverDelivered: 0.2,
  late: 0.4,
  short: 0.3,
  onePerson: 100_000,
  twoPeople: 500_000,
  rejectedShare: 0.5,
  regret: 100_000,
  degradedRuns: 3,
};

/** A record of nothing: no purchases, nothing stopped. */
export const emptyRecord: GuardRecord = {
  openProposals: [],
  paid: [],
  ordered: {},
  breaker: { proposals: 0, rejected: 0, regret: 0, degraded: 0 },
  stopped: { all: false, agents: [], suppliers: [], items: [] },
};
