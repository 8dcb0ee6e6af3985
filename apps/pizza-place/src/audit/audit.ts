// The audit: the payment provider's ledger and the ends of the sagas agree to the cent. Pure; see collect.ts for the facts.

/** What is known of a saga. */
export interface SagaFact {
  readonly sagaId: string;
  /** The declared end that its states make; `undefined` while it is under way. */
  readonly end: string | undefined;
}

/** What is known of an order. */
export interface OrderFact {
  readonly orderId: string;
  /** In cents. */
  readonly total: number;
  readonly reason: string | undefined;
}

/** What is known of an entry of the provider's ledger. */
export interface EntryFact {
  readonly key: string;
  /** The order's id. */
  readonly reference: string;
  /** In cents. */
  readonly amount: number;
  readonly answer: "authorized" | "declined";
}

/** Everything that is audited. */
export interface AuditFacts {
  readonly sagas: readonly SagaFact[];
  readonly orders: readonly OrderFact[];
  readonly ledger: readonly EntryFact[];
}

/** Something that does not agree. */
export interface AuditFinding {
  readonly rule: string;
  readonly orderId: string;
  readonly message: string;
}

/** The result. */
export interface AuditReport {
  readonly green: boolean;
  readonly orders: number;
  readonly approved: number;
  readonly rejected: number;
  /** Sagas that have not come to a declared end yet. */
  readonly live: number;
  /** Authorizations of the ledger, those of live orders included. */
  readonly authorizations: number;
  readonly declined: number;
  /** The approved orders' totals, in cents. */
  readonly approvedCents: number;
  /** The authorizations of approved orders, in cents. */
  readonly authorizedCents: number;
  /** Everything that does not agree; at most 20 are listed. */
  readonly findings: readonly AuditFinding[];
  readonly findingsCount: number;
}

/** What is a finding besides what does not agree. */
export interface AuditRules {
  /** A saga without an end is one. */
  readonly settled: boolean;
  /** But not these: somebody else still works on them. */
  readonly isOther?: (sagaId: string) => boolean;
}

/** How many findings are listed. */
const findingsMax = 20;

interface Case {
  readonly order: OrderFact;
  /** The end; `live` while there is none. */
  readonly end: string;
  readonly authorized: readonly EntryFact[];
  readonly declined: readonly EntryFact[];
}

/** Compares the facts. */
export function audit(facts: AuditFacts, { settled, isOther = () => false }: AuditRules): AuditReport {
  const cases = casesOf(facts);
  const approved = cases.filter(({ end }) => end === "approved");
  const live = facts.sagas.filter(({ end }) => end === undefined);
  const owed = settled ? live.filter(({ sagaId }) => !isOther(sagaId)) : [];
  const authorizations = facts.ledger.filter(({ answer }) => answer === "authorized");
  const approvedCents = sum(approved.map(({ order }) => order.total));
  const authorizedCents = sum(approved.flatMap(({ authorized }) => authorized.map(({ amount }) => amount)));
  const findings = [
    ...cases.flatMap(caseFindings),
    ...strayEntries(facts),
    ...unmatched(facts),
    ...owed.map(({ sagaId }) => finding("every saga has an end", sagaId, "has not come to a declared end")),
  ];
  return {
    green: findings.length === 0,
    orders: facts.orders.length,
    approved: approved.length,
    rejected: cases.filter(({ end }) => end === "rejected").length,
    live: live.length,
    authorizations: authorizations.length,
    declined: facts.ledger.length - authorizations.length,
    approvedCents,
    authorizedCents,
    findings: findings.slice(0, findingsMax),
    findingsCount: findings.length,
  };
}

/** The report of two disjoint sets of facts. */
export function mergeReports(one: AuditReport, other: AuditReport): AuditReport {
  return {
    green: one.green && other.green,
    orders: one.orders + other.orders,
    approved: one.approved + other.approved,
    rejected: one.rejected + other.rejected,
    live: one.live + other.live,
    authorizations: one.authorizations + other.authorizations,
    declined: one.declined + other.declined,
    approvedCents: one.approvedCents + other.approvedCents,
    authorizedCents: one.authorizedCents + other.authorizedCents,
    findings: [...one.findings, ...other.findings].slice(0, findingsMax),
    findingsCount: one.findingsCount + other.findingsCount,
  };
}

function casesOf({ sagas, orders, ledger }: AuditFacts): readonly Case[] {
  const ends = new Map(sagas.map(({ sagaId, end }) => [sagaId, end ?? "live"]));
  const entries = Map.groupBy(ledger, ({ reference }) => reference);
  return orders.map((order) => {
    const ofOrder = entries.get(order.orderId) ?? [];
    return {
      order,
      end: ends.get(order.orderId) ?? "unknown",
      authorized: ofOrder.filter(({ answer }) => answer === "authorized"),
      declined: ofOrder.filter(({ answer }) => answer === "declined"),
    };
  });
}

function caseFindings(one: Case): readonly AuditFinding[] {
  switch (one.end) {
    case "approved":
      return approvedFindings(one);
    case "rejected":
      return rejectedFindings(one);
    case "live":
      return one.authorized.length + one.declined.length > 1
        ? [
            finding(
              "one entry an order",
              one.order.orderId,
              "is under way and has more than one entry in the ledger",
            ),
          ]
        : [];
    default:
      return [finding("every order has a saga", one.order.orderId, `has the end ${one.end}`)];
  }
}

function approvedFindings({ order, authorized, declined }: Case): readonly AuditFinding[] {
  const rule = "approved orders are paid";
  const [entry] = authorized;
  if (entry === undefined) return [finding(rule, order.orderId, "is approved and has no authorization")];
  if (authorized.length > 1) return [finding(rule, order.orderId, `has ${authorized.length} authorizations`)];
  if (declined.length > 0) return [finding(rule, order.orderId, "is approved and was declined as well")];
  if (entry.amount === order.total) return [];
  return [finding(rule, order.orderId, `costs ${order.total} cents and ${entry.amount} were authorized`)];
}

function rejectedFindings({ order, authorized, declined }: Case): readonly AuditFinding[] {
  const rule = "rejected orders are not charged";
  if (authorized.length > 0) return [finding(rule, order.orderId, "is rejected and has an authorization")];
  const byCard = order.reason === "card declined";
  if (byCard && declined.length !== 1) {
    return [finding(rule, order.orderId, `was declined and the ledger says so ${declined.length} times`)];
  }
  if (byCard || declined.length === 0) return [];
  return [
    finding(
      rule,
      order.orderId,
      `was declined by the provider and rejected for another reason: ${order.reason}`,
    ),
  ];
}

function strayEntries({ orders, ledger }: AuditFacts): readonly AuditFinding[] {
  const known = new Set(orders.map(({ orderId }) => orderId));
  return ledger
    .filter(({ reference }) => !known.has(reference))
    .map(({ reference, key }) =>
      finding("entries belong to orders", reference, `has the entry ${key} and no order`),
    );
}

function unmatched({ sagas, orders }: AuditFacts): readonly AuditFinding[] {
  const known = new Set(orders.map(({ orderId }) => orderId));
  return sagas
    .filter(({ sagaId }) => !known.has(sagaId))
    .map(({ sagaId }) => finding("every saga has an order", sagaId, "is a saga without an order"));
}

function finding(rule: string, orderId: string, message: string): AuditFinding {
  return { rule, orderId, message };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
