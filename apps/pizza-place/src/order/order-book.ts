// Reads orders back: Order's entities as the outside may see them.
import type { z } from "zod";
import { OrderData } from "./contract.ts";
import type { OrderDetails, RejectionReason } from "./events.ts";

/** What the book needs of Order's store. */
export interface OrderEntities {
  load(keys: readonly string[]): Promise<ReadonlyMap<string, StoredOrder>>;
  entities(query: { readonly before?: string; readonly limit: number }): Promise<readonly StoredOrder[]>;
}

/** An entity as the store gives it. */
export interface StoredOrder {
  readonly sagaId: string;
  readonly state: string;
  readonly data: unknown;
}

/** An order with its state. */
export interface OrderView extends OrderDetails {
  readonly state: string;
  readonly reason: RejectionReason | undefined;
}

/** All orders. An order's id is the id of its saga. */
export interface OrderBook {
  get(orderId: string): Promise<OrderView | undefined>;
  /** Those among the ids that exist. */
  find(orderIds: readonly string[]): Promise<readonly OrderView[]>;
  /** A page, by id, descending, beginning below `before`. */
  page(query: { readonly before?: string; readonly limit: number }): Promise<readonly OrderView[]>;
}

/** The order book over Order's store. */
export function orderBook(store: OrderEntities): OrderBook {
  const find = async (orderIds: readonly string[]) => [...(await store.load(orderIds)).values()].map(viewOf);
  return {
    find,
    get: async (orderId) => (await find([orderId]))[0],
    page: async (query) => (await store.entities(query)).map(viewOf),
  };
}

function viewOf(stored: StoredOrder): OrderView {
  const { details, reason }: z.infer<typeof OrderData> = OrderData.parse(stored.data);
  return { ...details, state: stored.state, reason };
}
