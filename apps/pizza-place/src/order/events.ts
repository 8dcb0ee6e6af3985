// What Order publishes, and the order itself as it travels.
import { event } from "quadrille";
import { z } from "zod";
import { Cents } from "../money.ts";

/** The sizes of a pizza, from small to large. */
export const sizes = ["S", "M", "L", "XL", "XXL"] as const;
export type Size = (typeof sizes)[number];

/** One line of an order: some pizzas of one kind and size. */
export const OrderLine = z.object({
  pizza: z.string().min(1).max(40),
  size: z.enum(sizes),
  quantity: z.int().min(1).max(50),
  /** The price of one, in cents. */
  price: Cents,
});

export type OrderLine = z.infer<typeof OrderLine>;

/** What somebody orders, before the order has an id. */
export const OrderRequest = z.object({
  consumerId: z.string().min(1).max(64),
  /** When the order was placed, by the pizza place's own clock: ISO 8601 without an offset. */
  placedAt: z.iso.datetime({ local: true }),
  lines: z.array(OrderLine).min(1).max(50),
  total: Cents,
  /** The number under which the data set has the order; absent when somebody else placed it. */
  reference: z.string().min(1).max(64).optional(),
});
export type OrderRequest = z.infer<typeof OrderRequest>;

/** Everything the partners need to know of an order, so that none has to ask back. */
export const OrderDetails = OrderRequest.extend({ orderId: z.string().min(1).max(64) });
export type OrderDetails = z.infer<typeof OrderDetails>;

/** Why an order was rejected. */
export const RejectionReason = z.enum([
  "unknown consumer",
  "consumer blocked",
  "order above the consumer's limit",
  "pizza not on the menu",
  "restaurant closed",
  "too many pizzas for the kitchen",
  "card declined",
]);
export type RejectionReason = z.infer<typeof RejectionReason>;

/** The payload of every refusal, and of the rejection that follows from it. */
export const Refusal = z.object({ orderId: z.string(), reason: RejectionReason });

export const OrderCreated = event("OrderCreated", OrderDetails);
export const OrderApproved = event("OrderApproved", z.object({ orderId: z.string(), total: Cents }));
export const OrderRejected = event("OrderRejected", Refusal);
