// What Order publishes, and the order itself as it travels.
import { event } from "quadrille";
import { z } from "zod";
import { Cents } from "../shared/money.ts";

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

/** What a consumer orders, before the order has an id. */
export const OrderRequest = z.object({
  consumerId: z.string().min(1).max(64),
  /** When the order was placed, by the pizza place's own clock: ISO 8601 without an offset. */
  placedAt: z.iso.datetime({ local: true }),
  lines: z.array(OrderLine).min(1).max(50),
  total: Cents,
  /** The number under which the data set has the order; absent when it came through the API. */
  reference: z.string().min(1).max(64).optional(),
});
export type OrderRequest = z.infer<typeof OrderRequest>;

/** Everything the partners need to know of an order, so that none has to ask back. */
export const OrderDetails = OrderRequest.extend({ orderId: z.string().min(1).max(64) });
export type OrderDetails = z.infer<typeof OrderDetails>;

/** Why the order of a contract without more is rejected. */
export const usualReasons = [
  "unknown consumer",
  "consumer blocked",
  "order above the consumer's limit",
  "pizza not on the menu",
  "restaurant closed",
  "too many pizzas for the kitchen",
  "card declined",
] as const;

/** Why an order was rejected. */
export const RejectionReason = z.enum([
  ...usualReasons,
  "above the consumer's credit",
  "not approved in time",
  "approval denied",
]);
export type RejectionReason = z.infer<typeof RejectionReason>;

/** The payload of every refusal, and of the rejection that follows from it. */
export const Refusal = z.object({ orderId: z.string(), reason: RejectionReason });

/** How often an order's lines have been changed: 0 as it was placed. */
export const Revision = z.int().min(0);

/** What is asked for instead of an order's lines, by a consumer who saw the order in this revision. */
export const RevisionRequest = OrderRequest.pick({ lines: true, total: true }).extend({ basedOn: Revision });
export type RevisionRequest = z.infer<typeof RevisionRequest>;

/** Why an approved order was not cancelled, or not revised: it stays as it was. */
export const KeptReason = z.enum([
  "already preparing",
  "revised meanwhile",
  "restaurant closed",
  "pizza not on the menu",
  "too many pizzas for the kitchen",
  "prepaid card",
  "above what the card takes",
]);
export type KeptReason = z.infer<typeof KeptReason>;

const OfOrder = z.object({ orderId: z.string(), revision: Revision });
/** The payload of every refusal to cancel or to revise. */
export const Kept = OfOrder.extend({ reason: KeptReason });

export const OrderCreated = event("OrderCreated", OrderDetails);
export const OrderApproved = event("OrderApproved", z.object({ orderId: z.string(), total: Cents }));
export const OrderRejected = event("OrderRejected", Refusal);
export const OrderCancelRequested = event("OrderCancelRequested", OfOrder);
export const OrderCancelled = event("OrderCancelled", OfOrder);
export const OrderCancelRejected = event("OrderCancelRejected", Kept);
/** `revision` is what the order's would be; `basedOn` the one that the consumer saw. */
const Proposal = OfOrder.extend({
  basedOn: Revision,
  placedAt: z.string(),
  lines: z.array(OrderLine).min(1),
  total: Cents,
});
export type Proposal = z.infer<typeof Proposal>;
export const OrderRevisionProposed = event("OrderRevisionProposed", Proposal);
export const OrderRevised = event("OrderRevised", OfOrder.extend({ total: Cents }));
export const OrderRevisionRejected = event("OrderRevisionRejected", Kept);
