// Consumer's code where open orders count against credit: each kind of message is taken for all orders of a
// batch at once.
import { type Service, service } from "quadrille";
import type { RejectionReason } from "../events/order.ts";
import { type ConsumerDirectory, verify } from "./directory.ts";
import { creditAll, debitAll } from "./open-amounts.ts";
import { consumerWithCredit } from "./variants.ts";

/** Consumer, ready to be run with its directory, and with the open amounts in its table. */
export function consumerServiceWithCredit(directory: ConsumerDirectory): Service<typeof consumerWithCredit> {
  return service(consumerWithCredit, {
    handlers: {
      NONE: {
        OrderCreated: {
          transactAll: async (orders, tx) => {
            const wanted = orders
              .filter(({ payload }) => verify(directory, payload).ok)
              .map(({ payload: { orderId, consumerId, total: amount } }) => ({
                orderId,
                consumerId,
                amount,
              }));
            const debited = await debitAll(tx, wanted);
            return orders.map(({ payload, choose }) => {
              const { orderId, consumerId, total: amount } = payload;
              const refuse = (reason: RejectionReason) =>
                choose.no({ ConsumerVerificationFailed: { orderId, reason } });
              const verification = verify(directory, payload);
              if (!verification.ok) return refuse(verification.reason);
              if (!debited.has(orderId)) return refuse("above the consumer's credit");
              const { cardId } = verification.account;
              return choose.ok({ ConsumerVerified: { orderId, cardId } }, { data: { consumerId, amount } });
            });
          },
        },
      },
      VERIFIED: {
        OrderRejected: {
          transactAll: async (orders, tx) => {
            const amounts = orders.map(({ entity }) => entity.data);
            await creditAll(tx, amounts);
            return orders.map(({ choose }) => choose());
          },
        },
        // Pessimistic view: the last step of a cancel, which cannot fail and is repeated until it has
        // succeeded.
        OrderCancelled: {
          transactAll: async (orders, tx) => {
            const amounts = orders.map(({ entity }) => entity.data);
            await creditAll(tx, amounts);
            return orders.map(({ choose }) => choose());
          },
        },
        // The order has been revised already: the sum follows, whatever the credit is.
        OrderRevised: {
          transactAll: async (orders, tx) => {
            const less = orders.map(({ payload, entity: { data } }) => ({
              consumerId: data.consumerId,
              amount: data.amount - payload.total,
            }));
            await creditAll(tx, less);
            return orders.map(({ payload: { total: amount }, entity: { data }, choose }) =>
              choose({ data: { consumerId: data.consumerId, amount } }),
            );
          },
        },
      },
    },
  });
}
