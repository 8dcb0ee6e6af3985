// What Accounting publishes.
import { event } from "quadrille";
import { z } from "zod";
import { Cents } from "../shared/money.ts";
import { Kept, Refusal, Revision } from "./order.ts";

export const CreditCardAuthorized = event(
  "CreditCardAuthorized",
  z.object({ orderId: z.string(), authorizationId: z.string(), amount: Cents }),
);
export const CreditCardAuthorizationFailed = event("CreditCardAuthorizationFailed", Refusal);

const OfAuthorization = z.object({
  orderId: z.string(),
  revision: Revision,
  authorizationId: z.string(),
  amount: Cents,
});
/** The amount that is held no longer. */
export const AuthorizationReversed = event("AuthorizationReversed", OfAuthorization);
export const AuthorizationReversalRefused = event("AuthorizationReversalRefused", Kept);
/** The amount that is held from now on. */
export const AuthorizationRevised = event("AuthorizationRevised", OfAuthorization);
export const AuthorizationRevisionRefused = event("AuthorizationRevisionRefused", Kept);
