// What Accounting publishes.
import { event } from "quadrille";
import { z } from "zod";
import { Cents } from "../money.ts";
import { Refusal } from "../order/events.ts";

export const CreditCardAuthorized = event(
  "CreditCardAuthorized",
  z.object({ orderId: z.string(), authorizationId: z.string(), amount: Cents }),
);
export const CreditCardAuthorizationFailed = event("CreditCardAuthorizationFailed", Refusal);
