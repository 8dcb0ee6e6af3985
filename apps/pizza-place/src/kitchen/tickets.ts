// Reads tickets back, for the audit.
import { revisionOf } from "../order/revision.ts";
import { TicketData } from "./contract.ts";

/** What is needed of Kitchen's store. */
interface Entities {
  load(
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly key: string; readonly data: unknown }>>;
}

/** Those of the orders that have one: one without data is a refusal. */
export async function readTickets(store: Entities, orderIds: readonly string[]) {
  return [...(await store.load(orderIds)).values()].flatMap(({ key: orderId, data }) => {
    const read = TicketData.safeParse(data);
    return read.success ? [{ orderId, pizzas: read.data.pizzas, revision: revisionOf(read.data) }] : [];
  });
}
