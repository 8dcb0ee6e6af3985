// Consumer's directory of consumers, and the rule that verifies one.
import type { OrderRequest, RejectionReason } from "../events/order.ts";

/** A consumer as Consumer knows it. */
export interface ConsumerAccount {
  readonly consumerId: string;
  /** The most that one order may cost, in cents. */
  readonly limit: number;
  readonly blocked: boolean;
  /** The card to charge. */
  readonly cardId: string;
}

/** All consumers by id. */
export type ConsumerDirectory = ReadonlyMap<string, ConsumerAccount>;

/** The consumer's account if the order is within its limit, or the reason why not. */
export type Verification =
  | { readonly ok: true; readonly account: ConsumerAccount }
  | { readonly ok: false; readonly reason: RejectionReason };

/** Verifies that the consumer may order this much. */
export function verify(directory: ConsumerDirectory, order: OrderRequest): Verification {
  const account = directory.get(order.consumerId);
  if (account === undefined) return { ok: false, reason: "unknown consumer" };
  if (account.blocked) return { ok: false, reason: "consumer blocked" };
  if (order.total > account.limit) return { ok: false, reason: "order above the consumer's limit" };
  return { ok: true, account };
}
