// Reads orders from the books for the board: at the start, and while other processes place orders.
import type { SagaSummary } from "quadrille/operations";
import type { OrderBook } from "../order/order-book.ts";
import type { FoundOrder } from "../replay/board.ts";
import { sagaPages } from "./saga-pages.ts";

/** Where orders and their sagas are read. */
interface FoundSources {
  readonly orders: Pick<OrderBook, "find">;
  readonly sagas: (query: {
    readonly limit: number;
    readonly before?: string;
  }) => Promise<readonly Pick<SagaSummary, "sagaId" | "end" | "states">[]>;
}

/** Reads all orders and how far they have come. One that is placed meanwhile may be missing. */
export async function readFound({ orders, sagas }: FoundSources): Promise<readonly FoundOrder[]> {
  const found: FoundOrder[] = [];
  for await (const page of sagaPages(sagas)) {
    const placed = await orders.find(page.map(({ sagaId }) => sagaId));
    const byId = new Map(placed.map((order) => [order.orderId, order]));
    for (const { sagaId, end, states } of page) {
      const { reference, reason } = byId.get(sagaId) ?? {};
      const origin = reference === undefined ? "api" : "replay";
      found.push({ sagaId, origin, reference, end, reason, ticket: states["Kitchen"] });
    }
  }
  return found;
}
