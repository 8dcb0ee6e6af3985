// The routes for orders: place one, read one, read a page.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Answer } from "quadrille";
import type { OrderRequest } from "../events/order.ts";
import type { OrderView } from "../order/order-book.ts";
import { type OrderAction, orderActions, type PizzaPlace, type RequestKey } from "../place.ts";
import { priceOrder } from "./ordering.ts";
import { Problem } from "./problem.ts";
import { refusal } from "./refusal.ts";
import * as routes from "./routes.ts";
import { orderBody } from "./views.ts";

/** Adds the routes to the API. */
export function addOrderRoutes(api: OpenAPIHono, place: PizzaPlace): void {
  api.openapi(routes.placeOrder, async (c) => {
    const form = c.req.valid("json");
    const request = priceOrder(form, place.menu, place.now());
    // The form, and not the order made from it: the order contains the time, which differs between repeats.
    const key = requestKey(c.req.valid("header")["idempotency-key"], JSON.stringify(form));
    const order = await placed(place, request, await place.placeOrder(request, key));
    c.header("Location", `/orders/${order.orderId}`);
    return c.json(orderBody(order), 202);
  });
  api.openapi(routes.listOrders, async (c) => {
    const { limit, before, prefix } = c.req.valid("query");
    if (prefix !== undefined) {
      const found = await place.orders.find(await place.orderIds(prefix, limit));
      return c.json({ orders: found.toSorted(byId).map(orderBody) }, 200);
    }
    const page = await place.orders.page(before === undefined ? { limit } : { limit, before });
    const last = page.at(-1);
    const next =
      last === undefined || page.length < limit ? undefined : `/orders?limit=${limit}&before=${last.orderId}`;
    return c.json({ orders: page.map(orderBody), ...(next === undefined ? {} : { next }) }, 200);
  });
  api.openapi(routes.readOrder, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(orderBody(await known(place, id)), 200);
  });
  addChanges(api, place);
}

/** What is done with an order that was placed: cancelled, revised, approved, declined. */
function addChanges(api: OpenAPIHono, place: PizzaPlace): void {
  const asked = async (order: OrderView, answer: Answer, action: OrderAction | "revise") => {
    const from = action === "revise" ? "APPROVED" : orderActions[action].from;
    if (answer.status === "refused") throw await refusal(place, answer, { thing: "order", action, from });
    return orderBody({ ...order, state: answer.state });
  };
  const byAction = {
    cancel: routes.cancelOrder,
    approve: routes.approveOrder,
    decline: routes.declineOrder,
  } as const;
  for (const action of ["cancel", "approve", "decline"] as const) {
    api.openapi(byAction[action], async (c) => {
      const order = await known(place, c.req.valid("param").id);
      const key = requestKey(c.req.valid("header")["idempotency-key"]);
      return c.json(await asked(order, await place.decideOnOrder(order.orderId, action, key), action), 202);
    });
  }
  api.openapi(routes.reviseOrder, async (c) => {
    const form = c.req.valid("json");
    const order = await known(place, c.req.valid("param").id);
    const { lines, total } = priceOrder({ ...order, lines: form.lines }, place.menu, order.placedAt);
    const key = requestKey(c.req.valid("header")["idempotency-key"], JSON.stringify(form));
    const revision = { lines, total, basedOn: form.revision ?? order.revision };
    return c.json(await asked(order, await place.reviseOrder(order.orderId, revision, key), "revise"), 202);
  });
}

/** The key of an HTTP request; distinct from the replay's keys. */
export function requestKey(key: string | undefined, fingerprint?: string): RequestKey {
  if (key === undefined) return {};
  const idempotencyKey = `http/${key}`;
  return fingerprint === undefined
    ? { idempotencyKey }
    : { idempotencyKey, idempotencyFingerprint: fingerprint };
}

function byId(a: OrderView, b: OrderView): number {
  return a.orderId < b.orderId ? -1 : 1;
}

/** The answer for an id that matches nothing. */
export function unknownId(what: string, id: string): Problem {
  return new Problem(404, {
    name: `unknown-${what}`,
    title: `Unknown ${what}`,
    detail: `There is no ${what} ${id}: GET /orders lists those that exist, as npm run quadrille -- sagas does.`,
  });
}

/**
 * The order in the state of the first answer, so that a repeat is answered alike: it may have been placed at
 * another time.
 */
async function placed(place: PizzaPlace, request: OrderRequest, answer: Answer): Promise<OrderView> {
  const { sagaId: orderId, state } = answer;
  const isRepeated = answer.status === "accepted" && answer.repeated;
  const order = isRepeated ? await known(place, orderId) : { ...request, orderId };
  return { ...order, state, reason: undefined, revision: 0, kept: undefined };
}

async function known(place: PizzaPlace, orderId: string): Promise<OrderView> {
  const order = await place.orders.get(orderId);
  if (order === undefined) throw unknownId("order", orderId);
  return order;
}
