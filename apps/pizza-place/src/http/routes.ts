// The routes of the HTTP API, as data: paths, parameters, bodies and answers, from which the OpenAPI document
// is made.
import { createRoute, type z } from "@hono/zod-openapi";
import { ProblemDetails } from "./problem.ts";
import * as schema from "./schemas.ts";

const json = <S extends z.ZodType>(body: S, description: string) =>
  ({ content: { "application/json": { schema: body } }, description }) as const;
const problem = (description: string) =>
  ({ content: { "application/problem+json": { schema: ProblemDetails } }, description }) as const;

const unknownId = problem("No such id.");
const invalid = problem("A field or parameter is not as expected; `errors` says which and what was.");
const busy = problem("The place is overloaded or stopping; come back after `Retry-After` seconds.");
const conflict = problem(
  "The command meets a lock or another wrong state; `heldBy`, `state`, `since` and `request` say what holds it.",
);

export const placeOrder = createRoute({
  method: "post",
  path: "/orders",
  summary: "Place an order",
  request: {
    headers: schema.KeyHeaders,
    body: { required: true, content: { "application/json": { schema: schema.OrderForm } } },
  },
  responses: {
    202: {
      ...json(schema.Order, "The order was taken; its saga will approve or reject it."),
      headers: { Location: { description: "The order's address.", schema: { type: "string" } } },
    },
    400: problem("The body is not JSON."),
    413: problem("The body is too large."),
    415: problem("The body is not declared as JSON."),
    422: invalid,
    503: busy,
  },
});

export const listOrders = createRoute({
  method: "get",
  path: "/orders",
  summary: "Orders, newest first",
  request: { query: schema.PageQuery },
  responses: { 200: json(schema.OrderPage, "A page of orders."), 422: invalid },
});

export const readOrder = createRoute({
  method: "get",
  path: "/orders/{id}",
  summary: "An order",
  request: { params: schema.IdParams },
  responses: { 200: json(schema.Order, "The order."), 404: unknownId },
});

export const readSaga = createRoute({
  method: "get",
  path: "/sagas/{id}",
  summary: "A saga's timeline and what is expected next",
  request: { params: schema.IdParams },
  responses: { 200: json(schema.Saga, "The saga."), 404: unknownId },
});

export const awaitEnd = createRoute({
  method: "get",
  path: "/sagas/{id}/end",
  summary: "Wait for a saga's end",
  request: { params: schema.IdParams, query: schema.WaitQuery },
  responses: {
    200: json(schema.End, "The saga has come to this end."),
    202: json(schema.End, "The wait was over first; ask again."),
    404: unknownId,
    422: invalid,
  },
});

export const followSaga = createRoute({
  method: "get",
  path: "/sagas/{id}/events",
  summary: "Follow a saga until its end, as server-sent events",
  request: { params: schema.IdParams },
  responses: {
    200: {
      description: "An event `reaction` for each step of the timeline, then one event `end`.",
      content: { "text/event-stream": { schema: { type: "string" } } },
    },
    404: unknownId,
  },
});

const taken = json(
  schema.Order,
  "The request was taken; the order's saga goes on with it. Where a partner refuses it later, the order stays as it was, with `kept`.",
);
const answers = { 404: unknownId, 409: conflict, 422: invalid, 503: busy } as const;

const orderRoute = <Path extends string>(path: Path, summary: string) =>
  createRoute({
    method: "post",
    path,
    summary,
    request: { params: schema.IdParams, headers: schema.KeyHeaders },
    responses: {
      202: taken,
      ...answers,
    },
  });

export const cancelOrder = orderRoute("/orders/{id}/cancel", "A consumer cancels an order");
export const approveOrder = orderRoute("/orders/{id}/approve", "A person approves a large order");
export const declineOrder = orderRoute("/orders/{id}/decline", "A person declines a large order");

export const reviseOrder = createRoute({
  method: "post",
  path: "/orders/{id}/revise",
  summary: "A consumer revises an order: other lines instead of its own",
  request: {
    params: schema.IdParams,
    headers: schema.KeyHeaders,
    body: { required: true, content: { "application/json": { schema: schema.RevisionForm } } },
  },
  responses: {
    202: taken,
    ...answers,
    400: problem("The body is not JSON."),
    413: problem("The body is too large."),
    415: problem("The body is not declared as JSON."),
  },
});

const ticketRoute = <Path extends string>(path: Path, summary: string) =>
  createRoute({
    method: "post",
    path,
    summary,
    request: { params: schema.IdParams, headers: schema.KeyHeaders },
    responses: { 200: json(schema.Ticket, "The ticket's new state."), ...answers },
  });

export const acceptTicket = ticketRoute("/tickets/{id}/accept", "The kitchen accepts a ticket");
export const prepareTicket = ticketRoute("/tickets/{id}/prepare", "The kitchen begins to prepare a ticket");
export const readyTicket = ticketRoute("/tickets/{id}/ready", "The kitchen is ready with a ticket");
export const pickUpTicket = ticketRoute("/tickets/{id}/pick-up", "The pizzas of a ticket are picked up");

export const readMenu = createRoute({
  method: "get",
  path: "/menu",
  summary: "The menu with its prices",
  responses: { 200: json(schema.MenuBody, "The menu.") },
});

export const readAudit = createRoute({
  method: "get",
  path: "/audit",
  summary: "Whether the payment provider's ledger and the sagas' ends agree to the cent",
  request: { query: schema.AuditQuery },
  responses: { 200: json(schema.Audit, "The report, green or not."), 422: invalid },
});

export const readHealth = createRoute({
  method: "get",
  path: "/health",
  summary: "Whether all participants work",
  responses: {
    200: json(schema.Health, "All participants work."),
    503: json(schema.Health, "A participant does not work; `trouble` says why."),
  },
});
