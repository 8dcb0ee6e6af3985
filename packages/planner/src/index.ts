// What `quadrille-planner` exports: the planner, what it reads and what it answers.
export { embeddedPlanner } from "./planner/embedded.ts";
export { type CheckedSnapshot, checkSnapshot } from "./planner/check-snapshot.ts";
export { PlannerInputError } from "./planner/errors.ts";
export { defaultPolicy, units } from "./planner/snapshot.ts";
export type {
  Batch,
  Budget,
  Calendar,
  Delivery,
  DemandHistory,
  Item,
  ItemCosts,
  Offer,
  OpenOrder,
  PlanningPolicy,
  PlanningSnapshot,
  Supplier,
  Unit,
} from "./planner/snapshot.ts";
export type {
  DemandReason,
  InventoryPlanner,
  LeadTimeReason,
  LineReason,
  NotOrdered,
  NotOrderedBecause,
  OfferReason,
  OpenOrderReason,
  PlanningResult,
  Position,
  Proposal,
  ProposalLine,
} from "./planner/result.ts";
export type { Cap } from "./planner/item-plan.ts";
export { valueHash } from "./random/hash.ts";
export { defaultLimits, emptyRecord } from "./guard/context.ts";
export type {
  BreakerRecord,
  GuardContext,
  GuardLimits,
  GuardRecord,
  KillSwitches,
  PaidPrice,
} from "./guard/context.ts";
export type { Finding, Verdict } from "./guard/finding.ts";
export { guardOrder, type GuardReport } from "./guard/guard.ts";
export type { ProposedLine, ProposedOrder } from "./guard/proposed-order.ts";
export { type Change, type ChangeShare, type News, whyChanged } from "./explain/change.ts";
export { whatItTakes, type WhatItTakes } from "./explain/what-it-takes.ts";
export { type Explanation, type Ground, whyItem } from "./explain/why.ts";
