// Which suppliers the items come from: what costs least a day in price, order cost, holding, shortage, waste
// and delay, with a charge for putting everything on one supplier and one for a supplier without a record.
import { bestCycle, type Cycle } from "./cycle.ts";
import type { ChosenOffer } from "./decision.ts";
import type { ItemPlan } from "./item-plan.ts";
import type { Prepared } from "./prepare.ts";
import type { OfferReason } from "./result.ts";
import type { Item, Offer } from "./snapshot.ts";

/**
 * The price of a supplier above the concentration limit, and of one without a record, as shares of the price.
 */
const concentrationCharge = 0.05;
const newSupplierCharge = 0.05;
/** Orders after which a supplier's record is worth half of full trust. */
const ordersForHalfTrust = 2;
/** Days until an order that does not come is noticed and replaced. */
const noticedAfterDays = 2;

/** An item's plan with each of its offers, at least one. */
export interface OfferedItem {
  readonly item: Item;
  readonly plans: readonly ItemPlan[];
}

/**
 * Chooses an offer for each item. Items share order costs, so besides each item's own best, "as much as
 * possible from one supplier" is tried for every supplier, and the choice that costs least in sum is taken.
 */
export function chooseOffers(prepared: Prepared, offered: readonly OfferedItem[]): readonly ChosenOffer[] {
  const items = offered.map(({ plans }) => {
    const costs = plans.map((plan) => offerCost(prepared, plan));
    const sums = costs.map((cost) => dailyCost(cost) + cost.cycle);
    return { plans, costs, best: sums.indexOf(Math.min(...sums)) };
  });
  const own = items.map(({ best }) => best);
  const suppliers = new Set(
    items.flatMap(({ plans }) => (plans.length > 1 ? plans.map(({ offer }) => offer.supplier) : [])),
  );
  const all = [...suppliers].map((supplier) =>
    items.map(({ plans, best }) => {
      const at = plans.findIndex(({ offer }) => offer.supplier === supplier);
      return at < 0 ? best : at;
    }),
  );
  const choice = suppliers.size === 0 ? own : cheapestOf(prepared, items, [own, ...all]);
  return items.flatMap(({ plans, costs }, index): readonly ChosenOffer[] => {
    const plan = plans[choice[index] ?? 0];
    const offers = costs.map((cost, at) => ({ ...cost, chosen: at === choice[index] }));
    return plan === undefined ? [] : [{ plan, offers }];
  });
}

interface PricedItem {
  readonly plans: readonly ItemPlan[];
  readonly costs: readonly OfferCost[];
}

type OfferCost = Omit<OfferReason, "chosen">;
type OfferIndexes = readonly number[];

function cheapestOf(
  prepared: Prepared,
  items: readonly PricedItem[],
  choices: readonly OfferIndexes[],
): OfferIndexes {
  const costs = choices.map((choice) => choiceCost(prepared, items, choice));
  return choices[costs.indexOf(Math.min(...costs))] ?? [];
}

/** What a choice costs a day: the items' own costs, and the cycle of each supplier. */
function choiceCost(prepared: Prepared, items: readonly PricedItem[], choice: OfferIndexes): number {
  const groups = new Map<string, ItemPlan[]>();
  let cost = 0;
  items.forEach(({ plans, costs }, index) => {
    const at = choice[index] ?? 0;
    const plan = plans[at];
    const own = costs[at];
    if (plan === undefined || own === undefined) return;
    cost += dailyCost(own);
    const group = groups.get(plan.offer.supplier) ?? [];
    group.push(plan);
    groups.set(plan.offer.supplier, group);
  });
  for (const [supplier, plans] of groups) {
    const orderCost = prepared.suppliers.get(supplier)?.orderCost ?? 0;
    cost += bestCycle(plans, orderCost * ordersForOne(plans[0])).rate;
  }
  return cost;
}

function dailyCost({ price, delay, concentration, trust }: OfferCost): number {
  return price + delay + concentration + trust;
}

function offerCost(prepared: Prepared, plan: ItemPlan): OfferCost {
  const { item, offer, demand } = plan;
  const daily = demand.reduce((a, b) => a + b, 0) / demand.length;
  const price = (daily * offer.packPrice) / offer.pack;
  const cycle = bestCycle([plan], prepared.orderCostShare(offer.supplier) * ordersForOne(plan));
  const orders = prepared.suppliers.get(offer.supplier)?.deliveries?.length ?? 0;
  return {
    supplier: offer.supplier,
    price,
    cycle: cycle.rate,
    delay: delayCost(plan, cycle),
    concentration: shareOf(item, offer) > prepared.policy.concentrationMax ? price * concentrationCharge : 0,
    trust: (price * newSupplierCharge * ordersForHalfTrust) / (ordersForHalfTrust + orders),
  };
}

/** Orders that have to be placed for one that comes. */
function ordersForOne(plan: ItemPlan | undefined): number {
  return 1 / Math.max(0.1, 1 - (plan?.lead.at(-1) ?? 0));
}

/**
 * What is lost before the order comes, and if it never comes until it is noticed, for each day of the cycle.
 */
function delayCost({ late, lead, waitingByDay }: ItemPlan, { cover }: Cycle): number {
  const missed = waitingByDay.subarray(0, Math.min(cover, noticedAfterDays)).reduce((a, b) => a + b, 0);
  return (late + (lead.at(-1) ?? 0) * missed) / cover;
}

/** The share of the item's units on order that come from the offer's supplier. */
function shareOf(item: Item, { supplier }: Offer): number {
  const orders = item.openOrders ?? [];
  const all = orders.reduce((sum, order) => sum + order.quantity, 0);
  const own = orders.reduce((sum, order) => sum + (order.supplier === supplier ? order.quantity : 0), 0);
  return all > 0 ? own / all : 0;
}
