// Consumer's code where open orders count: one conditional update debits, another one credits, in the
// reaction's transaction. Such updates commute: the sum does not depend on the order in which a consumer's
// orders arrive.
import { type Service, service, type Transaction } from "quadrille";
import type { RejectionReason } from "../order/events.ts";
import { type ConsumerDirectory, verify } from "./directory.ts";
import { consumerWithCredit } from "./variants.ts";

/** Consumer, ready to be run with its directory, and with the open amounts in its table. */
export function consumerServiceWithCredit(directory: ConsumerDirectory): Service<typeof consumerWithCredit> {
  return service(consumerWithCredit, {
    handlers: {
      NONE: {
        OrderCreated: {
          transact: async ({ payload, choose }, tx) => {
            const { orderId, consumerId, total: amount } = payload;
            const refuse = (reason: RejectionReason) =>
              choose.no({ ConsumerVerificationFailed: { orderId, reason } });
            const verification = verify(directory, payload);
            if (!verification.ok) return refuse(verification.reason);
            if (!(await debit(tx, consumerId, amount))) return refuse("above the consumer's credit");
            const { cardId } = verification.account;
            return choose.ok({ ConsumerVerified: { orderId, cardId } }, { data: { consumerId, amount } });
          },
        },
      },
      VERIFIED: {
        OrderRejected: {
          transact: async ({ entity, choose }, tx) => {
            await credit(tx, entity.data);
            return choose();
          },
        },
        // Pessimistic view: the last step of a cancel, which cannot fail and is repeated until it has succeeded.
        OrderCancelled: {
          transact: async ({ entity, choose }, tx) => {
            await credit(tx, entity.data);
            return choose();
          },
        },
        // The order has been revised already: the sum follows, whatever the credit is.
        OrderRevised: {
          transact: async ({ payload, entity, choose }, tx) => {
            const { consumerId, amount } = entity.data;
            await credit(tx, { consumerId, amount: amount - payload.total });
            return choose({ data: { consumerId, amount: payload.total } });
          },
        },
      },
    },
  });
}

/** Whether the amount fits. Nothing is read first, so nothing can change in between. */
async function debit(tx: Transaction, consumerId: string, amount: number): Promise<boolean> {
  const { rows } = await tx.query(
    `update consumer.account set open_cents = open_cents + $2
     where consumer_id = $1 and (credit_cents is null or open_cents + $2 <= credit_cents) returning consumer_id`,
    [consumerId, amount],
  );
  return rows.length > 0;
}

async function credit(
  tx: Transaction,
  { consumerId, amount }: { readonly consumerId: string; readonly amount: number },
): Promise<void> {
  await tx.query("update consumer.account set open_cents = open_cents - $2 where consumer_id = $1", [
    consumerId,
    amount,
  ]);
}
