// The embedded planner: samples futures, orders what pays for itself, and says why.
import { seedOf, valueHash } from "../random/hash.ts";
import { checkSnapshot } from "./check-snapshot.ts";
import { PlannerInputError } from "./errors.ts";
import { type Futures, makeFutures } from "./futures.ts";
import { type PlanContext, planItem } from "./item-plan.ts";
import { chooseOffers, type OfferedItem } from "./offer-choice.ts";
import type { Decision } from "./decision.ts";
import { decideOrders } from "./order-decision.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { notOrdered, proposal, withoutOffer } from "./reasons.ts";
import type { InventoryPlanner, NotOrdered, PlanningResult } from "./result.ts";
import type { PlanningSnapshot } from "./snapshot.ts";

/** Days beyond the last arrival for which the next order may be late or lost. */
const daysBeyond = 6;

/** The planner that needs nothing else. */
export const embeddedPlanner: InventoryPlanner = {
  id: "embedded@1",
  plan(snapshot) {
    const checked = checkSnapshot(snapshot);
    if (!checked.ok) throw new PlannerInputError(checked.problems);
    return planSeeded(checked.snapshot, { hash: valueHash(snapshot) });
  },
};

/** How a checked snapshot is planned. */
export interface Planning {
  /** The hash that seeds it: another snapshot's, to compare two on the same random numbers. */
  readonly hash: string;
  /** The items that are planned; the others are only evidence. Absent: all. */
  readonly only?: ReadonlySet<string>;
}

/** Plans a snapshot that `checkSnapshot` found nothing in. */
export function planSeeded(snapshot: PlanningSnapshot, { hash, only }: Planning): PlanningResult {
  const prepared = prepare(snapshot);
  const context: PlanContext = { prepared, futures: futuresFor(prepared), seed: seedOf(hash) };
  const offered: OfferedItem[] = [];
  const none: NotOrdered[] = [];
  for (const item of snapshot.items) {
    if (only?.has(item.id) === false) continue;
    const seed = context.seed ^ seedOf(valueHash(item.id));
    const plans = item.offers.map((offer) => planItem({ ...context, seed }, item, offer));
    if (plans.length === 0) none.push(withoutOffer(prepared, item));
    else offered.push({ item, plans });
  }
  const decisions = decideOrders(prepared, chooseOffers(prepared, offered));
  return {
    planner: embeddedPlanner.id,
    snapshot: hash,
    proposals: decisions.filter(orders).map((decision) => proposal(prepared, decision)),
    notOrdered: [...decisions.flatMap((decision) => notOrdered(prepared, decision)), ...none],
  };
}

function orders(decision: Decision): boolean {
  return decision.lines.some(({ quantity }) => quantity > 0);
}

function futuresFor({ snapshot, policy, suppliers, leadTimeOf }: Prepared): Futures {
  let promisedMax = 0;
  let simple = true;
  for (const { offers } of snapshot.items) {
    for (const { promisedDays, supplier, pack, packsMin } of offers) {
      promisedMax = Math.max(promisedMax, leadTimeOf(supplier, promisedDays).length - 2);
      simple &&= pack === 1 && (packsMin ?? 1) === 1 && (suppliers.get(supplier)?.orderCost ?? 0) === 0;
    }
  }
  // Without order cost, packs and minima there is no reason to order for more than a day.
  const coversMax = simple ? 1 : policy.coverDaysMax;
  return makeFutures({ count: policy.futures, days: promisedMax + coversMax + daysBeyond, coversMax });
}
