// The facts of an audit: sagas, orders, tickets, authorizations, and the payment provider's ledger.
import type { OrderLine } from "../events/order.ts";

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
  readonly lines: readonly OrderLine[];
  readonly revision: number;
  readonly reason: string | undefined;
}

/** What is baked of a line. */
type Baked = Readonly<Record<"pizza" | "size", string>> & { readonly quantity: number };

/** What is known of a ticket. */
export interface TicketFact {
  readonly orderId: string;
  readonly pizzas: readonly Baked[];
  readonly revision: number;
}

/** What is known of an authorization at Accounting. */
export interface AuthorizationFact {
  readonly orderId: string;
  readonly state: string;
  /** In cents. */
  readonly amount: number;
  readonly revision: number;
}

/** What is known of an entry of the provider's ledger. */
export interface EntryFact {
  readonly key: string;
  /** A change's amount is held from then on; a reversal's is held no longer. */
  readonly kind: "authorization" | "change" | "reversal";
  /** The order's id. */
  readonly reference: string;
  /** In cents. */
  readonly amount: number;
  readonly answer: "authorized" | "declined";
}

/** Everything that is audited; the ledger's entries in their order. */
export interface AuditFacts {
  readonly sagas: readonly SagaFact[];
  readonly orders: readonly OrderFact[];
  readonly tickets: readonly TicketFact[];
  readonly authorizations: readonly AuthorizationFact[];
  readonly ledger: readonly EntryFact[];
}

/** What a place without orders has. */
export const noFacts: AuditFacts = { sagas: [], orders: [], tickets: [], authorizations: [], ledger: [] };
