// The doors for the kitchen's staff and for whoever looks after the place: tickets, menu, audit, health.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Answer } from "quadrille";
import type { PizzaPlace, TicketAction } from "../place.ts";
import { requestKey, unknownId } from "./order-handlers.ts";
import { Problem } from "./problem.ts";
import * as routes from "./routes.ts";
import { healthBody, menuBody } from "./views.ts";

/** Adds the doors to the API. */
export function addKitchenDoors(api: OpenAPIHono, place: PizzaPlace): void {
  const work = async (orderId: string, action: TicketAction, key: string | undefined) => {
    if ((await place.orders.get(orderId)) === undefined) throw unknownId("order", orderId);
    const answer = await place.workOnTicket(orderId, action, requestKey(key));
    if (answer.status === "refused") throw refusal(answer, action);
    return { orderId, state: answer.state };
  };
  api.openapi(routes.acceptTicket, async (c) => {
    const ticket = await work(c.req.valid("param").id, "accept", c.req.valid("header")["idempotency-key"]);
    return c.json(ticket, 200);
  });
  api.openapi(routes.prepareTicket, async (c) => {
    const ticket = await work(c.req.valid("param").id, "prepare", c.req.valid("header")["idempotency-key"]);
    return c.json(ticket, 200);
  });
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

const wanted: Readonly<Record<TicketAction, string>> = {
  accept: "AWAITING_ACCEPTANCE",
  prepare: "ACCEPTED",
};

function refusal(answer: Extract<Answer, { status: "refused" }>, action: TicketAction): Problem {
  // The answer's own reason speaks of keys and states in general; the detail says the same of tickets and orders.
  const { sagaId, state, heldBy } = answer;
  const locked =
    heldBy === "state"
      ? ""
      : ` It is held by a ${heldBy === "lock" ? "semantic lock" : "message set aside"}: come back when that is over.`;
  return new Problem(409, {
    name: heldBy === "state" ? "wrong-state" : "locked",
    title: heldBy === "state" ? "The ticket is in another state" : "The ticket is locked",
    detail: `To ${action} the ticket of order ${sagaId} it must be ${wanted[action]}, and it is ${state}.${locked}`,
    more: { state, expectedState: wanted[action], heldBy, saga: `/sagas/${sagaId}` },
  });
}
