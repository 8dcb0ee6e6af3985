// Whether to order today, and for how many days: the items of a supplier share the order's cost, so they
// decide together.
import { bestCycle, coverOf } from "./cycle.ts";
import type { ChosenOffer, DecidedLine, Decision } from "./decision.ts";
import type { Prepared } from "./prepare.ts";
import { withinBudgets } from "./within-budgets.ts";

/**
 * Decides for all items, supplier by supplier in the order in which they first appear, within the budgets.
 */
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
 * The cover whose cycle costs least a day; and an order today if a day of waiting is expected to lose more
 * than a day of that cycle costs. That is the one-step look-ahead rule of optimal stopping, with the cycle's
 * cost rate as the price of a day.
 */
function decideTogether(supplier: string, orderCost: number, members: readonly ChosenOffer[]): Decision {
  const { cover, rate } = bestCycle(
    members.map(({ plan }) => plan),
    orderCost,
  );
  const waiting = { lost: members.reduce((sum, { plan }) => sum + plan.waiting, 0), saved: rate };
  const simple = orderCost === 0 && members.every(({ plan }) => plan.covers.length === 1);
  const now = simple || waiting.lost > waiting.saved;
  const inDays = simple ? undefined : firstDay(members, rate);
  return {
    supplier,
    orderCost,
    coverDays: cover,
    waiting,
    lines: members.map((chosen) => line(chosen, { cover, now, rate, inDays })),
  };
}

function firstDay(members: readonly ChosenOffer[], rate: number): number | undefined {
  const days = Math.max(...members.map(({ plan }) => plan.waitingByDay.length)) - 1;
  for (let day = 0; day < days; day += 1) {
    const lost = members.reduce((sum, { plan }) => sum + (plan.waitingByDay[day] ?? 0), 0);
    if (lost > rate) return day;
  }
  return undefined;
}

interface OrderChoice {
  readonly cover: number;
  readonly now: boolean;
  readonly rate: number;
  readonly inDays: number | undefined;
}

function line(chosen: ChosenOffer, { cover, now, rate, inDays }: OrderChoice): DecidedLine {
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
