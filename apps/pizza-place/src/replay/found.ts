// What the books have of orders, as the board takes it in: at the start, and where several processes place orders.
import { type AuditSources, readPages } from "../audit/collect.ts";
import type { FoundOrder } from "./board.ts";

/** Reads all orders and how far they have come. One that is placed meanwhile may be missing. */
export async function readFound({
  orders,
  sagas,
}: Pick<AuditSources, "orders" | "sagas">): Promise<readonly FoundOrder[]> {
  const ends = await readPages(
    (query) => sagas(query),
    ({ sagaId }) => sagaId,
  );
  const placed = await readPages(
    (query) => orders.page(query),
    ({ orderId }) => orderId,
  );
  const byId = new Map(placed.map((order) => [order.orderId, order]));
  return ends.map(({ sagaId, end }) => {
    const { reference, reason } = byId.get(sagaId) ?? {};
    return { sagaId, origin: reference === undefined ? "door" : "year", end, reason };
  });
}
