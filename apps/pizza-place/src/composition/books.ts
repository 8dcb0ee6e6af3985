// Opens what earlier runs left: the order book, the sagas, the ledger. The engine is not needed to look at
// them.
import type { Database, Sql } from "quadrille";
import { type Operations, openOperations } from "quadrille/operations";
import type { AuditReport, AuditRules } from "../audit/audit.ts";
import { readAuthorizations } from "../accounting/authorizations.ts";
import { auditAll, type AuditSources } from "../audit/collect.ts";
import { readTickets } from "../kitchen/tickets.ts";
import { sqlOf } from "../database/sql.ts";
import type { ContractName } from "../shared/contract-name.ts";
import { choreographyOf, keptBy } from "./contracts.ts";
import { type OrderBook, orderBook } from "../order/order-book.ts";
import { ledgerReader } from "../payment-provider/ledger.ts";
import { contractIn } from "./whose-contract.ts";

/** What can be looked at. */
export interface Books {
  /** Of which contract the books are. */
  readonly contract: ContractName;
  readonly orders: OrderBook;
  readonly operations: Operations;
  /** For the services' own tables. */
  readonly sql: Sql;
  /** The numbers of the data set's orders among these that were placed. */
  placedBefore(references: readonly string[]): Promise<ReadonlySet<string>>;
  audit(rules: AuditRules): Promise<AuditReport>;
}

/** Makes the participants' tables where there are none: the books are opened before the engine starts. */
export async function makeTables(database: Database, contract: ContractName, lanes: number): Promise<void> {
  for (const { name } of choreographyOf(contract).participants) await database.open({ name, lanes });
}

/**
 * Opens the books, and reads them by the contract that is given, or else by the one that ran here last. Makes
 * nothing: rejects with `Q_SCHEMA_MISSING` where there are no tables.
 */
export async function openBooks(database: Database, wanted?: ContractName): Promise<Books> {
  const sql = sqlOf(database);
  const contract = wanted ?? (await contractIn(database));
  const operations = await openOperations({ choreography: choreographyOf(contract), database });
  const kept = keptBy(contract, database);
  const orders = orderBook(kept.orders);
  const store = await database.inspect({ name: "Order" });
  const sources: AuditSources = {
    orders,
    sagas: (query) => operations.sagas(query),
    tickets: (ids) => readTickets(kept.tickets, ids),
    authorizations: (ids) => readAuthorizations(kept.authorizations, ids),
    ledger: ledgerReader(sql),
  };
  return {
    contract,
    orders,
    operations,
    sql,
    placedBefore: async (references) => {
      const answers = await store.answers(references.map(replayKey));
      return new Set(references.filter((reference) => answers.has(replayKey(reference))));
    },
    audit: (rules) => auditAll(sources, rules),
  };
}

/** The idempotency key of a replayed order; distinct from the keys of orders that come over HTTP. */
export function replayKey(reference: string): string {
  return `replay/${reference}`;
}
