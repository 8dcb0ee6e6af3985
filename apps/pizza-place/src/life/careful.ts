// The order's life, carefully: a consumer's open orders count against its credit, and a large order is
// approved by a person.
import { choreography } from "quadrille";
import { accounting } from "../accounting/contract.ts";
import { consumerWithCredit } from "../consumer/variants.ts";
import { kitchen } from "../kitchen/contract.ts";
import { OrderApproved } from "../events/order.ts";
import { orderByValue } from "../order/variants.ts";
import { ends, live, forbiddenOf } from "./ends.ts";

const all = ends([...live, "READY_FOR_PICKUP", "PICKED_UP"]);
const untouched = { Consumer: "NONE", Kitchen: "ABSENT", Accounting: "ABSENT", tally: { held: 0 } } as const;

export const carefulOrderLife = choreography("Create Order", {
  description:
    "The order's life with two more countermeasures: credit is debited and credited, and a large order waits for a person.",
  participants: [orderByValue, consumerWithCredit, kitchen, accounting],
  publicEvents: [OrderApproved],
  // Consumer hears of each revision and may be behind: checked for two of them.
  commands: { cancelOrder: "unbounded", reviseOrder: 2 },
  ends: {
    ...all,
    rejected: { ...all.rejected, Consumer: ["REFUSED", "RELEASED"] },
    cancelled: { ...all.cancelled, Consumer: "RELEASED" },
    waiting: { Order: "AWAITING_APPROVAL", ...untouched },
    declined: { Order: "REJECTED", ...untouched },
  },
  forbidden: {
    ...forbiddenOf([...live, "READY_FOR_PICKUP", "PICKED_UP"]),
    "no card is touched before a large order is approved": {
      Order: "AWAITING_APPROVAL",
      Accounting: ["AUTHORIZING", "AUTHORIZED"],
    },
  },
});
