// Accounting's code: what to charge, and what the provider's answer means.
import { service, type Service } from "quadrille";
import type { PaymentProvider } from "../payment-provider/provider.ts";
import { accounting } from "./contract.ts";
import type { CardFile } from "./cards.ts";

/** Accounting, ready to be run with its cards and the payment provider that it asks. */
export function accountingService(cards: CardFile, provider: PaymentProvider): Service<typeof accounting> {
  return service(accounting, {
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
        pspAuthorize: ({ event, entity, outcome }) => {
          const { orderId, amount } = entity.data;
          if (event.answer === "declined") {
            return outcome.declined({ CreditCardAuthorizationFailed: { orderId, reason: "card declined" } });
          }
          const { authorizationId } = event;
          return outcome.ok({
            data: { ...entity.data, authorizationId },
            CreditCardAuthorized: { orderId, authorizationId, amount },
          });
        },
      },
    },
    activities: {
      // The call's id is the provider's idempotency key: however often it is tried, the card is charged once.
      pspAuthorize: ({ entity, id, signal }) => {
        const { orderId, cardId, amount } = entity.data;
        return provider.authorize(
          { key: id, cardToken: tokenOf(cards, cardId), amount, reference: orderId },
          signal,
        );
      },
    },
  });
}

function tokenOf(cards: CardFile, cardId: string): string {
  const token = cards.get(cardId);
  if (token === undefined)
    throw new Error(`Accounting has no card ${cardId}; add it to accounting.card and redrive the message`);
  return token;
}
