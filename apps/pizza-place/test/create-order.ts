// For tests and the bench: the pizza place as it was when orders could only be created: its four contracts,
// and their code.
import {
  all,
  choreography,
  command,
  ignore,
  lock,
  never,
  on,
  participant,
  type Service,
  service,
  to,
} from "quadrille";
import { authorizing, failed, head as authorizationHead } from "../src/accounting/contract.ts";
import { CreditCardAuthorizationFailed, CreditCardAuthorized } from "../src/events/accounting.ts";
import { consumer } from "../src/consumer/contract.ts";
import { ConsumerVerificationFailed, ConsumerVerified } from "../src/events/consumer.ts";
import { consumerService } from "../src/consumer/service.ts";
import { acceptTicket, head as ticketHead, startPreparing } from "../src/kitchen/contract.ts";
import { TicketCreated, TicketCreationFailed } from "../src/events/kitchen.ts";
import { countPizzas, kitchenRule } from "../src/kitchen/rules.ts";
import { head as orderHead } from "../src/order/contract.ts";
import { OrderApproved, OrderCreated, OrderRejected, OrderRequest } from "../src/events/order.ts";
import type { Knowledge } from "../src/composition/contracts.ts";

const createOrder = command("createOrder", OrderRequest);

const order = participant("Order", {
  ...orderHead,
  states: {
    ABSENT: [on(createOrder, to("APPROVAL_PENDING").emits(OrderCreated))],
    APPROVAL_PENDING: lock([
      on(CreditCardAuthorized, to("APPROVED").emits(OrderApproved)),
      on(ConsumerVerificationFailed, to("REJECTED").emits(OrderRejected)),
      on(TicketCreationFailed, to("REJECTED").emits(OrderRejected)),
      on(CreditCardAuthorizationFailed, to("REJECTED").emits(OrderRejected)),
    ]),
    REJECTED: [ignore(ConsumerVerificationFailed), ignore(TicketCreationFailed)],
    APPROVED: [],
  },
});

const kitchen = participant("Kitchen", {
  ...ticketHead,
  states: {
    ABSENT: [
      on(OrderCreated, {
        ok: to("CREATE_PENDING").emits(TicketCreated),
        no: to("REJECTED").emits(TicketCreationFailed),
      }),
      on(OrderRejected, to("REJECTED")),
    ],
    CREATE_PENDING: lock([
      on(CreditCardAuthorized, to("AWAITING_ACCEPTANCE")),
      on(OrderRejected, to("REJECTED")),
    ]),
    REJECTED: [ignore(OrderCreated), ignore(OrderRejected)],
    AWAITING_ACCEPTANCE: [on(acceptTicket, to("ACCEPTED"))],
    ACCEPTED: [on(startPreparing, to("PREPARING"))],
    PREPARING: [],
  },
});

const accounting = participant("Accounting", {
  ...authorizationHead,
  states: {
    ABSENT: [
      on(all(OrderCreated, ConsumerVerified, TicketCreated), to("AUTHORIZING")),
      on(OrderRejected, to("FAILED")),
      never(OrderRejected, { once: [ConsumerVerified, TicketCreated] }),
    ],
    AUTHORIZING: lock([authorizing]),
    FAILED: failed,
    AUTHORIZED: [],
  },
});

const live = ["AWAITING_ACCEPTANCE", "ACCEPTED", "PREPARING"] as const;

/** Create Order, as it ran before there was a life after the approval. */
export const createOrderSaga = choreography("Create Order", {
  participants: [order, consumer, kitchen, accounting],
  publicEvents: [OrderApproved],
  ends: {
    approved: {
      Order: "APPROVED",
      Consumer: "VERIFIED",
      Kitchen: live,
      Accounting: "AUTHORIZED",
      tally: { held: 1 },
    },
    rejected: {
      Order: "REJECTED",
      Consumer: ["VERIFIED", "REFUSED"],
      Kitchen: "REJECTED",
      Accounting: "FAILED",
      tally: { held: 0 },
    },
  },
});

/** What its services know. */
export type CreateOrderKnowledge = Pick<Knowledge, "directory" | "rules" | "cards" | "provider">;

/** Its services. */
export function createOrderServices(known: CreateOrderKnowledge): readonly Service[] {
  return [orderCode(), consumerService(known.directory), kitchenCode(known), accountingCode(known)];
}

function orderCode(): Service {
  return service(order, {
    handlers: {
      ABSENT: {
        createOrder: ({ payload, entity, choose }) => {
          const details = { ...payload, orderId: entity.sagaId };
          return choose({ OrderCreated: details }, { data: { details } });
        },
      },
      APPROVAL_PENDING: {
        CreditCardAuthorized: ({ entity, choose }) => {
          const { orderId, total } = entity.data.details;
          return choose({ OrderApproved: { orderId, total } });
        },
        ConsumerVerificationFailed: ({ payload, choose }) => choose({ OrderRejected: payload }),
        TicketCreationFailed: ({ payload, choose }) => choose({ OrderRejected: payload }),
        CreditCardAuthorizationFailed: ({ payload, choose }) => choose({ OrderRejected: payload }),
      },
    },
  });
}

function kitchenCode({ rules }: CreateOrderKnowledge): Service {
  const refuse = kitchenRule(rules);
  return service(kitchen, {
    handlers: {
      ABSENT: {
        OrderCreated: ({ payload, choose }) => {
          const { orderId, lines } = payload;
          const reason = refuse(payload);
          if (reason !== undefined) return choose.no({ TicketCreationFailed: { orderId, reason } });
          const pizzas = lines.map(({ pizza, size, quantity }) => ({ pizza, size, quantity }));
          return choose.ok(
            { TicketCreated: { orderId, pizzas: countPizzas(payload) } },
            { data: { pizzas } },
          );
        },
      },
    },
  });
}

function accountingCode({ cards, provider }: CreateOrderKnowledge): Service {
  return service(accounting, {
    handlers: {
      ABSENT: {
        "OrderCreated+ConsumerVerified+TicketCreated": ({ payload, choose }) =>
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
          if (payload.answer === "declined")
            return choose.declined({ CreditCardAuthorizationFailed: { orderId, reason: "card declined" } });
          const { authorizationId } = payload;
          return choose.ok(
            { CreditCardAuthorized: { orderId, authorizationId, amount } },
            { data: { ...entity.data, authorizationId } },
          );
        },
      },
    },
    activities: {
      pspAuthorize: ({ entity, id, signal }) => {
        const { orderId: reference, cardId, amount } = entity.data;
        const { token: cardToken = "" } = cards.get(cardId) ?? {};
        return provider.authorize({ key: id, cardToken, amount, reference }, signal);
      },
    },
  });
}
