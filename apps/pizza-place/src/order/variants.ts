// Other contracts of Order: with a deadline for the approval, and with a person's approval of large orders.
import { ignore, lock, on, participant, timeout, to } from "quadrille";
import { CreditCardAuthorizationFailed, CreditCardAuthorized } from "../events/accounting.ts";
import { answers, approveOrder, createOrder, declineOrder, head, states } from "./contract.ts";
import { OrderCreated, OrderRejected } from "../events/order.ts";

/**
 * With a deadline for the approval: an order that is not approved by then is rejected, and later answers are
 * too late.
 */
export const orderWithDeadline = participant("Order", {
  ...head,
  states: {
    ...states,
    APPROVAL_PENDING: lock([
      ...answers,
      timeout("15m", to("REJECTED").emits(OrderRejected), "approvalTimeout"),
    ]),
    REJECTED: [...states.REJECTED, ignore(CreditCardAuthorized), ignore(CreditCardAuthorizationFailed)],
  },
});

/**
 * With the countermeasure "by value": a large order waits for a person before the partners and the card are
 * touched.
 */
export const orderByValue = participant("Order", {
  ...head,
  states: {
    ...states,
    ABSENT: [
      on(createOrder, {
        usual: to("APPROVAL_PENDING").emits(OrderCreated),
        large: to("AWAITING_APPROVAL"),
      }),
    ],
    AWAITING_APPROVAL: [
      on(approveOrder, to("APPROVAL_PENDING").emits(OrderCreated)),
      on(declineOrder, to("REJECTED")),
    ],
  },
});
