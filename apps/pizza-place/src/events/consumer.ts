// What Consumer publishes.
import { event } from "quadrille";
import { z } from "zod";
import { Refusal } from "./order.ts";

export const ConsumerVerified = event(
  "ConsumerVerified",
  z.object({ orderId: z.string(), cardId: z.string() }),
);
export const ConsumerVerificationFailed = event("ConsumerVerificationFailed", Refusal);
