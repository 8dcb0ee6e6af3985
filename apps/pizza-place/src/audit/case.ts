// An order with everything known about it, and its differences.
import type { AuditFacts, AuthorizationFact, EntryFact, OrderFact, TicketFact } from "./facts.ts";

/** A difference. */
export interface AuditFinding {
  readonly rule: string;
  readonly orderId: string;
  readonly message: string;
}

/** An order and what belongs to it. */
export interface Case {
  readonly order: OrderFact;
  /** The end; `live` while there is none. */
  readonly end: string;
  readonly ticket: TicketFact | undefined;
  readonly authorization: AuthorizationFact | undefined;
  readonly authorized: readonly EntryFact[];
  readonly declined: readonly EntryFact[];
  readonly changes: readonly EntryFact[];
  readonly reversals: readonly EntryFact[];
}

/** The orders, each with what belongs to it. */
export function casesOf({ sagas, orders, tickets, authorizations, ledger }: AuditFacts): readonly Case[] {
  const ends = new Map(sagas.map(({ sagaId, end }) => [sagaId, end ?? "live"]));
  const entries = Map.groupBy(ledger, ({ reference }) => reference);
  const ticketOf = new Map(tickets.map((one) => [one.orderId, one]));
  const authorizationOf = new Map(authorizations.map((one) => [one.orderId, one]));
  return orders.map((order) => {
    const ofOrder = entries.get(order.orderId) ?? [];
    const ofKind = (wanted: EntryFact["kind"]) => ofOrder.filter(({ kind }) => kind === wanted);
    return {
      order,
      end: ends.get(order.orderId) ?? "unknown",
      ticket: ticketOf.get(order.orderId),
      authorization: authorizationOf.get(order.orderId),
      authorized: ofKind("authorization").filter(({ answer }) => answer === "authorized"),
      declined: ofKind("authorization").filter(({ answer }) => answer === "declined"),
      changes: ofKind("change"),
      reversals: ofKind("reversal"),
    };
  });
}

/** Whether the provider does not know everything yet, because the clearing is behind. */
export function isUncleared({ order, end, authorization, changes, reversals }: Case): boolean {
  if (end === "live") return false;
  if (authorization?.state === "REVERSED" && reversals.length === 0) return true;
  return changes.length < order.revision;
}

/** The differences, without those that the clearing will still settle. */
export function caseFindings(one: Case): readonly AuditFinding[] {
  switch (one.end) {
    case "approved":
      return [...approvedFindings(one), ...ticketFindings(one)];
    case "cancelled":
      return [...cancelledFindings(one), ...ticketFindings(one)];
    case "rejected":
      return rejectedFindings(one);
    case "waiting":
    case "declined":
      return untouchedFindings(one);
    case "live":
      return one.authorized.length + one.declined.length > 1
        ? [finding("one entry an order", one, "is under way and has more than one entry in the ledger")]
        : [];
    default:
      return [finding("every order has a saga", one, `has the end ${one.end}`)];
  }
}

function approvedFindings(one: Case): readonly AuditFinding[] {
  const rule = "approved orders are paid";
  const { order, authorized, changes, reversals, authorization } = one;
  const wrong = authorizedOnce(one, rule, "approved");
  if (wrong.length > 0) return wrong;
  if (reversals.length > 0) return [finding(rule, one, "is approved and its authorization was reversed")];
  if (authorization?.state !== "AUTHORIZED" || authorization.amount !== order.total)
    return [finding(rule, one, `costs ${order.total} cents and ${heldText(authorization)} at Accounting`)];
  const held = changes.at(-1)?.amount ?? authorized[0]?.amount ?? 0;
  if (isUncleared(one) || held === order.total) return [];
  return [finding(rule, one, `costs ${order.total} cents and ${held} were authorized`)];
}

function cancelledFindings(one: Case): readonly AuditFinding[] {
  const rule = "cancelled orders are refunded";
  const { order, authorization } = one;
  const wrong = authorizedOnce(one, rule, "cancelled");
  if (wrong.length > 0) return wrong;
  if (authorization?.state !== "REVERSED" || authorization.amount !== order.total)
    return [finding(rule, one, `cost ${order.total} cents and ${heldText(authorization)} at Accounting`)];
  return reversedFindings(one, rule, order.total);
}

/** The reversal, once it is cleared: of exactly what was held. */
function reversedFindings(one: Case, rule: string, held: number): readonly AuditFinding[] {
  const { reversals } = one;
  if (isUncleared(one)) return [];
  if (reversals.length !== 1) return [finding(rule, one, `has ${reversals.length} reversals`)];
  const [reversal] = reversals;
  if (reversal?.amount === held) return [];
  return [finding(rule, one, `cost ${held} cents and ${reversal?.amount} were reversed`)];
}

function authorizedOnce(one: Case, rule: string, end: string): readonly AuditFinding[] {
  const { authorized, declined } = one;
  if (authorized.length === 0) return [finding(rule, one, `is ${end} and has no authorization`)];
  if (authorized.length > 1) return [finding(rule, one, `has ${authorized.length} authorizations`)];
  if (declined.length > 0) return [finding(rule, one, `is ${end} and was declined as well`)];
  return [];
}

function rejectedFindings(one: Case): readonly AuditFinding[] {
  const { order, authorized, declined } = one;
  const rule = "rejected orders are not charged";
  if (authorized.length > 0) {
    // The authorization came after the deadline: it is reversed.
    if (order.reason === "not approved in time") return reversedFindings(one, rule, order.total);
    return [finding(rule, one, "is rejected and has an authorization")];
  }
  const byCard = order.reason === "card declined";
  if (byCard && declined.length !== 1) {
    return [finding(rule, one, `was declined and the ledger says so ${declined.length} times`)];
  }
  if (byCard || declined.length === 0 || order.reason === "not approved in time") return [];
  return [
    finding(rule, one, `was declined by the provider and rejected for another reason: ${order.reason}`),
  ];
}

function untouchedFindings(one: Case): readonly AuditFinding[] {
  const { authorized, declined } = one;
  if (authorized.length + declined.length === 0) return [];
  return [finding("large orders wait for approval", one, "was not approved and has an entry in the ledger")];
}

function ticketFindings(one: Case): readonly AuditFinding[] {
  const { order, ticket } = one;
  const rule = "tickets match orders";
  if (ticket === undefined) return [finding(rule, one, "has no ticket")];
  if (ticket.revision !== order.revision)
    return [finding(rule, one, `is in revision ${order.revision} and its ticket in ${ticket.revision}`)];
  if (bakedOf(ticket.pizzas) === bakedOf(order.lines)) return [];
  return [finding(rule, one, "and its ticket have other pizzas")];
}

function bakedOf(lines: TicketFact["pizzas"]): string {
  return lines.map(({ pizza, size, quantity }) => `${quantity} ${pizza} ${size}`).join(", ");
}

function heldText(authorization: AuthorizationFact | undefined): string {
  return authorization === undefined
    ? "no authorization is"
    : `${authorization.amount} are ${authorization.state}`;
}

function finding(rule: string, { order }: Pick<Case, "order">, message: string): AuditFinding {
  return { rule, orderId: order.orderId, message };
}
