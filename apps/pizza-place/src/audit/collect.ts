// Audits page by page: what is kept between two pages is the counts alone, however many orders there are.
import type { OrderBook } from "../order/order-book.ts";
import type { LedgerReader } from "../payment-provider/ledger.ts";
import { audit, type AuditReport, type AuditRules, mergeReports, type SagaFact } from "./audit.ts";

/** Sagas, or entries of the ledger, read at once. */
const pageSize = 1_000;

/** Where the facts are. */
export interface AuditSources {
  readonly orders: Pick<OrderBook, "find">;
  /** Sagas, the newest first. */
  readonly sagas: (query: PageQuery) => Promise<readonly SagaFact[]>;
  readonly ledger: LedgerReader;
}

/** Which page to read. */
export interface PageQuery {
  readonly limit: number;
  /** The last one of the page before. */
  readonly before?: string;
}

/**
 * Audits everything. While orders are under way the ledger may be ahead of the ends, never behind: so each page of sagas
 * is read before its entries, and an entry before the order that it must belong to.
 */
export async function auditAll(sources: AuditSources, rules: AuditRules): Promise<AuditReport> {
  let report = audit({ sagas: [], orders: [], ledger: [] }, rules);
  for await (const sagas of pagesOf((query) => sources.sagas(query))) {
    const ids = sagas.map(({ sagaId }) => sagaId);
    const orders = await sources.orders.find(ids);
    const ledger = await sources.ledger.of(ids);
    report = mergeReports(report, audit({ sagas, orders, ledger }, rules));
  }
  return mergeReports(report, await auditStrays(sources, rules));
}

/** Entries that belong to no order. */
async function auditStrays({ orders, ledger }: AuditSources, rules: AuditRules): Promise<AuditReport> {
  let report = audit({ sagas: [], orders: [], ledger: [] }, rules);
  for (let page = await ledger.page(0, pageSize); page.length > 0; ) {
    const known = new Set(
      (await orders.find(page.map(({ reference }) => reference))).map((one) => one.orderId),
    );
    const strays = page.filter(({ reference }) => !known.has(reference));
    report = mergeReports(report, audit({ sagas: [], orders: [], ledger: strays }, rules));
    page = page.length < pageSize ? [] : await ledger.page(page.at(-1)?.entry ?? 0, pageSize);
  }
  return report;
}

/** Pages of sagas, until there are no more. */
export async function* pagesOf<Saga extends Pick<SagaFact, "sagaId">>(
  read: (query: PageQuery) => Promise<readonly Saga[]>,
): AsyncGenerator<readonly Saga[]> {
  for (let page = await read({ limit: pageSize }); page.length > 0; ) {
    yield page;
    const last = page.at(-1);
    if (page.length < pageSize || last === undefined) return;
    page = await read({ limit: pageSize, before: last.sagaId });
  }
}
