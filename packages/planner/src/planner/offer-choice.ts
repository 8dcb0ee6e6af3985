// Which supplier an item comes from: the offer that costs least a day, in price, order cost, holding, shortage, waste and delay, with
// a charge for putting everything on one supplier and one for a supplier without a record.
import { type ItemPlan, type PlanContext, planItem } from "./item-plan.ts";
import type { Prepared } from "./prepare.ts";
import type { OfferReason } from "./result.ts";
import type { Item, Offer } from "./snapshot.ts";

/** An item's plan with the chosen offer, and what the others would have cost. */
export interface ChosenOffer {
  readonly plan: ItemPlan;
  readonly offers: readonly OfferReason[];
}

/** The price of a supplier above the concentration limit, and of one without a record, as shares of the price. */
const concentrationCharge = 0.05;
const newSupplierCharge = 0.05;
/** Orders after which a supplier's record is worth half of full trust. */
const ordersForHalfTrust = 2;

/** Plans the item with each offer, and takes the cheapest; undefined where there is none. */
export function chooseOffer(context: PlanContext, item: Item): ChosenOffer | undefined {
  const [first, ...others] = item.offers;
  if (first === undefined) return undefined;
  const plans = [first, ...others].map((offer) => planItem(context, item, offer));
  const costs = plans.map((plan) => offerCost(context.prepared, plan));
  const sums = costs.map(
    ({ price, cycle, delay, concentration, trust }) => price + cycle + delay + concentration + trust,
  );
  const best = sums.indexOf(Math.min(...sums));
  const plan = plans[best];
  if (plan === undefined) return undefined;
  return { plan, offers: costs.map((cost, index) => ({ ...cost, chosen: index === best })) };
}

function offerCost(prepared: Prepared, plan: ItemPlan): Omit<OfferReason, "chosen"> {
  const { item, offer, demand } = plan;
  const daily = demand.reduce((a, b) => a + b, 0) / demand.length;
  const price = (daily * offer.packPrice) / offer.pack;
  const supplier = prepared.suppliers.get(offer.supplier);
  const cover = cheapest(plan, supplier?.orderCost ?? 0);
  const orders = supplier?.deliveries?.length ?? 0;
  return {
    supplier: offer.supplier,
    price,
    cycle: cover.rate,
    delay: (plan.late + (plan.lead.at(-1) ?? 0) * missed(plan, cover.cover)) / cover.cover,
    concentration: shareOf(item, offer) > prepared.policy.concentrationMax ? price * concentrationCharge : 0,
    trust: (price * newSupplierCharge * ordersForHalfTrust) / (ordersForHalfTrust + orders),
  };
}

/** The cover whose cycle costs least a day, and that cost in minor units of money. */
function cheapest(
  { covers }: ItemPlan,
  orderCost: number,
): { readonly cover: number; readonly rate: number } {
  let best = { cover: 1, rate: Infinity };
  for (const { cover, money, days, quantity } of covers) {
    const rate = (money + (quantity > 0 ? orderCost : 0)) / days;
    if (rate < best.rate) best = { cover, rate };
  }
  return best;
}

/** What is lost if the order never comes, and another is placed after the cover. */
function missed({ waitingByDay }: ItemPlan, cover: number): number {
  return waitingByDay.subarray(0, cover).reduce((a, b) => a + b, 0);
}

/** The share of the item's units on order that come from the offer's supplier. */
function shareOf(item: Item, { supplier }: Offer): number {
  const orders = item.openOrders ?? [];
  const all = orders.reduce((sum, order) => sum + order.quantity, 0);
  const own = orders.reduce((sum, order) => sum + (order.supplier === supplier ? order.quantity : 0), 0);
  return all > 0 ? own / all : 0;
}
