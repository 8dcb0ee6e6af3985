// What Order publishes, and the order itself as it travels.
import { event } from "quadrille";
import { z } from "zod";
import { Cents } from "../money.ts";

/** One line of an order: some pizzas of one kind and size. */
export const OrderLine = z.object({
  pizza: z.string().min(1).max(40),
  size: z.enum(["S", "M", "L", "XL", "XXL"]),
  quantity: z.int().min(1).max(50),
  /** The price of one, in cents. */
  price: Cents,
});

/** Everything the partners need to know of an order, so that none has to ask back. */
export const OrderDetails = z.object({
  orderId: z.string().min(1).max(64),
  consumerId: z.string().min(1).max(64),
  /** When the order was placed, by the pizza place's own clock: ISO 8601 without an offset. */
  placedAt: z.iso.datetime({ local: true }),
  lines: z.array(OrderLine).min(1).max(50),
  total: Cents,
});
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
