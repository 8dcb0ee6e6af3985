// Another contract of Consumer: open orders count against a consumer's credit.
import { ignore, on, participant, to } from "quadrille";
import { z } from "zod";
import { Cents } from "../shared/money.ts";
import { OrderCancelled, OrderCreated, OrderRejected, OrderRevised } from "../events/order.ts";
import { verify } from "./contract.ts";

/** The amount by which an order reduces its consumer's credit. */
const CreditData = z.object({ consumerId: z.string(), amount: Cents });

/**
 * Consumer with the open amount of all orders: debited when an order is verified, credited when it is
 * rejected or cancelled.
 */
export const consumerWithCredit = participant("Consumer", {
  entity: "Verification",
  data: CreditData,
  initial: "NONE",
  states: {
    NONE: [verify, on(OrderRejected, to("RELEASED"))], // a tombstone: nothing was debited, and nothing will be
    VERIFIED: [
      on(OrderRejected, to("RELEASED")),
      on(OrderCancelled, to("RELEASED")),
      on(OrderRevised, to("VERIFIED")),
    ],
    REFUSED: [ignore(OrderRejected)],
    RELEASED: [ignore(OrderCreated), ignore(OrderRevised)],
  },
});
