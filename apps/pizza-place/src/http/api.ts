// The HTTP API of the pizza place: all routes, one form of problem, and the OpenAPI document.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { timeout } from "hono/timeout";
import type { PizzaPlace } from "../place.ts";
import { onlyLocal } from "./guard.ts";
import { addKitchenRoutes } from "./kitchen-handlers.ts";
import { allowedMethods } from "./methods.ts";
import { addOrderRoutes, unknownId } from "./order-handlers.ts";
import { Problem, problemResponse } from "./problem.ts";
import { bodyTooLarge, invalidRequest, problemOf } from "./problem-of.ts";
import { addSagaRoutes, type SagaRouteParts } from "./saga-handlers.ts";

/** The largest body, in bytes: an order of 50 lines has less than a tenth of it. */
export const bodyBytesMax: number = 64 * 1_024;

/** How long an order may take until its answer: usually milliseconds. Ten seconds are promised. */
const answerMsMax = 9_000;

const noAnswer = (): HTTPException => new HTTPException(503);

/** What the API is made of, besides the place. */
export interface ApiParts extends SagaRouteParts {
  /** Reports the program's own errors to the operator. */
  readonly log: (message: string) => void;
}

/**
 * The HTTP API as an app: routes, problems (RFC 9457), and the OpenAPI document. It listens to nothing yet.
 */
export function makeApi(place: PizzaPlace, parts: ApiParts): OpenAPIHono {
  const api = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return;
      if (result.target === "param") throw impossibleId(c);
      throw invalidRequest(result.error.issues, result.target);
    },
  });
  api.use(onlyLocal);
  api.use(
    bodyLimit({ maxSize: bodyBytesMax, onError: (c) => problemResponse(c, bodyTooLarge(bodyBytesMax)) }),
  );
  // If nothing can be written, the caller gets an answer instead of waiting.
  for (const path of ["/orders/*", "/tickets/*"]) api.use(path, timeout(answerMsMax, noAnswer));
  addOrderRoutes(api, place);
  addSagaRoutes(api, place, parts);
  addKitchenRoutes(api, place);
  api.get("/openapi.json", (c) => c.json(api.getOpenAPI31Document(documentHead)));
  api.get("/", (c) => c.redirect("/openapi.json"));
  api.notFound((c) => problemResponse(c, noSuchRoute(c, api)));
  api.onError((error, c) => problemResponse(c, problemOf(error, parts.log)));
  return api;
}

const documentHead = {
  openapi: "3.1.0",
  info: {
    title: "Pizza place",
    version: "1.0.0",
    description: "The reference system of Quadrille: orders, their sagas, tickets. Amounts are in US cents.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
};

/** All path parameters are ids; a value of another form matches nothing. */
function impossibleId(c: Context): Problem {
  return unknownId(c.req.path.startsWith("/sagas/") ? "saga" : "order", c.req.param("id") ?? "");
}

function noSuchRoute(c: Context, api: OpenAPIHono): Problem {
  const allowed = allowedMethods(api.routes, c.req.path);
  if (allowed.length === 0) {
    return new Problem(404, {
      name: "unknown-path",
      title: "Unknown path",
      detail: `There is nothing at ${c.req.path}: GET /openapi.json lists what there is.`,
    });
  }
  return new Problem(405, {
    name: "wrong-method",
    title: "Wrong method",
    detail: `${c.req.path} does not take ${c.req.method}: use ${allowed.join(" or ")}.`,
    headers: { Allow: allowed.join(", ") },
  });
}
