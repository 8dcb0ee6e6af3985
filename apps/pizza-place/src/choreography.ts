// The order's life as the pizza place runs it: its participants, its ends, and the forbidden combinations of
// states.
import { choreography } from "quadrille";
import { accounting } from "./accounting/contract.ts";
import { consumer } from "./consumer/contract.ts";
import { kitchen } from "./kitchen/contract.ts";
import { ends, live, forbiddenOf, unlimited } from "./life/ends.ts";
import { order } from "./order/contract.ts";
import { OrderApproved } from "./events/order.ts";

/** The tables know it by the name that it had when orders could only be created. */
export const orderLife = choreography("Create Order", {
  description:
    "Create, Cancel and Revise Order, as published, and the kitchen's work until the order is picked up.",
  participants: [order, consumer, kitchen, accounting],
  publicEvents: [OrderApproved],
  commands: unlimited,
  ends: ends([...live, "READY_FOR_PICKUP", "PICKED_UP"]),
  forbidden: forbiddenOf([...live, "READY_FOR_PICKUP", "PICKED_UP"]),
});
