// Reads orders back: Order's entities, as shown outside.
import type { Entities, Entity } from "quadrille";
import type { OrderData } from "./contract.ts";
import type { OrderDetails, RejectionReason } from "../events/order.ts";
import { revisionOf } from "../shared/revision.ts";

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

/** The order book over Order's entities, of whichever of its contracts. */
export function orderBook(entities: Entities<string, OrderData>): OrderBook {
  const find = async (orderIds: readonly string[]) =>
    [...(await entities.getAll(orderIds)).values()].flatMap(viewOf);
  return {
    find,
    get: async (orderId) => (await find([orderId]))[0],
    page: async ({ before, limit }) => {
      const after = before === undefined ? undefined : await entities.get(before);
      if (before !== undefined && after === undefined) return [];
      return (await entities.page(after === undefined ? { limit } : { after, limit })).flatMap(viewOf);
    },
  };
}

/** Nothing of an order without data: no reaction of Order makes one. */
function viewOf({ state, data }: Entity<string, OrderData>): readonly OrderView[] {
  if (data === undefined) return [];
  const { details, reason, kept } = data;
  return [{ ...details, state, reason, revision: revisionOf(data), kept }];
}
