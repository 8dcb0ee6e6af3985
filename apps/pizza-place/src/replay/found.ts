// What the books have of orders, as the board takes it in: at the start, and where several processes place orders.
import { type AuditSources, pagesOf } from "../audit/collect.ts";
import type { FoundOrder } from "./board.ts";

/** Reads all orders and how far they have come. One that is placed meanwhile may be missing. */
export async function readFound({
  orders,
  sagas,
}: Pick<AuditSources, "orders" | "sagas">): Promise<readonly FoundOrder[]> {
  const found: FoundOrder[] = [];
  for await (const page of pagesOf((query) => sagas(query))) {
    const placed = await orders.find(page.map(({ sagaId }) => sagaId));
    const byId = new Map(placed.map((order) => [order.orderId, order]));
    for (const { sagaId, end } of page) {
      const { reference, reason } = byId.get(sagaId) ?? {};
      found.push({ sagaId, origin: reference === undefined ? "door" : "year", end, reason });
    }
  }
  return found;
}
