// Consumer: verifies that the consumer may order this much.
import { on, participant, to } from "quadrille";
import { OrderCreated } from "../events/order.ts";
import { ConsumerVerificationFailed, ConsumerVerified } from "../events/consumer.ts";

/** An order is verified, or refused. */
export const verify = on(OrderCreated, {
  ok: to("VERIFIED").emits(ConsumerVerified),
  no: to("REFUSED").emits(ConsumerVerificationFailed),
});

export const consumer = participant("Consumer", {
  entity: "Verification",
  initial: "NONE",
  states: { NONE: [verify], VERIFIED: [], REFUSED: [] },
});
