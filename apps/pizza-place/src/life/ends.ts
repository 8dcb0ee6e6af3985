// The common parts of the order's life: its ends, its forbidden combinations of states, and the commands'
// budgets.

/** How often each command may come; the others come once. */
export const unlimited = { cancelOrder: "unbounded", reviseOrder: "unbounded" } as const;

/** The states of a ticket that the kitchen works on. */
export const live = ["AWAITING_ACCEPTANCE", "ACCEPTED", "PREPARING"] as const;

/** The ends, where `tickets` are the states of a live ticket. */
export function ends<const Ticket extends string>(tickets: readonly Ticket[]) {
  return {
    approved: {
      Order: "APPROVED",
      Consumer: "VERIFIED",
      Kitchen: tickets,
      Accounting: "AUTHORIZED",
      tally: { held: 1 },
    },
    rejected: {
      Order: "REJECTED",
      Consumer: ["VERIFIED", "REFUSED"],
      Kitchen: "REJECTED",
      Accounting: ["FAILED", "REVERSED"],
      tally: { held: 0 },
    },
    cancelled: {
      Order: "CANCELLED",
      Consumer: "VERIFIED",
      Kitchen: "CANCELLED",
      Accounting: "REVERSED",
      tally: { held: 0 },
    },
  } as const;
}

/** The forbidden combinations of states. */
export function forbiddenOf(tickets: readonly string[]) {
  return {
    "no food for a rejected order": { Order: "REJECTED", Kitchen: tickets },
    "an approved order is paid": { Order: "APPROVED", Accounting: ["ABSENT", "FAILED", "REVERSED"] },
    "a cancelled order is refunded": { Order: "CANCELLED", Accounting: "AUTHORIZED" },
  } as const;
}
