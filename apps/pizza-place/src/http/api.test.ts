// The other routes over a place made up for the test, and the document that describes them all.
import { Validator } from "@seriousme/openapi-schema-validator";
import { QuadrilleError } from "quadrille";
import { describe, expect, it } from "vitest";
import { journalOf } from "../../../../packages/quadrille/src/testing/store-samples.ts";
import { accepted, ask, logged } from "../../test/made-up-place.ts";
import type { PizzaPlace } from "../place.ts";

describe("tickets", () => {
  const work = (action: string, changes: Partial<PizzaPlace>) =>
    ask(`/tickets/order-1/${action}`, { method: "POST", changes });
  const refused = (state: string, heldBy: "lock" | "parked" | "state"): Partial<PizzaPlace> => ({
    workOnTicket: async () => ({
      status: "refused",
      sagaId: "order-1",
      key: "order-1",
      state,
      heldBy,
      reason: "why",
    }),
  });

  it("give their new state", async () => {
    expect(await work("accept", {})).toMatchObject({
      status: 200,
      json: { orderId: "order-1", state: "ACCEPTED" },
    });
  });

  it("say what holds them when a command meets a lock", async () => {
    expect(await work("accept", refused("CREATE_PENDING", "lock"))).toMatchObject({
      status: 409,
      type: "application/problem+json",
      json: {
        type: "urn:pizza-place:locked",
        state: "CREATE_PENDING",
        expectedState: "AWAITING_ACCEPTANCE",
        heldBy: "lock",
        saga: "/sagas/order-1",
      },
    });
  });

  it("say in one sentence why a command was refused, not in two", async () => {
    const { json } = await work("accept", refused("CREATE_PENDING", "lock"));
    expect(json).not.toHaveProperty("reason");
  });

  it("say which state a command needs", async () => {
    expect(await work("prepare", refused("AWAITING_ACCEPTANCE", "state"))).toMatchObject({
      status: 409,
      json: { type: "urn:pizza-place:wrong-state", state: "AWAITING_ACCEPTANCE", expectedState: "ACCEPTED" },
    });
  });

  it("refuse a key that stands for another request", async () => {
    const workOnTicket: PizzaPlace["workOnTicket"] = async () => {
      throw new QuadrilleError("Q_IDEMPOTENCY_KEY_REUSED", "another request");
    };
    expect(await work("accept", { workOnTicket })).toMatchObject({
      status: 422,
      json: { type: "urn:pizza-place:key-reused" },
    });
  });
});

describe("an order that was placed", () => {
  const post = (action: string, changes: Partial<PizzaPlace> = {}, body?: object) =>
    ask(`/orders/order-1/${action}`, {
      method: "POST",
      changes,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  const refused = {
    status: "refused",
    sagaId: "order-1",
    key: "order-1",
    state: "CANCEL_PENDING",
    heldBy: "lock",
    reason: "",
  } as const;
  const entry = (participant: string, [from, to]: readonly [string, string], trigger: string) => ({
    ...journalOf(1, { from, to, trigger, time: Date.UTC(2015, 0, 1, 12) }),
    participant,
  });
  const saga: PizzaPlace["saga"] = async (sagaId) => ({
    sagaId,
    states: {},
    end: undefined,
    expected: [],
    choreography: "Create Order",
    causedBy: [],
    caused: [],
    time: { now: 0, kind: "machine" },
    beganAt: 0,
    enteredAt: 0,
    timeline: [
      entry("Order", ["APPROVED", "CANCEL_PENDING"], "cancelOrder"),
      entry("Kitchen", ["ACCEPTED", "CANCEL_PENDING.C"], "OrderCancelRequested"),
    ],
  });

  it("is cancelled and revised", async () => {
    expect(await post("cancel")).toMatchObject({ status: 202, json: { state: "CANCEL_PENDING" } });
    const revisions: unknown[] = [];
    const reviseOrder: PizzaPlace["reviseOrder"] = async (_, revision) => {
      revisions.push(revision);
      return { ...accepted, state: "REVISION_PENDING" };
    };
    const lines = [{ pizza: "hawaiian", size: "S", quantity: 1 }];
    for (const body of [{ lines }, { lines, revision: 3 }])
      expect(await post("revise", { reviseOrder }, body)).toMatchObject({
        status: 202,
        json: { state: "REVISION_PENDING" },
      });
    const priced = { lines: [{ ...lines[0], price: 1050 }], total: 1050 };
    expect(revisions).toEqual([
      { ...priced, basedOn: 0 },
      { ...priced, basedOn: 3 },
    ]);
  });

  it("says what holds it, since when, and by which request, when a command meets a lock", async () => {
    const detail =
      "To revise order order-1 it must be APPROVED, and it is CANCEL_PENDING since 2015-01-01T12:00:00.000Z, by cancelOrder. It is held by a semantic lock: come back when that is over.";
    const lines = [{ pizza: "hawaiian", size: "S", quantity: 1 }];
    expect(await post("revise", { saga, reviseOrder: async () => refused }, { lines })).toMatchObject({
      status: 409,
      type: "application/problem+json",
      json: {
        type: "urn:pizza-place:locked",
        state: "CANCEL_PENDING",
        expectedState: "APPROVED",
        heldBy: "lock",
        since: "2015-01-01T12:00:00.000Z",
        request: "cancelOrder",
        detail,
      },
    });
    const workOnTicket: PizzaPlace["workOnTicket"] = async () => ({ ...refused, state: "CANCEL_PENDING.C" });
    expect(
      await ask("/tickets/order-1/prepare", { method: "POST", changes: { saga, workOnTicket } }),
    ).toMatchObject({ status: 409, json: { state: "CANCEL_PENDING.C", request: "cancelOrder" } });
  });

  it("is not revised to what is not sold, nor by a form with other fields", async () => {
    const unsold = await post("revise", {}, { lines: [{ pizza: "nothing", size: "S", quantity: 1 }] });
    expect(unsold).toMatchObject({ status: 422, json: { errors: [{ pointer: "/lines/0/pizza" }] } });
    const strange = await post("revise", {}, { lines: [], consumerId: "consumer-0002" });
    expect(strange).toMatchObject({ status: 422, json: { type: "urn:pizza-place:invalid-request" } });
  });

  it("says so where the contract has no such command", async () => {
    const decideOnOrder: PizzaPlace["decideOnOrder"] = async () => {
      throw new QuadrilleError("Q_UNKNOWN_COMMAND", "No participant takes it.");
    };
    expect(await post("approve", { decideOnOrder })).toMatchObject({
      status: 409,
      json: { type: "urn:pizza-place:not-in-this-contract" },
    });
  });
});

describe("what is not there", () => {
  it("is 404 for ids", async () => {
    for (const path of ["/orders/unknown", "/sagas/unknown", "/sagas/unknown/end", "/sagas/unknown/events"]) {
      expect(await ask(path), path).toMatchObject({ status: 404, type: "application/problem+json" });
    }
    expect(await ask("/tickets/unknown/accept", { method: "POST" })).toMatchObject({ status: 404 });
  });

  it("is 404 for ids that no id can be, and the database is not asked", async () => {
    const asked = async () => {
      throw new Error("a database takes no NUL");
    };
    const changes = { orders: { find: asked, get: asked, page: asked }, saga: asked, ended: asked };
    const before = logged.length;
    for (const id of ["%00", "order%00-1", "x".repeat(65)]) {
      for (const path of [`/orders/${id}`, `/sagas/${id}`, `/sagas/${id}/end`, `/sagas/${id}/events`]) {
        expect(await ask(path, { changes }), path).toMatchObject({
          status: 404,
          type: "application/problem+json",
          json: {
            type: path.startsWith("/orders")
              ? "urn:pizza-place:unknown-order"
              : "urn:pizza-place:unknown-saga",
          },
        });
      }
      const ticket = await ask(`/tickets/${id}/accept`, { method: "POST", changes });
      expect(ticket).toMatchObject({ status: 404, json: { type: "urn:pizza-place:unknown-order" } });
    }
    expect(logged.slice(before)).toEqual([]);
  });

  it("is 404 for paths and 405 for methods, which are named", async () => {
    expect(await ask("/pizzas")).toMatchObject({
      status: 404,
      json: { type: "urn:pizza-place:unknown-path" },
    });
    const wrong = await ask("/orders", { method: "DELETE" });
    expect(wrong).toMatchObject({ status: 405, json: { type: "urn:pizza-place:wrong-method" } });
    expect(wrong.headers.get("allow")).toBe("GET, HEAD, POST");
    const get = await ask("/tickets/order-1/accept");
    expect(get.headers.get("allow")).toBe("POST");
  });
});

describe("parameters", () => {
  for (const [path, parameter] of [
    ["/sagas/order-1/end?wait=-1", "wait"],
    ["/sagas/order-1/end?wait=61", "wait"],
    ["/sagas/order-1/end?wait=soon", "wait"],
    ["/orders?limit=0", "limit"],
    ["/orders?limit=501", "limit"],
    ["/orders?after=x", "after"],
    ["/orders?before=%00", "before"],
    ["/audit?settled=yes", "settled"],
  ] as const) {
    it(`are checked: ${path}`, async () => {
      expect(await ask(path)).toMatchObject({ status: 422, json: { errors: [{ parameter }] } });
    });
  }
});

it("a parameter that there is not is named in a sentence", async () => {
  expect(await ask("/orders?after=x")).toMatchObject({
    json: { detail: "after is not a parameter here: leave it out." },
  });
});

describe("web pages", () => {
  it("are kept out, by host and by origin", async () => {
    for (const headers of [
      { host: "evil.example:4040" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ]) {
      expect(await ask("/menu", { headers }), JSON.stringify(headers)).toMatchObject({ status: 403 });
    }
    expect(
      await ask("/menu", { headers: { host: "localhost:4040", origin: "http://localhost:4040" } }),
    ).toMatchObject({ status: 200 });
    expect(await ask("/menu", { headers: { "sec-fetch-site": "same-origin" } })).toMatchObject({
      status: 200,
    });
  });
});

describe("menu and health", () => {
  it("lists each pizza with its sizes, small ones first", async () => {
    const { json } = await ask("/menu");
    expect(json).toEqual({
      pizzas: [
        {
          pizza: "hawaiian",
          title: "The Hawaiian Pizza",
          category: "Classic",
          sizes: [
            { size: "S", priceCents: 1050 },
            { size: "M", priceCents: 1325 },
          ],
        },
        {
          pizza: "mexicana",
          title: "The Mexicana Pizza",
          category: "Veggie",
          sizes: [{ size: "L", priceCents: 2025 }],
        },
      ],
    });
  });

  it("is unhealthy while a participant has trouble", async () => {
    const parked = { deferred: 0, retrying: 0, waiting: 0, dead: 0 };
    const kitchen = {
      name: "Kitchen",
      reactions: 1,
      commits: 1,
      waiting: 0,
      parked,
      activitiesRunning: 0,
      outages: [],
      trouble: undefined,
    };
    const status = (trouble: string | undefined) => ({
      changes: { status: () => [{ ...kitchen, trouble }] },
    });
    expect(await ask("/health", status(undefined))).toMatchObject({ status: 200, json: { status: "ok" } });
    const sick = await ask("/health", status("no database"));
    expect(sick).toMatchObject({
      status: 503,
      json: { status: "trouble", participants: [{ trouble: "no database" }] },
    });
  });
});

describe("the OpenAPI document", () => {
  it("is valid and describes every route", async () => {
    const { json } = await ask("/openapi.json");
    const result = await new Validator().validate(json as Record<string, unknown>);
    expect(result).toMatchObject({ valid: true });
    const { openapi, paths } = json as { openapi: string; paths: Record<string, object> };
    expect(openapi).toBe("3.1.0");
    expect(Object.keys(paths).toSorted()).toEqual([
      "/audit",
      "/health",
      "/menu",
      "/orders",
      "/orders/{id}",
      "/orders/{id}/approve",
      "/orders/{id}/cancel",
      "/orders/{id}/decline",
      "/orders/{id}/revise",
      "/sagas/{id}",
      "/sagas/{id}/end",
      "/sagas/{id}/events",
      "/tickets/{id}/accept",
      "/tickets/{id}/pick-up",
      "/tickets/{id}/prepare",
      "/tickets/{id}/ready",
    ]);
  });
});
