// Consumer: verifies that whoever orders may order this much.
import { on, participant, to } from "quadrille";
import { OrderCreated } from "../order/events.ts";
import { ConsumerVerificationFailed, ConsumerVerified } from "./events.ts";

export const consumer = participant("Consumer", {
  entity: "Verification",
  initial: "NONE",
  otherwise: "never",
  states: {
    NONE: [
      on(OrderCreated, {
        ok: to("VERIFIED").emits(ConsumerVerified),
        no: to("REFUSED").emits(ConsumerVerificationFailed),
      }),
    ],
    VERIFIED: [],
    REFUSED: [],
  },
});
