// Accounting: authorizes the card once order, consumer and ticket are known, in whatever order the news arrive.
import { activity, all, ignore, lock, never, on, participant, to } from "quadrille";
import { z } from "zod";
import { ConsumerVerified } from "../consumer/events.ts";
import { TicketCreated } from "../kitchen/events.ts";
import { Cents } from "../money.ts";
import { OrderCreated, OrderRejected } from "../order/events.ts";
import { CreditCardAuthorizationFailed, CreditCardAuthorized } from "./events.ts";

/** The payment provider's answer. */
const pspAuthorize = activity(
  "pspAuthorize",
  z.discriminatedUnion("answer", [
    z.object({ answer: z.literal("authorized"), authorizationId: z.string() }),
    z.object({ answer: z.literal("declined") }),
  ]),
);

/** What is to be charged, and what the provider said. */
const AuthorizationData = z.object({
  orderId: z.string(),
  cardId: z.string(),
  amount: Cents,
  authorizationId: z.string().optional(),
});

export const accounting = participant("Accounting", {
  entity: "CreditCardAuthorization",
  data: AuthorizationData,
  initial: "ABSENT",
  otherwise: "never",
  states: {
    ABSENT: [
      on(all(OrderCreated, ConsumerVerified, TicketCreated), to("AUTHORIZING")),
      on(OrderRejected, to("FAILED")),
      // Both have agreed: only the card can still make the order fail.
      never(OrderRejected, { once: [ConsumerVerified, TicketCreated] }),
    ],
    // Intent first: the state says that the provider is being asked, so that a crash asks again by the same id.
    AUTHORIZING: lock([
      on(pspAuthorize, {
        ok: to("AUTHORIZED").emits(CreditCardAuthorized).tallies({ held: 1 }),
        declined: to("FAILED").emits(CreditCardAuthorizationFailed),
      }),
    ]),
    FAILED: [ignore(OrderCreated), ignore(ConsumerVerified), ignore(TicketCreated), ignore(OrderRejected)],
    AUTHORIZED: [],
  },
});
