// The order's life as published: what the reference is compared with.
import { choreography } from "quadrille";
import { accounting } from "../accounting/contract.ts";
import { consumer } from "../consumer/contract.ts";
import { publishedKitchen } from "../kitchen/variants.ts";
import { order } from "../order/contract.ts";
import { OrderApproved } from "../events/order.ts";
import { ends, live, forbiddenOf, unlimited } from "./ends.ts";

export const publishedLife = choreography("order lifecycle", {
  description:
    "Create, Cancel and Revise Order. Kitchen goes live on CreditCardAuthorized, as published; no approval deadline.",
  participants: [order, consumer, publishedKitchen, accounting],
  publicEvents: [OrderApproved],
  commands: unlimited,
  ends: ends(live),
  forbidden: forbiddenOf(live),
});
