// The published life with an approval deadline: what the second reference is compared with.
import { choreography } from "quadrille";
import { accountingWithDeadline } from "../accounting/variants.ts";
import { consumer } from "../consumer/contract.ts";
import { publishedKitchenOnApproval } from "../kitchen/variants.ts";
import { orderWithDeadline } from "../order/variants.ts";
import { ends, live, forbiddenOf, unlimited } from "./ends.ts";

export const publishedLifeWithDeadline = choreography("order lifecycle with deadline", {
  description:
    "As order-lifecycle, with an approval deadline at Order; Kitchen therefore goes live on OrderApproved only.",
  participants: [orderWithDeadline, consumer, publishedKitchenOnApproval, accountingWithDeadline],
  commands: unlimited,
  ends: ends(live),
  forbidden: forbiddenOf(live),
});
