// Order: the decider of the saga. It is created pending, and approved or rejected by what the partners answer.
import { command, ignore, lock, on, participant, to } from "quadrille";
import { z } from "zod";
import { CreditCardAuthorizationFailed, CreditCardAuthorized } from "../accounting/events.ts";
import { ConsumerVerificationFailed } from "../consumer/events.ts";
import { TicketCreationFailed } from "../kitchen/events.ts";
import {
  OrderApproved,
  OrderCreated,
  OrderDetails,
  OrderRejected,
  OrderRequest,
  RejectionReason,
} from "./events.ts";

export const createOrder = command("createOrder", OrderRequest);

/** What Order remembers of an order; the first reason of a rejection is kept. */
export const OrderData = z.object({ details: OrderDetails, reason: RejectionReason.optional() });

export const order = participant("Order", {
  entity: "Order",
  data: OrderData,
  initial: "ABSENT",
  otherwise: "never",
  states: {
    ABSENT: [on(createOrder, to("APPROVAL_PENDING").emits(OrderCreated))],
    APPROVAL_PENDING: lock([
      on(CreditCardAuthorized, to("APPROVED").emits(OrderApproved)),
      on(ConsumerVerificationFailed, to("REJECTED").emits(OrderRejected)),
      on(TicketCreationFailed, to("REJECTED").emits(OrderRejected)),
      on(CreditCardAuthorizationFailed, to("REJECTED").emits(OrderRejected)),
    ]),
    // Reject once: Consumer and Kitchen may both refuse.
    REJECTED: [ignore(ConsumerVerificationFailed), ignore(TicketCreationFailed)],
    APPROVED: [],
  },
});
