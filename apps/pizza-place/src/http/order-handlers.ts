// The doors for orders: place one, read one, read a page.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Answer } from "quadrille";
import type { OrderView } from "../order/order-book.ts";
import type { PizzaPlace } from "../place.ts";
import { isSameOrder, priceOrder } from "./ordering.ts";
import { Problem } from "./problem.ts";
import * as routes from "./routes.ts";
import type { OrderForm } from "./schemas.ts";
import { orderBody } from "./views.ts";

/** Adds the doors to the API. */
export function addOrderDoors(api: OpenAPIHono, place: PizzaPlace): void {
  api.openapi(routes.placeOrder, async (c) => {
    const form = c.req.valid("json");
    const key = c.req.valid("header")["idempotency-key"];
    const request = priceOrder(form, place.menu, place.now());
    const answer = await place.placeOrder(request, key === undefined ? undefined : doorKey(key));
    const order = await orderOf(place, form, answer);
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

/** The key of a request that came through the door: apart from the replay's keys. */
export function doorKey(key: string): string {
  return `http/${key}`;
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
async function orderOf(place: PizzaPlace, form: OrderForm, answer: Answer): Promise<OrderView> {
  const order = await place.orders.get(answer.sagaId);
  if (order === undefined) throw new Error(`The order ${answer.sagaId} was taken and cannot be read`);
  if (!isSameOrder(form, order)) {
    throw new Problem(422, {
      name: "key-reused",
      title: "Idempotency key used for another order",
      detail: `The Idempotency-Key stands for order ${order.orderId}, which is not what this body asks for: send a new key with a new order.`,
      errors: [{ parameter: "Idempotency-Key", expected: "a key that was not used for another body" }],
    });
  }
  return { ...order, state: answer.state, reason: undefined };
}
