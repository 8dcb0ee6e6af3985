// The routes for the kitchen's staff and for the operator: tickets, menu, audit, health.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { type PizzaPlace, type TicketAction, ticketActions } from "../place.ts";
import { requestKey, unknownId } from "./order-handlers.ts";
import { refusal } from "./refusal.ts";
import * as routes from "./routes.ts";
import { healthBody, menuBody } from "./views.ts";

/** Adds the routes to the API. */
export function addKitchenRoutes(api: OpenAPIHono, place: PizzaPlace): void {
  const work = async (orderId: string, action: TicketAction, key: string | undefined) => {
    if ((await place.orders.get(orderId)) === undefined) throw unknownId("order", orderId);
    const answer = await place.workOnTicket(orderId, action, requestKey(key));
    if (answer.status === "refused") {
      const { from } = ticketActions[action];
      throw await refusal(place, answer, { thing: "ticket", action, from });
    }
    return { orderId, state: answer.state };
  };
  const routesByAction = {
    accept: routes.acceptTicket,
    prepare: routes.prepareTicket,
    ready: routes.readyTicket,
    "pick-up": routes.pickUpTicket,
  } as const;
  for (const action of ["accept", "prepare", "ready", "pick-up"] as const) {
    api.openapi(routesByAction[action], async (c) =>
      c.json(await work(c.req.valid("param").id, action, c.req.valid("header")["idempotency-key"]), 200),
    );
  }
  api.openapi(routes.readMenu, (c) => c.json(menuBody(place.menu.items), 200));
  api.openapi(routes.readAudit, async (c) => {
    const report = await place.audit({ settled: c.req.valid("query").settled === "true" });
    return c.json({ ...report, findings: [...report.findings] }, 200);
  });
  api.openapi(routes.readHealth, (c) => {
    const health = healthBody(place);
    return health.status === "ok" ? c.json(health, 200) : c.json(health, 503);
  });
}
