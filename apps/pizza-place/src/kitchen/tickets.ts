// Reads tickets back, for the audit.
import type { Entities } from "quadrille";
import { revisionOf } from "../shared/revision.ts";
import type { TicketData } from "./contract.ts";

/** Those of the orders that have one: one without data is a refusal. */
export async function readTickets(tickets: Entities<string, TicketData>, orderIds: readonly string[]) {
  return [...(await tickets.getAll(orderIds)).values()].flatMap(({ key: orderId, data }) =>
    data === undefined ? [] : [{ orderId, pizzas: data.pizzas, revision: revisionOf(data) }],
  );
}
