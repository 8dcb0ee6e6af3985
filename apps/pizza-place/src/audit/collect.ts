// Collects the facts of an audit, page by page.
import type { OrderBook } from "../order/order-book.ts";
import type { LedgerEntry } from "../payment-provider/ledger.ts";
import type { AuditFacts, OrderFact, SagaFact } from "./audit.ts";

/** Orders and sagas read at once. */
const pageSize = 1_000;

/** Where the facts are. */
export interface AuditSources {
  readonly orders: Pick<OrderBook, "page">;
  readonly sagas: (query: {
    readonly limit: number;
    readonly before?: string;
  }) => Promise<readonly SagaFact[]>;
  readonly ledger: () => Promise<readonly LedgerEntry[]>;
}

/**
 * Reads everything. While orders are under way the ledger may be ahead of the ends, never behind: so the sagas are read
 * first and the ledger last, and what was placed in between is left out.
 */
export async function collectFacts(sources: AuditSources): Promise<AuditFacts> {
  const sagas = await readPages(
    (query) => sources.sagas(query),
    ({ sagaId }) => sagaId,
  );
  const known = new Set(sagas.map(({ sagaId }) => sagaId));
  const orders = await readPages(
    (query) => sources.orders.page(query),
    ({ orderId }) => orderId,
  );
  const ledger = await sources.ledger();
  const placedSince = new Set(orders.map(({ orderId }) => orderId).filter((orderId) => !known.has(orderId)));
  return {
    sagas: sagas.map(({ sagaId, end }) => ({ sagaId, end })),
    orders: orders
      .filter(({ orderId }) => known.has(orderId))
      .map(({ orderId, total, reason }): OrderFact => ({ orderId, total, reason })),
    ledger: ledger
      .filter(({ reference }) => !placedSince.has(reference))
      .map(({ key, reference, amount, answer }) => ({ key, reference, amount, answer })),
  };
}

/** Reads everything, page by page. */
export async function readPages<T>(
  read: (query: { readonly limit: number; readonly before?: string }) => Promise<readonly T[]>,
  idOf: (item: T) => string,
): Promise<readonly T[]> {
  const all: T[] = [];
  let page = await read({ limit: pageSize });
  while (page.length > 0) {
    all.push(...page);
    const last = page.at(-1);
    if (page.length < pageSize || last === undefined) break;
    page = await read({ limit: pageSize, before: idOf(last) });
  }
  return all;
}
