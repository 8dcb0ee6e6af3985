// For the tour: the payloads of commands for which the real handlers choose as a path does.
import type { PathStep } from "quadrille/testing";
import type { OrderRequest } from "../../src/events/order.ts";
import { pizzas, request } from "../life-world.ts";

/** The order that a path is about. */
export function orderFor(path: readonly PathStep[]): OrderRequest {
  const chooses = (participant: string, trigger: string, choice: string) =>
    path.some(
      (step) => step.participant === participant && step.trigger === trigger && step.choice === choice,
    );
  const isPrepaid = chooses("Accounting", "TicketCancelPending", "refused");
  const consumerId = chooses("Consumer", "OrderCreated", "no") ? "nobody" : `consumer-${isPrepaid ? 2 : 1}`;
  const isClosed = chooses("Kitchen", "OrderCreated", "no");
  return { ...request, consumerId, placedAt: isClosed ? "2015-01-01T09:00:00" : request.placedAt };
}

/**
 * What is asked for by the revision at this step: the kitchen refuses nine pizzas, the card more than $50.
 */
export function revisionFor(path: readonly PathStep[], at: number): ReturnType<typeof pizzas> {
  const next = (participant: string, trigger: string) =>
    path.slice(at).find((step) => step.participant === participant && step.trigger === trigger)?.choice;
  if (next("Kitchen", "OrderRevisionProposed") === "no") return pizzas(9);
  return pizzas(next("Accounting", "TicketRevisionPending") === "refused" ? 6 : 3);
}
