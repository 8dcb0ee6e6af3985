// Order's code: the order goes out with all its details; the first refusal becomes the reason of the rejection. A request to
// cancel or to revise is kept until the partners have answered, and undone to the letter where they refuse.
import { type Code, service, type Service } from "quadrille";
import { order, type OrderData } from "./contract.ts";
import type { KeptReason, RejectionReason } from "./events.ts";
import { expectRevision, revisionOf } from "./revision.ts";
import { orderByValue, orderWithDeadline } from "./variants.ts";

/** Order, ready to be run. It decides nothing by itself: the partners' answers do. */
export function orderService(): Service<typeof order> {
  return service(order, { handlers });
}

/** The same, with a deadline for the approval. */
export function orderServiceWithDeadline(): Service<typeof orderWithDeadline> {
  const approvalTimeout = reject("not approved in time");
  const pending = { ...handlers.APPROVAL_PENDING, approvalTimeout };
  return service(orderWithDeadline, { handlers: { ...handlers, APPROVAL_PENDING: pending } });
}

/** The same, and an order above `approvalAbove` cents waits for a person's approval. */
export function orderServiceByValue(approvalAbove: number): Service<typeof orderByValue> {
  return service(orderByValue, {
    handlers: {
      ...handlers,
      ABSENT: {
        createOrder: ({ event, entity, outcome }) => {
          const details = { ...event, orderId: entity.sagaId };
          return event.total > approvalAbove
            ? outcome.large({ data: { details } })
            : outcome.usual({ data: { details }, OrderCreated: details });
        },
      },
      AWAITING_APPROVAL: {
        approveOrder: ({ entity, outcome }) => outcome({ OrderCreated: entity.data.details }),
        declineOrder: ({ entity, outcome }) =>
          outcome({ data: { ...entity.data, reason: "approval denied" } }),
      },
    },
  });
}

type Handlers = Code<typeof order>["handlers"];

const handlers: Handlers = {
  ABSENT: {
    // An order's id is its saga's.
    createOrder: ({ event, entity, outcome }) => {
      const details = { ...event, orderId: entity.sagaId };
      return outcome({ data: { details }, OrderCreated: details });
    },
  },
  APPROVAL_PENDING: {
    // Reread value: what was authorized is compared with the order as it is now.
    CreditCardAuthorized: ({ event, entity, outcome }) => {
      const { orderId, total } = entity.data.details;
      expectAmount(total, event);
      return outcome({ OrderApproved: { orderId, total } });
    },
    ConsumerVerificationFailed: ({ event, entity, outcome }) =>
      outcome({ data: { ...entity.data, reason: event.reason }, OrderRejected: event }),
    TicketCreationFailed: ({ event, entity, outcome }) =>
      outcome({ data: { ...entity.data, reason: event.reason }, OrderRejected: event }),
    CreditCardAuthorizationFailed: ({ event, entity, outcome }) =>
      outcome({ data: { ...entity.data, reason: event.reason }, OrderRejected: event }),
  },
  APPROVED: {
    cancelOrder: ({ entity, outcome }) => {
      const data = settled(entity.data);
      return outcome({ data, OrderCancelRequested: placeOf(data) });
    },
    reviseOrder: ({ event, entity, outcome }) => {
      const data = settled(entity.data);
      const { orderId, placedAt } = data.details;
      const proposed = { ...event, revision: revisionOf(data) + 1 };
      return outcome({
        data: { ...data, proposed },
        OrderRevisionProposed: { orderId, placedAt, ...proposed },
      });
    },
  },
  CANCEL_PENDING: {
    TicketCancelRefused: ({ event, entity, outcome }) => {
      expectRevision(revisionOf(entity.data), event);
      return outcome({ data: kept(entity.data, "cancelOrder", event.reason) });
    },
    AuthorizationReversed: ({ event, entity, outcome }) => {
      const { details } = entity.data;
      expectRevision(revisionOf(entity.data), event);
      expectAmount(details.total, event);
      return outcome({ OrderCancelled: placeOf(entity.data) });
    },
    AuthorizationReversalRefused: ({ event, entity, outcome }) => {
      expectRevision(revisionOf(entity.data), event);
      return outcome({ data: kept(entity.data, "cancelOrder", event.reason), OrderCancelRejected: event });
    },
  },
  REVISION_PENDING: {
    TicketRevisionRefused: ({ event, entity, outcome }) => {
      expectRevision(proposedIn(entity.data).revision, event);
      return outcome({ data: kept(entity.data, "reviseOrder", event.reason) });
    },
    AuthorizationRevised: ({ event, entity, outcome }) => {
      const { lines, total, revision } = proposedIn(entity.data);
      const { orderId } = entity.data.details;
      expectRevision(revision, event);
      expectAmount(total, event);
      const details = { ...entity.data.details, lines, total };
      return outcome({
        data: { ...settled(entity.data), details, revision },
        OrderRevised: { orderId, revision, total },
      });
    },
    AuthorizationRevisionRefused: ({ event, entity, outcome }) => {
      expectRevision(proposedIn(entity.data).revision, event);
      return outcome({ data: kept(entity.data, "reviseOrder", event.reason), OrderRevisionRejected: event });
    },
  },
};

type Deadline = NonNullable<
  Code<typeof orderWithDeadline>["handlers"]["APPROVAL_PENDING"]["approvalTimeout"]
>;

function reject(reason: RejectionReason): Extract<Deadline, (...input: never) => unknown> {
  return ({ entity, outcome }) =>
    outcome({
      data: { ...entity.data, reason },
      OrderRejected: { orderId: entity.data.details.orderId, reason },
    });
}

/** The order as partners know it. */
function placeOf(data: OrderData): { readonly orderId: string; readonly revision: number } {
  return { orderId: data.details.orderId, revision: revisionOf(data) };
}

/** Without what belongs to a request. */
function settled(data: OrderData): OrderData {
  const { proposed: _, kept: __, ...rest } = data;
  return rest;
}

/** The order as it was before the request, and why. */
function kept(data: OrderData, request: "cancelOrder" | "reviseOrder", reason: KeptReason): OrderData {
  return { ...settled(data), kept: { request, reason } };
}

function proposedIn({ proposed, details }: OrderData): NonNullable<OrderData["proposed"]> {
  if (proposed === undefined) throw new Error(`Order ${details.orderId} has no revision that is asked for`);
  return proposed;
}

function expectAmount(
  total: number,
  { orderId, amount }: { readonly orderId: string; readonly amount: number },
): void {
  if (amount === total) return;
  throw new Error(`Order ${orderId} costs ${total} cents, and ${amount} cents are authorized`);
}
