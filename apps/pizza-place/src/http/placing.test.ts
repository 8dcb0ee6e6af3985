// Placing an order through the API: what is answered, and every kind of problem with a body.
import { QuadrilleError } from "quadrille";
import { describe, expect, it } from "vitest";
import { accepted, ask, form, logged, order, type Sent } from "../../test/made-up-place.ts";
import type { PizzaPlace } from "../place.ts";
import { bodyBytesMax } from "./api.ts";

const post = (body: unknown, more: Omit<Sent, "body"> = {}) =>
  ask("/orders", {
    method: "POST",
    ...more,
    headers: { "content-type": "application/json", ...more.headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("placing an order", () => {
  it("answers 202 with the order, its address and its saga's address", async () => {
    const answer = await post(form);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toBe("/orders/order-1");
    expect(answer.json).toEqual({
      orderId: "order-1",
      state: "APPROVAL_PENDING",
      revision: 0,
      consumerId: "consumer-0001",
      placedAt: "2015-01-01T12:00:00",
      lines: [{ pizza: "hawaiian", size: "M", quantity: 2, priceCents: 1325 }],
      totalCents: 2650,
      saga: "/sagas/order-1",
    });
  });

  it("prices by the menu and places at the place's time", async () => {
    const placed: unknown[] = [];
    const placeOrder: PizzaPlace["placeOrder"] = async (...given) => {
      placed.push(given);
      return accepted;
    };
    await post(form, { changes: { placeOrder }, headers: { "idempotency-key": "k" } });
    const { orderId: _, state: __, reason: ___, revision: ____, kept: _____, ...request } = order;
    const key = { idempotencyKey: "http/k", idempotencyFingerprint: JSON.stringify(form) };
    expect(placed).toEqual([[request, key]]);
  });

  it("refuses a key that stands for another order", async () => {
    const placeOrder: PizzaPlace["placeOrder"] = async () => {
      throw new QuadrilleError("Q_IDEMPOTENCY_KEY_REUSED", "another request");
    };
    const answer = await post(form, { changes: { placeOrder }, headers: { "idempotency-key": "k" } });
    expect(answer).toMatchObject({ status: 422, json: { type: "urn:pizza-place:key-reused" } });
  });

  const line = form.lines[0];
  const wrong: readonly (readonly [string, unknown, readonly { pointer: string; expected: string }[]])[] = [
    [
      "an empty object",
      {},
      [
        { pointer: "/consumerId", expected: "a string" },
        { pointer: "/lines", expected: "an array" },
      ],
    ],
    ["an array", [], [{ pointer: "", expected: "an object" }]],
    ["null", "null", [{ pointer: "", expected: "an object" }]],
    ["a number for a name", { ...form, consumerId: 7 }, [{ pointer: "/consumerId", expected: "a string" }]],
    ["an unknown field", { ...form, tip: 5 }, [{ pointer: "/tip", expected: "no such field" }]],
    [
      "an unknown field in a line",
      { ...form, lines: [{ ...line, "a/b": 1 }] },
      [{ pointer: "/lines/0/a~1b", expected: "no such field" }],
    ],
    ["no lines", { ...form, lines: [] }, [{ pointer: "/lines", expected: "at least 1 element" }]],
    [
      "too many lines",
      { ...form, lines: Array.from({ length: 51 }, () => line) },
      [{ pointer: "/lines", expected: "at most 50 elements" }],
    ],
    [
      "half a pizza",
      { ...form, lines: [{ ...line, quantity: 0.5 }] },
      [{ pointer: "/lines/0/quantity", expected: "a whole number" }],
    ],
    [
      "no pizza",
      { ...form, lines: [{ ...line, quantity: 0 }] },
      [{ pointer: "/lines/0/quantity", expected: "at least 1" }],
    ],
    [
      "text for a number",
      { ...form, lines: [{ ...line, quantity: "2" }] },
      [{ pointer: "/lines/0/quantity", expected: "a number" }],
    ],
    [
      "an unknown size",
      { ...form, lines: [{ ...line, size: "m" }] },
      [{ pointer: "/lines/0/size", expected: "one of S, M, L, XL, XXL" }],
    ],
    [
      "a long name",
      { ...form, consumerId: "x".repeat(65) },
      [{ pointer: "/consumerId", expected: "at most 64 characters" }],
    ],
    [
      "a name with a space",
      { ...form, consumerId: "a b" },
      [{ pointer: "/consumerId", expected: "letters, digits, dots, dashes and underscores" }],
    ],
    [
      "a time with an offset",
      { ...form, placedAt: "2015-01-01T12:00:00Z" },
      [{ pointer: "/placedAt", expected: "a local time such as 2015-01-01T12:00:00" }],
    ],
    [
      "a day that does not exist",
      { ...form, placedAt: "2015-02-30T12:00:00" },
      [{ pointer: "/placedAt", expected: "a date and time that exist, such as 2015-01-01T12:00:00" }],
    ],
    [
      "an unknown pizza",
      { ...form, lines: [line, { ...line, pizza: "calzone" }] },
      [{ pointer: "/lines/1/pizza", expected: "one of hawaiian, mexicana" }],
    ],
    [
      "a size in which the pizza is not sold",
      { ...form, lines: [{ ...line, size: "XXL" }] },
      [{ pointer: "/lines/0/size", expected: "one of S, M" }],
    ],
  ];
  for (const [what, body, errors] of wrong) {
    it(`says which field is wrong and what was expected: ${what}`, async () => {
      const answer = await post(body);
      expect(answer).toMatchObject({
        status: 422,
        type: "application/problem+json",
        json: { status: 422, errors },
      });
    });
  }

  it("says in a sentence that a field is none of an order's, whatever its name", async () => {
    for (const [body, detail] of [
      [JSON.stringify({ ...form, tip: 5 }), "tip is not a field of an order: leave it out."],
      [
        JSON.stringify(form).replace("{", '{"__proto__":1,'),
        "__proto__ is not a field of an order: leave it out.",
      ],
      [
        JSON.stringify({ ...form, lines: [{ ...line, "a/b": 1 }] }),
        "a/b is not a field of an order's line (/lines/0): leave it out.",
      ],
    ]) {
      expect(await post(body)).toMatchObject({ status: 422, json: { detail } });
    }
  });

  it("distinguishes malformed JSON from JSON that does not fit", async () => {
    for (const body of ['{"consumerId":', "", "'x'", "{}{}"]) {
      const answer = await post(body);
      expect(answer, body).toMatchObject({ status: 400, json: { type: "urn:pizza-place:malformed-json" } });
    }
  });

  it("takes JSON only", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
      const answer = await post(form, { headers: { "content-type": type } });
      expect(answer, type).toMatchObject({ status: 415, type: "application/problem+json" });
    }
    expect(
      (await post(form, { headers: { "content-type": "application/json; charset=utf-8" } })).status,
    ).toBe(202);
  });

  it("refuses a body above the limit", async () => {
    const answer = await post(`"${"x".repeat(bodyBytesMax)}"`);
    expect(answer).toMatchObject({ status: 413, type: "application/problem+json" });
  });

  it("refuses a key that is empty or too long", async () => {
    for (const key of ["", "x".repeat(191)]) {
      const answer = await post(form, { headers: { "idempotency-key": key } });
      expect(answer).toMatchObject({ status: 422, json: { errors: [{ parameter: "idempotency-key" }] } });
    }
  });

  const failures: readonly (readonly [string, number, string | null])[] = [
    ["Q_OVERLOADED", 503, "1"],
    ["Q_STOPPING", 503, "5"],
    ["Q_STORE_UNREACHABLE", 503, "5"],
    ["Q_PAYLOAD_TOO_LARGE", 413, null],
    ["Q_PAYLOAD_INVALID", 422, null],
  ];
  for (const [code, status, retryAfter] of failures) {
    it(`answers ${status} when the engine says ${code}`, async () => {
      const placeOrder = async () => {
        throw new QuadrilleError(code as "Q_OVERLOADED", "The sentence of the engine.");
      };
      const answer = await post(form, { changes: { placeOrder } });
      expect(answer).toMatchObject({ status, json: { detail: "The sentence of the engine." } });
      expect(answer.headers.get("retry-after")).toBe(retryAfter);
    });
  }

  it("answers 503 when the database is short of something, and 500 when it refuses for good", async () => {
    for (const [retryable, status] of [
      [true, 503],
      [false, 500],
    ] as const) {
      const placeOrder = async () => {
        throw new QuadrilleError("Q_STORE_FAILED", "Too many clients.", { retryable });
      };
      expect(await post(form, { changes: { placeOrder } })).toMatchObject({ status });
    }
  });

  it("keeps its own errors to the operator's log", async () => {
    const placeOrder = async () => {
      throw new Error("secret detail");
    };
    const answer = await post(form, { changes: { placeOrder } });
    expect(answer).toMatchObject({ status: 500, json: { type: "urn:pizza-place:internal" } });
    expect(JSON.stringify(answer.json)).not.toContain("secret");
    expect(logged.at(-1)).toContain("secret detail");
  });
});
