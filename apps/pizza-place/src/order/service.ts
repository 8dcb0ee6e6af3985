// Order's code: the order goes out with all its details; the first refusal becomes the reason of the
// rejection. A request to cancel or revise is kept until the partners have answered, and undone exactly if
// they refuse.
import { type Code, service, type Service } from "quadrille";
import { order, type OrderData } from "./contract.ts";
import type { KeptReason, RejectionReason } from "../events/order.ts";
import { expectRevision, revisionOf } from "../shared/revision.ts";
import { orderByValue, orderWithDeadline } from "./variants.ts";

/** Order, ready to be run. It decides by the partners' answers alone. */
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
        createOrder: ({ payload, entity, choose }) => {
          const details = { ...payload, orderId: entity.sagaId };
          return payload.total > approvalAbove
            ? choose.large({ data: { details } })
            : choose.usual({ OrderCreated: details }, { data: { details } });
        },
      },
      AWAITING_APPROVAL: {
        approveOrder: ({ entity, choose }) => choose({ OrderCreated: entity.data.details }),
        declineOrder: ({ entity, choose }) => choose({ data: { ...entity.data, reason: "approval denied" } }),
      },
    },
  });
}

type OrderHandlers = Code<typeof order>["handlers"];

const handlers: OrderHandlers = {
  ABSENT: {
    // An order's id is its saga's.
    createOrder: ({ payload, entity, choose }) => {
      const details = { ...payload, orderId: entity.sagaId };
      return choose({ OrderCreated: details }, { data: { details } });
    },
  },
  APPROVAL_PENDING: {
    // Reread value: what was authorized is compared with the order as it is now.
    CreditCardAuthorized: ({ payload, entity, choose }) => {
      const { orderId, total } = entity.data.details;
      expectAmount(total, payload);
      return choose({ OrderApproved: { orderId, total } });
    },
    ConsumerVerificationFailed: ({ payload, entity, choose }) =>
      choose({ OrderRejected: payload }, { data: { ...entity.data, reason: payload.reason } }),
    TicketCreationFailed: ({ payload, entity, choose }) =>
      choose({ OrderRejected: payload }, { data: { ...entity.data, reason: payload.reason } }),
    CreditCardAuthorizationFailed: ({ payload, entity, choose }) =>
      choose({ OrderRejected: payload }, { data: { ...entity.data, reason: payload.reason } }),
  },
  APPROVED: {
    cancelOrder: ({ entity, choose }) => {
      const data = settled(entity.data);
      return choose({ OrderCancelRequested: placeOf(data) }, { data });
    },
    reviseOrder: ({ payload, entity, choose }) => {
      const data = settled(entity.data);
      const { orderId, placedAt } = data.details;
      const proposed = { ...payload, revision: revisionOf(data) + 1 };
      return choose(
        { OrderRevisionProposed: { orderId, placedAt, ...proposed } },
        { data: { ...data, proposed } },
      );
    },
  },
  CANCEL_PENDING: {
    TicketCancelRefused: ({ payload, entity, choose }) => {
      expectRevision(revisionOf(entity.data), payload);
      return choose({ data: kept(entity.data, "cancelOrder", payload.reason) });
    },
    AuthorizationReversed: ({ payload, entity, choose }) => {
      const { details } = entity.data;
      expectRevision(revisionOf(entity.data), payload);
      expectAmount(details.total, payload);
      return choose({ OrderCancelled: placeOf(entity.data) });
    },
    AuthorizationReversalRefused: ({ payload, entity, choose }) => {
      expectRevision(revisionOf(entity.data), payload);
      return choose(
        { OrderCancelRejected: payload },
        { data: kept(entity.data, "cancelOrder", payload.reason) },
      );
    },
  },
  REVISION_PENDING: {
    TicketRevisionRefused: ({ payload, entity, choose }) => {
      expectRevision(proposedIn(entity.data).revision, payload);
      return choose({ data: kept(entity.data, "reviseOrder", payload.reason) });
    },
    AuthorizationRevised: ({ payload, entity, choose }) => {
      const { lines, total, revision } = proposedIn(entity.data);
      const { orderId } = entity.data.details;
      expectRevision(revision, payload);
      expectAmount(total, payload);
      const details = { ...entity.data.details, lines, total };
      return choose(
        { OrderRevised: { orderId, revision, total } },
        { data: { ...settled(entity.data), details, revision } },
      );
    },
    AuthorizationRevisionRefused: ({ payload, entity, choose }) => {
      expectRevision(proposedIn(entity.data).revision, payload);
      return choose(
        { OrderRevisionRejected: payload },
        { data: kept(entity.data, "reviseOrder", payload.reason) },
      );
    },
  },
};

type Deadline = NonNullable<
  Code<typeof orderWithDeadline>["handlers"]["APPROVAL_PENDING"]["approvalTimeout"]
>;

function reject(reason: RejectionReason): Extract<Deadline, (...input: never) => unknown> {
  return ({ entity, choose }) =>
    choose(
      { OrderRejected: { orderId: entity.data.details.orderId, reason } },
      { data: { ...entity.data, reason } },
    );
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
