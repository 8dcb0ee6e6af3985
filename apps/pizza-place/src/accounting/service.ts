// Accounting's code: what to charge, and what the provider's answer means.
import { service } from "quadrille";
import { accounting } from "./contract.ts";

export const accountingService = service(accounting, {
  handlers: {
    ABSENT: {
      "OrderCreated+ConsumerVerified+TicketCreated": ({ event, outcome }) =>
        outcome({
          data: {
            orderId: event.OrderCreated.orderId,
            cardId: event.ConsumerVerified.cardId,
            amount: event.OrderCreated.total,
          },
        }),
    },
    AUTHORIZING: {
      pspAuthorize: ({ event, entity, outcome }) =>
        event.answer === "authorized"
          ? outcome.ok({
              data: { ...entity.data, authorizationId: event.authorizationId },
              CreditCardAuthorized: {
                orderId: entity.data.orderId,
                authorizationId: event.authorizationId,
                amount: entity.data.amount,
              },
            })
          : outcome.declined({
              CreditCardAuthorizationFailed: { orderId: entity.data.orderId, reason: "card declined" },
            }),
    },
  },
  activities: { pspAuthorize: async ({ entity }) => ({ answer: "authorized", authorizationId: entity.key }) },
});
