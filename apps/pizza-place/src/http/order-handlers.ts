// The doors for orders: place one, read one, read a page.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Answer } from "quadrille";
import type { OrderView } from "../order/order-book.ts";
import type { PizzaPlace, RequestKey } from "../place.ts";
import { priceOrder } from "./ordering.ts";
import { Problem } from "./problem.ts";
import * as routes from "./routes.ts";
import { orderBody } from "./views.ts";

/** Adds the doors to the API. */
export function addOrderDoors(api: OpenAPIHono, place: PizzaPlace): void {
  api.openapi(routes.placeOrder, async (c) => {
    const form = c.req.valid("json");
    const request = priceOrder(form, place.menu, place.now());
    // The form, and not the order made of it: that has the time, which differs from one repeat to the next.
    const key = requestKey(c.req.valid("header")["idempotency-key"], JSON.stringify(form));
    const order = await orderOf(place, await place.placeOrder(request, key));
    c.header("Location", `/orders/${order.orderId}`);
    return c.json(orderBody(order), 202);
  });
  api.openapi(routes.listOrders, async (c) => {
    const { limit, before } = c.req.valid("query");
    const page = await place.orders.page(before === undefined ? { limit } : { limit, before });
    const last = page.at(-1);
    const next =
      last === undefined || page.length < limit ? undefined : `/orders?limit=${limit}&before=${last.orderId}`;
    return c.json({ orders: page.map(orderBody), ...(next === undefined ? {} : { next }) }, 200);
  });
  api.openapi(routes.readOrder, async (c) => {
    const { id } = c.req.valid("param");
    const order = await place.orders.get(id);
    if (order === undefined) throw unknownId("order", id);
    return c.json(orderBody(order), 200);
  });
}

/** The key of an HTTP request: apart from the replay's keys. */
export function requestKey(key: string | undefined, fingerprint?: string): RequestKey {
  if (key === undefined) return {};
  const idempotencyKey = `http/${key}`;
  return fingerprint === undefined
    ? { idempotencyKey }
    : { idempotencyKey, idempotencyFingerprint: fingerprint };
}

/** There is no such thing. */
export function unknownId(what: string, id: string): Problem {
  return new Problem(404, {
    name: `unknown-${what}`,
    title: `Unknown ${what}`,
    detail: `There is no ${what} ${id}: GET /orders lists those that exist.`,
  });
}

/** The order in the state of the first answer, so that a repeat is answered alike. */
async function orderOf(place: PizzaPlace, answer: Answer): Promise<OrderView> {
  const order = await place.orders.get(answer.sagaId);
  if (order === undefined) throw new Error(`The order ${answer.sagaId} was taken and cannot be read`);
  return { ...order, state: answer.state, reason: undefined };
}
