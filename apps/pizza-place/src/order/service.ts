// Order's code: the order goes out with all its details; the first refusal becomes the reason of the rejection.
import { service, type Service } from "quadrille";
import { order } from "./contract.ts";

/** Order, ready to be run. It decides nothing by itself: the partners' answers do. */
export function orderService(): Service<typeof order> {
  return service(order, {
    handlers: {
      ABSENT: {
        // An order's id is its saga's.
        createOrder: ({ event, entity, outcome }) => {
          const details = { ...event, orderId: entity.sagaId };
          return outcome({ data: { details }, OrderCreated: details });
        },
      },
      APPROVAL_PENDING: {
        CreditCardAuthorized: ({ entity, outcome }) => {
          const { orderId, total } = entity.data.details;
          return outcome({ OrderApproved: { orderId, total } });
        },
        ConsumerVerificationFailed: ({ event, entity, outcome }) =>
          outcome({ data: { ...entity.data, reason: event.reason }, OrderRejected: event }),
        TicketCreationFailed: ({ event, entity, outcome }) =>
          outcome({ data: { ...entity.data, reason: event.reason }, OrderRejected: event }),
        CreditCardAuthorizationFailed: ({ event, entity, outcome }) =>
          outcome({ data: { ...entity.data, reason: event.reason }, OrderRejected: event }),
      },
    },
  });
}
