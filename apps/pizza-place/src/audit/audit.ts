// The audit: the payment provider's ledger, the authorizations, the tickets and the ends of the sagas agree
// to the cent, in both directions. Pure; see collect.ts for the facts.
import { type AuditFinding, type Case, caseFindings, casesOf, isUncleared } from "./case.ts";
import type { AuditFacts } from "./facts.ts";

/** The result. Amounts are in cents. */
export interface AuditReport {
  readonly green: boolean;
  readonly orders: number;
  readonly approved: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Approved and cancelled orders that were revised. */
  readonly revised: number;
  /** Sagas that have not reached a declared end yet. */
  readonly live: number;
  /** Authorizations of the ledger, those of live orders included. */
  readonly authorizations: number;
  readonly declined: number;
  readonly reversals: number;
  /** Orders whose reversal or new amount the provider does not know yet. */
  readonly uncleared: number;
  /** The approved orders' totals. */
  readonly approvedCents: number;
  /** What the provider holds for approved orders. */
  readonly authorizedCents: number;
  /** The cancelled orders' totals. */
  readonly cancelledCents: number;
  /** What the provider has reversed for cancelled orders. */
  readonly reversedCents: number;
  /** All differences; at most 20 are listed. */
  readonly findings: readonly AuditFinding[];
  readonly findingsCount: number;
}

/** What counts as a finding besides differences. */
export interface AuditRules {
  /** Whether a saga without an end is a finding, and a reversal or change that the provider does not know. */
  readonly settled: boolean;
  /** Except these: another process still works on them. */
  readonly isOther?: (sagaId: string) => boolean;
}

/** How many findings are listed. */
const findingsMax = 20;

/** Compares the facts. */
export function audit(facts: AuditFacts, { settled, isOther = () => false }: AuditRules): AuditReport {
  const cases = casesOf(facts);
  const live = facts.sagas.filter(({ end }) => end === undefined);
  const owed = settled ? live.filter(({ sagaId }) => !isOther(sagaId)) : [];
  const uncleared = cases.filter(isUncleared);
  const unreported = settled ? uncleared.filter(({ order }) => !isOther(order.orderId)) : [];
  const findings = [
    ...cases.flatMap(caseFindings),
    ...strayEntries(facts),
    ...unmatched(facts),
    ...owed.map(({ sagaId }) => finding("every saga has an end", sagaId, "has not come to a declared end")),
    ...unreported.map(({ order: { orderId } }) =>
      finding(
        "the provider is notified",
        orderId,
        "was cancelled or revised, and the provider was not notified",
      ),
    ),
  ];
  return {
    green: findings.length === 0,
    orders: facts.orders.length,
    live: live.length,
    uncleared: uncleared.length,
    ...countsOf(cases),
    ...sumsOf(cases),
    ...entriesOf(facts),
    findings: findings.slice(0, findingsMax),
    findingsCount: findings.length,
  };
}

function countsOf(cases: readonly Case[]) {
  const count = (end: string) => cases.filter((one) => one.end === end).length;
  return {
    approved: count("approved"),
    rejected: count("rejected") + count("declined"),
    cancelled: count("cancelled"),
    revised: cases.filter(({ order, end }) => order.revision > 0 && end !== "live").length,
  };
}

function sumsOf(cases: readonly Case[]) {
  const sum = (end: string, amountOf: (one: Case) => number) =>
    cases.reduce((total, one) => total + (one.end === end ? amountOf(one) : 0), 0);
  const reversed = ({ reversals }: Case) => reversals.reduce((total, { amount }) => total + amount, 0);
  const held = ({ authorized, changes }: Case) =>
    changes.at(-1)?.amount ?? authorized.reduce((total, { amount }) => total + amount, 0);
  return {
    approvedCents: sum("approved", ({ order }) => order.total),
    authorizedCents: sum("approved", held),
    cancelledCents: sum("cancelled", ({ order }) => order.total),
    reversedCents: sum("cancelled", reversed),
  };
}

function entriesOf({ ledger }: AuditFacts) {
  const count = (kind: string, answer: string) =>
    ledger.filter((one) => one.kind === kind && one.answer === answer).length;
  return {
    authorizations: count("authorization", "authorized"),
    declined: count("authorization", "declined"),
    reversals: count("reversal", "authorized"),
  };
}

/** The report of two disjoint sets of facts. */
export function mergeReports(one: AuditReport, other: AuditReport): AuditReport {
  return {
    green: one.green && other.green,
    orders: one.orders + other.orders,
    approved: one.approved + other.approved,
    rejected: one.rejected + other.rejected,
    cancelled: one.cancelled + other.cancelled,
    revised: one.revised + other.revised,
    live: one.live + other.live,
    authorizations: one.authorizations + other.authorizations,
    declined: one.declined + other.declined,
    reversals: one.reversals + other.reversals,
    uncleared: one.uncleared + other.uncleared,
    approvedCents: one.approvedCents + other.approvedCents,
    authorizedCents: one.authorizedCents + other.authorizedCents,
    cancelledCents: one.cancelledCents + other.cancelledCents,
    reversedCents: one.reversedCents + other.reversedCents,
    findings: [...one.findings, ...other.findings].slice(0, findingsMax),
    findingsCount: one.findingsCount + other.findingsCount,
  };
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
