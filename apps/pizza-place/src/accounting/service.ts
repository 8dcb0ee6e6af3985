// Accounting's code: the amount to charge, the meaning of the provider's answer, and whether an authorization
// may be reversed or changed.
import { type Code, service, type Service } from "quadrille";
import { expectRevision, revisionOf } from "../shared/revision.ts";
import type { PaymentProvider } from "../payment-provider/provider.ts";
import type { Card, CardFile } from "./cards.ts";
import { accounting } from "./contract.ts";
import { accountingWithDeadline } from "./variants.ts";

/** Accounting, ready to be run with its cards and the payment provider that it asks. */
export function accountingService(cards: CardFile, provider: PaymentProvider): Service<typeof accounting> {
  return service(accounting, codeOf(cards, provider));
}

/** The same, where the approval has a deadline: the reversal that follows from it needs no code. */
export function accountingServiceWithDeadline(
  cards: CardFile,
  provider: PaymentProvider,
): Service<typeof accountingWithDeadline> {
  return service(accountingWithDeadline, codeOf(cards, provider));
}

type AccountingHandlers = Code<typeof accounting>["handlers"];

function codeOf(cards: CardFile, provider: PaymentProvider): Code<typeof accounting> {
  return {
    handlers: {
      ABSENT: {
        ready: ({ payload, choose }) =>
          choose({
            data: {
              orderId: payload.OrderCreated.orderId,
              cardId: payload.ConsumerVerified.cardId,
              amount: payload.OrderCreated.total,
            },
          }),
      },
      AUTHORIZING: {
        pspAuthorize: ({ payload, entity, choose }) => {
          const { orderId, amount } = entity.data;
          if (payload.answer === "declined") {
            return choose.declined({ CreditCardAuthorizationFailed: { orderId, reason: "card declined" } });
          }
          const { authorizationId } = payload;
          return choose.ok(
            { CreditCardAuthorized: { orderId, authorizationId, amount } },
            { data: { ...entity.data, authorizationId } },
          );
        },
      },
      AUTHORIZED: changesOf(cards),
    },
    activities: {
      // The call's id is the provider's idempotency key: however often it is tried, the card is charged once.
      pspAuthorize: ({ entity, id, signal }) => {
        const { orderId, cardId, amount } = entity.data;
        const { token } = cardOf(cards, cardId);
        return provider.authorize({ key: id, cardToken: token, amount, reference: orderId }, signal);
      },
    },
  };
}

/** How an authorization reacts to a cancel and to a revision. The clearing reports it to the provider. */
function changesOf(cards: CardFile): AccountingHandlers["AUTHORIZED"] {
  return {
    TicketCancelPending: ({ payload, entity, choose }) => {
      const { orderId, revision } = payload;
      const { cardId, amount, authorizationId = "" } = entity.data;
      expectRevision(revisionOf(entity.data), payload);
      return cardOf(cards, cardId).isPrepaid
        ? choose.refused({ AuthorizationReversalRefused: { orderId, revision, reason: "prepaid card" } })
        : choose.ok({ AuthorizationReversed: { orderId, revision, authorizationId, amount } });
    },
    TicketRevisionPending: ({ payload, entity, choose }) => {
      const { orderId, revision, total: amount } = payload;
      const { cardId, authorizationId = "" } = entity.data;
      expectRevision(revisionOf(entity.data) + 1, payload);
      return amount > Math.max(entity.data.amount, cardOf(cards, cardId).raiseMax)
        ? choose.refused({
            AuthorizationRevisionRefused: { orderId, revision, reason: "above what the card takes" },
          })
        : choose.ok(
            { AuthorizationRevised: { orderId, revision, authorizationId, amount } },
            { data: { ...entity.data, amount, revision } },
          );
    },
  };
}

function cardOf(cards: CardFile, cardId: string): Card {
  const card = cards.get(cardId);
  if (card === undefined)
    throw new Error(`Accounting has no card ${cardId}; add it to accounting.card and redrive the message`);
  return card;
}
