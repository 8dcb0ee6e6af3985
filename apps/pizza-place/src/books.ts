// Opens what earlier runs left: the order book, the sagas, the ledger. The engine is not needed to look at them.
import { type Database, type Operations, openOperations } from "quadrille";
import type { AuditReport, AuditRules } from "./audit/audit.ts";
import { auditAll } from "./audit/collect.ts";
import { createOrderSaga } from "./choreography.ts";
import type { Sql } from "./database/sql.ts";
import { storeSql } from "./database/store-sql.ts";
import { type OrderBook, orderBook } from "./order/order-book.ts";
import { ledgerReader } from "./payment-provider/ledger.ts";

/** What can be looked at. */
export interface Books {
  readonly orders: OrderBook;
  readonly operations: Operations;
  /** For the services' own tables. */
  readonly sql: Sql;
  /** The numbers of the data set's orders among these that were placed. */
  placedBefore(references: readonly string[]): Promise<ReadonlySet<string>>;
  audit(rules: AuditRules): Promise<AuditReport>;
}

/** Opens the books: with `lanes` the participants' tables are made where there are none, "as made" only looks at them. */
export async function openBooks(database: Database, lanes: number | "as made"): Promise<Books> {
  const operations = await openOperations({ choreography: createOrderSaga, database, lanes });
  const store = await database.open({ name: "Order", lanes, sources: [] });
  const orders = orderBook(store);
  const sql = storeSql(store);
  return {
    orders,
    operations,
    sql,
    placedBefore: async (references) => {
      const answers = await store.answers(references.map(replayKey));
      return new Set(references.filter((reference) => answers.has(replayKey(reference))));
    },
    audit: (rules) =>
      auditAll({ orders, sagas: (query) => operations.sagas(query), ledger: ledgerReader(sql) }, rules),
  };
}

/** The idempotency key of a replayed order: apart from those of orders that come through the door. */
export function replayKey(reference: string): string {
  return `replay/${reference}`;
}
