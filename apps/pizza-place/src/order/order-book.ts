// Reads orders back: Order's entities, as shown outside.
import { OrderData } from "./contract.ts";
import type { OrderDetails, RejectionReason } from "./events.ts";
import { revisionOf } from "./revision.ts";

/** What the book needs of Order's store. */
export interface OrderEntities {
  load(keys: readonly string[]): Promise<ReadonlyMap<string, StoredOrder>>;
  entities(query: { readonly before?: Place; readonly limit: number }): Promise<readonly StoredOrder[]>;
}

/** Where an order stands among all, by time. */
interface Place {
  readonly beganAt: number;
  readonly sagaId: string;
}

/** An entity as the store gives it. */
export interface StoredOrder extends Place {
  readonly state: string;
  readonly data: unknown;
}

/** An order with its state. */
export interface OrderView extends OrderDetails {
  readonly state: string;
  readonly reason: RejectionReason | undefined;
  /** How often it was revised. */
  readonly revision: number;
  /** The last request to cancel or to revise that was refused, and why. */
  readonly kept: OrderData["kept"];
}

/** All orders. An order's id is the id of its saga. */
export interface OrderBook {
  get(orderId: string): Promise<OrderView | undefined>;
  /** Those among the ids that exist. */
  find(orderIds: readonly string[]): Promise<readonly OrderView[]>;
  /** A page, the newest order first, beginning after `before`. */
  page(query: { readonly before?: string; readonly limit: number }): Promise<readonly OrderView[]>;
}

/** The order book over Order's store. */
export function orderBook(store: OrderEntities): OrderBook {
  const find = async (orderIds: readonly string[]) => [...(await store.load(orderIds)).values()].map(viewOf);
  return {
    find,
    get: async (orderId) => (await find([orderId]))[0],
    page: async ({ before, limit }) => {
      const last = before === undefined ? undefined : (await store.load([before])).get(before);
      if (before !== undefined && last === undefined) return [];
      return (await store.entities(last === undefined ? { limit } : { before: last, limit })).map(viewOf);
    },
  };
}

function viewOf(stored: StoredOrder): OrderView {
  const data = OrderData.parse(stored.data);
  const { details, reason, kept } = data;
  return { ...details, state: stored.state, reason, revision: revisionOf(data), kept };
}
