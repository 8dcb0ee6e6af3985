// The order's life with a deadline for the approval.
import { choreography } from "quadrille";
import { accountingWithDeadline } from "../accounting/variants.ts";
import { consumer } from "../consumer/contract.ts";
import { kitchenOnApproval } from "../kitchen/variants.ts";
import { orderWithDeadline } from "../order/variants.ts";
import { ends, live, forbiddenOf, unlimited } from "./ends.ts";

export const orderLifeWithDeadline = choreography("Create Order", {
  description:
    "The order's life, and an order that is not approved within 15 minutes is rejected; a ticket goes live on OrderApproved only.",
  participants: [orderWithDeadline, consumer, kitchenOnApproval, accountingWithDeadline],
  commands: unlimited,
  ends: ends([...live, "READY_FOR_PICKUP", "PICKED_UP"]),
  forbidden: forbiddenOf([...live, "READY_FOR_PICKUP", "PICKED_UP"]),
});
