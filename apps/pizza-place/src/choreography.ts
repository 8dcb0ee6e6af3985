// The Create Order saga of the pizza place, in one place: who takes part, how it may end, what must never be.
import { choreography } from "quadrille";
import { accounting } from "./accounting/contract.ts";
import { consumer } from "./consumer/contract.ts";
import { kitchen } from "./kitchen/contract.ts";
import { order } from "./order/contract.ts";
import { OrderApproved } from "./order/events.ts";

const live = ["AWAITING_ACCEPTANCE", "ACCEPTED", "PREPARING"] as const;

export const createOrderSaga = choreography("Create Order", {
  description:
    "What the reference system runs first: Create Order as published, failures compensated, tombstones, intent before the payment provider, kitchen staff commands.",
  participants: [order, consumer, kitchen, accounting],
  publicEvents: [OrderApproved],
  ends: {
    nothing: { Order: "ABSENT", Consumer: "NONE", Kitchen: "ABSENT", Accounting: "ABSENT" },
    approved: {
      Order: "APPROVED",
      Consumer: "VERIFIED",
      Kitchen: live,
      Accounting: "AUTHORIZED",
      tally: { held: 1 },
    },
    rejected: {
      Order: "REJECTED",
      Consumer: ["VERIFIED", "REFUSED"],
      Kitchen: "REJECTED",
      Accounting: "FAILED",
      tally: { held: 0 },
    },
  },
  never: {
    "no food for a rejected order": { Order: "REJECTED", Kitchen: live },
    "an approved order is paid": { Order: "APPROVED", Accounting: ["ABSENT", "FAILED", "REVERSED"] },
  },
});
