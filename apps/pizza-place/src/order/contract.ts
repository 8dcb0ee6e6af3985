// Order: decides the saga. The partners' answers approve or reject it; cancelling and revising are locks.
import { command, ignore, lock, on, participant, to } from "quadrille";
import { z } from "zod";
import {
  AuthorizationReversalRefused,
  AuthorizationReversed,
  AuthorizationRevised,
  AuthorizationRevisionRefused,
  CreditCardAuthorizationFailed,
  CreditCardAuthorized,
} from "../events/accounting.ts";
import { ConsumerVerificationFailed } from "../events/consumer.ts";
import { TicketCancelRefused, TicketCreationFailed, TicketRevisionRefused } from "../events/kitchen.ts";
import {
  KeptReason,
  OrderApproved,
  OrderCancelled,
  OrderCancelRejected,
  OrderCancelRequested,
  OrderCreated,
  OrderDetails,
  OrderRejected,
  OrderRequest,
  OrderRevised,
  OrderRevisionProposed,
  OrderRevisionRejected,
  RejectionReason,
  Revision,
  RevisionRequest,
} from "../events/order.ts";

export const createOrder = command("createOrder", OrderRequest);
export const cancelOrder = command("cancelOrder");
export const reviseOrder = command("reviseOrder", RevisionRequest);
/** For orders above an amount: a person approves them before any other participant receives them. */
export const approveOrder = command("approveOrder");
export const declineOrder = command("declineOrder");

/** What Order keeps of an order; of several rejections the first reason. */
export const OrderData = z.object({
  details: OrderDetails,
  reason: RejectionReason.optional(),
  /** Absent as long as nothing was revised, as in orders from before there were revisions. */
  revision: Revision.optional(),
  /** What is asked for while the order is in `REVISION_PENDING`. */
  proposed: RevisionRequest.extend({ revision: Revision }).optional(),
  /** Why the last request to cancel or to revise was refused. */
  kept: z.object({ request: z.enum(["cancelOrder", "reviseOrder"]), reason: KeptReason }).optional(),
});
export type OrderData = z.infer<typeof OrderData>;

/** The partners' answers to a new order. */
export const answers = [
  on(CreditCardAuthorized, to("APPROVED").emits(OrderApproved)),
  on(ConsumerVerificationFailed, to("REJECTED").emits(OrderRejected)),
  on(TicketCreationFailed, to("REJECTED").emits(OrderRejected)),
  on(CreditCardAuthorizationFailed, to("REJECTED").emits(OrderRejected)),
] as const;

/** The states of the order's life. */
export const states = {
  ABSENT: [on(createOrder, to("APPROVAL_PENDING").emits(OrderCreated))],
  APPROVAL_PENDING: lock(answers),
  // Reject once: Consumer and Kitchen may both refuse.
  REJECTED: [ignore(ConsumerVerificationFailed), ignore(TicketCreationFailed)],
  CANCELLED: [],
  APPROVED: [
    on(cancelOrder, to("CANCEL_PENDING").emits(OrderCancelRequested)),
    on(reviseOrder, to("REVISION_PENDING").emits(OrderRevisionProposed)),
  ],
  CANCEL_PENDING: lock([
    on(TicketCancelRefused, to("APPROVED")),
    on(AuthorizationReversed, to("CANCELLED").emits(OrderCancelled)),
    on(AuthorizationReversalRefused, to("APPROVED").emits(OrderCancelRejected)),
  ]),
  REVISION_PENDING: lock([
    on(TicketRevisionRefused, to("APPROVED")),
    on(AuthorizationRevised, to("APPROVED").emits(OrderRevised)),
    on(AuthorizationRevisionRefused, to("APPROVED").emits(OrderRevisionRejected)),
  ]),
} as const;

/** The other common parts of Order's contracts. */
export const head = { entity: "Order", data: OrderData, initial: "ABSENT" } as const;

export const order = participant("Order", { ...head, states });
