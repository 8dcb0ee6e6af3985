// Runs all guardrails on a proposed order. Pure: the same order and context give the same report.
import { checkSnapshot } from "../planner/check-snapshot.ts";
import { PlannerInputError } from "../planner/errors.ts";
import type { GuardContext } from "./context.ts";
import { type Finding, quoted, type Verdict } from "./finding.ts";
import { lineGuards } from "./line-guards.ts";
import { orderGuards } from "./order-guards.ts";
import { type ProposedLine, type ProposedOrder, readOrder } from "./proposed-order.ts";

/** What the guardrails say about an order. */
export interface GuardReport {
  /** The worst of the findings. */
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** People who have to approve it, 0 to 2; a blocked order can not be approved. */
  readonly approvals: 0 | 1 | 2;
  /** Whether the agent's licence is to be lowered. */
  readonly lowerLicence: boolean;
  /** What may be bought where the verdict is not `block`: only what the guardrails have read. */
  readonly order: ProposedOrder | undefined;
}

/**
 * Judges an order. `proposed` may be anything: what is not an order is blocked. Throws a `PlannerInputError`
 * where the snapshot of the context, which the caller vouches for, is not as it must be.
 */
export function guardOrder(proposed: unknown, context: GuardContext): GuardReport {
  const checked = checkSnapshot(context.snapshot);
  if (!checked.ok) throw new PlannerInputError(checked.problems);
  const order = readOrder(proposed);
  if ("guard" in order) return report([order], undefined);
  const supplier = context.snapshot.suppliers.find(({ id }) => id === order.supplier);
  if (supplier === undefined) return report([notAllowed(`supplier ${quoted(order.supplier)}`)], undefined);
  const findings = order.lines.flatMap((line) => judgeLine(order.supplier, line, context));
  const total =
    (supplier.orderCost ?? 0) + order.lines.reduce((sum, line) => sum + priceOf(line, order, context), 0);
  for (const guard of orderGuards) findings.push(...guard({ order, total, supplier, context }));
  return report(findings, order);
}

function judgeLine(supplier: string, line: ProposedLine, context: GuardContext): readonly Finding[] {
  const item = context.snapshot.items.find(({ id }) => id === line.item);
  if (item === undefined) return [notAllowed(`item ${quoted(line.item)}`)];
  const offer = item.offers.find((each) => each.supplier === supplier);
  if (offer === undefined) return [notAllowed(`item ${quoted(line.item)} from supplier ${quoted(supplier)}`)];
  return lineGuards.flatMap((guard) => guard({ supplier, line, item, offer, context }));
}

/** Whichever is more: what is proposed, or what the offer says. */
function priceOf(
  { item, quantity, pack, packPrice }: ProposedLine,
  { supplier }: ProposedOrder,
  context: GuardContext,
): number {
  const offer = context.snapshot.items
    .find(({ id }) => id === item)
    ?.offers.find((each) => each.supplier === supplier);
  const offered = offer === undefined ? 0 : (quantity / offer.pack) * offer.packPrice;
  return Math.max((quantity / pack) * packPrice, offered);
}

function notAllowed(what: string): Finding {
  return { guard: "allowed", verdict: "block", number: 0, limit: 0, text: `${what} is not on the list` };
}

function report(findings: readonly Finding[], order: ProposedOrder | undefined): GuardReport {
  const blocked = findings.some(({ verdict }) => verdict === "block");
  const asks = findings.some(({ verdict }) => verdict === "ask");
  const two = findings.some(({ guard }) => guard === "two people");
  const one = asks ? 1 : 0;
  const unlessBlocked = asks ? "ask" : "pass";
  return {
    verdict: blocked ? "block" : unlessBlocked,
    findings,
    approvals: two ? 2 : one,
    lowerLicence: findings.some(({ guard }) => guard === "circuit breaker"),
    order: blocked ? undefined : order,
  };
}
