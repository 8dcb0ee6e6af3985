// Accounting: authorizes the card once order, consumer and ticket are known, in whatever order the events
// arrive; later it reverses the authorization, or changes its amount.
import { activity, all, ignore, lock, never, on, participant, to } from "quadrille";
import { z } from "zod";
import { ConsumerVerified } from "../events/consumer.ts";
import { TicketCancelPending, TicketCreated, TicketRevisionPending } from "../events/kitchen.ts";
import { Cents } from "../shared/money.ts";
import { OrderCreated, OrderRejected, Revision } from "../events/order.ts";
import {
  AuthorizationReversalRefused,
  AuthorizationReversed,
  AuthorizationRevised,
  AuthorizationRevisionRefused,
  CreditCardAuthorizationFailed,
  CreditCardAuthorized,
} from "../events/accounting.ts";

/** The payment provider's answer. */
export const pspAuthorize = activity(
  "pspAuthorize",
  z.discriminatedUnion("answer", [
    z.object({ answer: z.literal("authorized"), authorizationId: z.string() }),
    z.object({ answer: z.literal("declined") }),
  ]),
);

/** The amount to charge, and the provider's answer. */
export const AuthorizationData = z.object({
  orderId: z.string(),
  cardId: z.string(),
  /** What is held, or was when it was reversed, in cents. */
  amount: Cents,
  authorizationId: z.string().optional(),
  /** The order's revision that the amount belongs to; absent if nothing was revised. */
  revision: Revision.optional(),
});

export type AuthorizationData = z.infer<typeof AuthorizationData>;

/** Once all three are known, in any order. */
export const join = on(all(OrderCreated, ConsumerVerified, TicketCreated), to("AUTHORIZING"), {
  as: "ready",
});
/** Rejected before it was asked for. */
export const tombstone = on(OrderRejected, to("FAILED"));

/** What the provider says. */
export const authorizing = on(pspAuthorize, {
  ok: to("AUTHORIZED").emits(CreditCardAuthorized).tallies({ held: 1 }),
  declined: to("FAILED").emits(CreditCardAuthorizationFailed),
});

/** Later changes of an authorization. */
export const changes = [
  on(TicketCancelPending, {
    ok: to("REVERSED").emits(AuthorizationReversed).tallies({ held: -1 }),
    refused: to("AUTHORIZED").emits(AuthorizationReversalRefused),
  }),
  on(TicketRevisionPending, {
    ok: to("AUTHORIZED").emits(AuthorizationRevised),
    refused: to("AUTHORIZED").emits(AuthorizationRevisionRefused),
  }),
] as const;

/** Messages that still arrive for an order that has failed. */
export const failed = [
  ignore(OrderCreated),
  ignore(ConsumerVerified),
  ignore(TicketCreated),
  ignore(OrderRejected),
] as const;

/** The other common parts of Accounting's contracts. */
export const head = {
  entity: "CreditCardAuthorization",
  data: AuthorizationData,
  initial: "ABSENT",
} as const;

export const accounting = participant("Accounting", {
  ...head,
  states: {
    ABSENT: [
      join,
      tombstone,
      // Both have agreed: only the card can still make the order fail.
      never(OrderRejected, { once: [ConsumerVerified, TicketCreated] }),
    ],
    // Intent first: the state records that the provider is being asked, so that a restart asks again with the
    // same id.
    AUTHORIZING: lock([authorizing]),
    FAILED: failed,
    REVERSED: [],
    AUTHORIZED: changes,
  },
});
