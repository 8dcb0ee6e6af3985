// Another contract of Accounting: where the approval has a deadline.
import { defer, lock, on, participant, to } from "quadrille";
import { OrderRejected } from "../events/order.ts";
import { authorizing, changes, failed, head, join, tombstone } from "./contract.ts";

/**
 * Where the approval has a deadline, a rejection may come while the provider is asked: it is kept, and wins.
 */
export const accountingWithDeadline = participant("Accounting", {
  ...head,
  states: {
    ABSENT: [join, tombstone],
    AUTHORIZING: lock([authorizing, defer(OrderRejected)]),
    FAILED: failed,
    REVERSED: [],
    AUTHORIZED: [...changes, on(OrderRejected, to("REVERSED").tallies({ held: -1 }))],
  },
});
