// Whether to order today, and for how many days: the items of a supplier share the order's cost, so they decide together.
import type { DecidedLine, Decision } from "./decision.ts";
import type { CoverPlan, ItemPlan } from "./item-plan.ts";
import type { ChosenOffer } from "./offer-choice.ts";
import { withinBudgets } from "./within-budgets.ts";
import type { Prepared } from "./prepare.ts";

/** Decides for all items, supplier by supplier in the order in which they first appear, within the budgets. */
export function decideOrders(prepared: Prepared, chosen: readonly ChosenOffer[]): readonly Decision[] {
  const groups = Map.groupBy(chosen, ({ plan }) => plan.offer.supplier);
  const decisions: Decision[] = [];
  for (const [supplier, members] of groups) {
    const orderCost = prepared.suppliers.get(supplier)?.orderCost ?? 0;
    // Without a cost to share, each item decides for itself.
    if (orderCost > 0) decisions.push(decideTogether(supplier, orderCost, members));
    else
      decisions.push(
        together(
          supplier,
          members.map((member) => decideTogether(supplier, 0, [member])),
        ),
      );
  }
  return withinBudgets(prepared, decisions);
}

function together(supplier: string, parts: readonly Decision[]): Decision {
  return {
    supplier,
    orderCost: 0,
    coverDays: Math.max(0, ...parts.map(({ coverDays }) => coverDays)),
    waiting: {
      lost: parts.reduce((sum, { waiting }) => sum + waiting.lost, 0),
      saved: parts.reduce((sum, { waiting }) => sum + waiting.saved, 0),
    },
    lines: parts.flatMap(({ lines }) => lines),
  };
}

/**
 * The cover whose cycle costs least a day; and an order today if a day of waiting is expected to lose more than a day of that
 * cycle costs. That is the one-step look-ahead rule of optimal stopping, with the cycle's cost rate as the price of a day.
 */
function decideTogether(supplier: string, orderCost: number, members: readonly ChosenOffer[]): Decision {
  const covers = Math.max(...members.map(({ plan }) => plan.covers.length));
  let best = 1;
  let rate = Infinity;
  for (let cover = 1; cover <= covers; cover += 1) {
    const cost = cycleRate(members, orderCost, cover);
    if (cost < rate) {
      rate = cost;
      best = cover;
    }
  }
  const waiting = { lost: members.reduce((sum, { plan }) => sum + plan.waiting, 0), saved: rate };
  const simple = orderCost === 0 && members.every(({ plan }) => plan.covers.length === 1);
  const now = simple || waiting.lost > waiting.saved;
  const inDays = simple ? undefined : firstDay(members, rate);
  return {
    supplier,
    orderCost,
    coverDays: best,
    waiting,
    lines: members.map((chosen) => line(chosen, { cover: best, now, rate, inDays })),
  };
}

function coverOf(plan: ItemPlan, cover: number): CoverPlan {
  const found = plan.covers[Math.min(cover, plan.covers.length) - 1];
  if (found === undefined) throw new Error(`The plan of ${plan.item.id} has no cover.`);
  return found;
}

function cycleRate(members: readonly ChosenOffer[], orderCost: number, cover: number): number {
  let rate = 0;
  let days = 0;
  for (const { plan } of members) {
    const found = coverOf(plan, cover);
    rate += found.money / found.days;
    days = Math.max(days, found.days);
  }
  return rate + orderCost / days;
}

function firstDay(members: readonly ChosenOffer[], rate: number): number | undefined {
  const days = Math.max(...members.map(({ plan }) => plan.waitingByDay.length)) - 1;
  for (let day = 0; day < days; day += 1) {
    const lost = members.reduce((sum, { plan }) => sum + (plan.waitingByDay[day] ?? 0), 0);
    if (lost > rate) return day;
  }
  return undefined;
}

interface Choice {
  readonly cover: number;
  readonly now: boolean;
  readonly rate: number;
  readonly inDays: number | undefined;
}

function line(chosen: ChosenOffer, { cover, now, rate, inDays }: Choice): DecidedLine {
  const found = coverOf(chosen.plan, cover);
  return {
    chosen,
    cover: found,
    quantity: now ? found.quantity : 0,
    caps: found.caps,
    waiting: { lost: chosen.plan.waiting, saved: rate },
    orderInDays: inDays,
    blocked: undefined,
  };
}
