// Audits page by page: only the counts are kept between pages, so memory does not grow with the orders.
import type { OrderBook } from "../order/order-book.ts";
import type { LedgerReader } from "../payment-provider/ledger.ts";
import { audit, type AuditReport, type AuditRules, mergeReports } from "./audit.ts";
import { type AuditFacts, type AuthorizationFact, noFacts, type SagaFact, type TicketFact } from "./facts.ts";

/** Sagas, or entries of the ledger, read at once. */
const pageSize = 1_000;
/** How often a page with differences is read: orders may change between two reads. */
const readingsMax = 5;

/** Where the facts are. */
export interface AuditSources {
  readonly orders: Pick<OrderBook, "find">;
  /** Sagas, the newest first. */
  readonly sagas: (query: PageQuery) => Promise<readonly SagaFact[]>;
  readonly tickets: (orderIds: readonly string[]) => Promise<readonly TicketFact[]>;
  readonly authorizations: (orderIds: readonly string[]) => Promise<readonly AuthorizationFact[]>;
  readonly ledger: LedgerReader;
}

/** Which page to read. */
export interface PageQuery {
  readonly limit: number;
  /** The last one of the page before. */
  readonly before?: string;
}

/**
 * Audits everything. While orders are in flight the ledger may be ahead of the ends, but never behind, so
 * each page of sagas is read before its ledger entries, and an entry before the order that it belongs to. An
 * order that is cancelled or revised while its page is read would look like a difference, so a page with
 * findings is read again.
 */
export async function auditAll(sources: AuditSources, rules: AuditRules): Promise<AuditReport> {
  let report = audit(noFacts, rules);
  let before: string | undefined;
  for (;;) {
    const query = before === undefined ? { limit: pageSize } : { limit: pageSize, before };
    const { page, last, count } = await auditPage(sources, rules, query);
    report = mergeReports(report, page);
    if (last === undefined || count < pageSize) break;
    before = last;
  }
  return mergeReports(report, await auditStrays(sources, rules));
}

interface AuditedPage {
  readonly page: AuditReport;
  readonly last: string | undefined;
  readonly count: number;
}

async function auditPage(sources: AuditSources, rules: AuditRules, query: PageQuery): Promise<AuditedPage> {
  for (let reading = 1; ; reading += 1) {
    const facts = await factsOf(sources, await sources.sagas(query));
    const page = audit(facts, rules);
    const { sagas } = facts;
    if (page.green || rules.settled || reading === readingsMax)
      return { page, last: sagas.at(-1)?.sagaId, count: sagas.length };
  }
}

async function factsOf(sources: AuditSources, sagas: readonly SagaFact[]): Promise<AuditFacts> {
  if (sagas.length === 0) return noFacts;
  const ids = sagas.map(({ sagaId }) => sagaId);
  const orders = await sources.orders.find(ids);
  const tickets = await sources.tickets(ids);
  const authorizations = await sources.authorizations(ids);
  const ledger = await sources.ledger.of(ids);
  return { sagas, orders, tickets, authorizations, ledger };
}

/** Entries that belong to no order. */
async function auditStrays({ orders, ledger }: AuditSources, rules: AuditRules): Promise<AuditReport> {
  let report = audit(noFacts, rules);
  for (let page = await ledger.page(0, pageSize); page.length > 0; ) {
    const known = new Set(
      (await orders.find(page.map(({ reference }) => reference))).map((one) => one.orderId),
    );
    const strays = page.filter(({ reference }) => !known.has(reference));
    report = mergeReports(report, audit({ ...noFacts, ledger: strays }, rules));
    page = page.length < pageSize ? [] : await ledger.page(page.at(-1)?.entry ?? 0, pageSize);
  }
  return report;
}
