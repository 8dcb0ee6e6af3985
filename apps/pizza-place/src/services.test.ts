// The four services' handlers, one by one: what each outcome says.
import type { Service } from "quadrille";
import { describe, expect, it } from "vitest";
import { accountingService } from "./accounting/service.ts";
import { cardFile } from "./accounting/cards.ts";
import { consumerService } from "./consumer/service.ts";
import type { KitchenRules } from "./kitchen/rules.ts";
import { kitchenService } from "./kitchen/service.ts";
import type { OrderDetails } from "./order/events.ts";
import { orderService } from "./order/service.ts";
import type { AuthorizationRequest } from "./payment-provider/provider.ts";

const order: OrderDetails = {
  orderId: "order-1",
  consumerId: "consumer-0001",
  placedAt: "2015-01-01T12:00:00",
  lines: [
    { pizza: "hawaiian", size: "M", quantity: 2, price: 1325 },
    { pizza: "mexicana", size: "L", quantity: 1, price: 2025 },
  ],
  total: 4675,
};

interface Filled {
  readonly outcome: string;
  readonly [name: string]: unknown;
}

/** Calls a handler as the engine does; its answer is the outcome's name and what was filled in. */
function react(
  service: Service,
  [state, trigger]: readonly [state: string, trigger: string],
  input: { readonly event: unknown; readonly data?: unknown },
): Filled {
  const handler = service.handlers.get(state)?.get(trigger);
  if (typeof handler !== "function") throw new Error(`no handler for ${trigger} in ${state}`);
  const choose =
    (outcome: string) =>
    (payloads: object, changes: object = {}) => ({
      outcome,
      payloads: {},
      ...payloads,
      ...changes,
    });
  const named = (_: object, outcome: string | symbol) => choose(String(outcome));
  const choices = new Proxy(choose(""), { get: named });
  const entity = { key: "order-1", sagaId: "order-1", state: "", version: 1, data: input.data };
  const { payloads: _, ...filled } = handler({
    payload: input.event,
    entity,
    now: 0,
    id: "m",
    choose: choices,
  });
  return filled;
}

describe("Order", () => {
  const service = orderService();
  const { orderId, ...request } = order;

  it("gives a new order its saga's id and sends it out with all details", () => {
    const filled = react(service, ["ABSENT", "createOrder"], { event: request });
    expect(filled).toEqual({ outcome: "", data: { details: order }, OrderCreated: order });
  });

  it("approves with the total", () => {
    const filled = react(service, ["APPROVAL_PENDING", "CreditCardAuthorized"], {
      event: { orderId, amount: 4675 },
      data: { details: order },
    });
    expect(filled).toEqual({ outcome: "", OrderApproved: { orderId, total: 4675 } });
  });

  it("approves nothing for which another amount is authorized", () => {
    const event = { orderId, amount: 4674 };
    expect(() =>
      react(service, ["APPROVAL_PENDING", "CreditCardAuthorized"], { event, data: { details: order } }),
    ).toThrow("Order order-1 costs 4675 cents, and 4674 cents are authorized");
  });

  for (const refusal of [
    "ConsumerVerificationFailed",
    "TicketCreationFailed",
    "CreditCardAuthorizationFailed",
  ]) {
    it(`rejects with the reason of ${refusal} and keeps it`, () => {
      const event = { orderId, reason: "restaurant closed" };
      const filled = react(service, ["APPROVAL_PENDING", refusal], { event, data: { details: order } });
      const data = { details: order, reason: "restaurant closed" };
      expect(filled).toEqual({ outcome: "", data, OrderRejected: event });
    });
  }
});

describe("Consumer", () => {
  const account = { consumerId: "consumer-0001", limit: 4675, blocked: false, cardId: "card-0001" };
  const verified = (known: typeof account) =>
    react(consumerService(new Map([[known.consumerId, known]])), ["NONE", "OrderCreated"], { event: order });

  it("verifies an order of exactly the limit and names the card", () => {
    const payload = { orderId: "order-1", cardId: "card-0001" };
    expect(verified(account)).toEqual({ outcome: "ok", ConsumerVerified: payload });
  });

  for (const [reason, known] of [
    ["unknown consumer", { ...account, consumerId: "consumer-0002" }],
    ["consumer blocked", { ...account, blocked: true }],
    ["order above the consumer's limit", { ...account, limit: 4674 }],
  ] as const) {
    it(`refuses: ${reason}`, () => {
      const payload = { orderId: "order-1", reason };
      expect(verified(known)).toEqual({ outcome: "no", ConsumerVerificationFailed: payload });
    });
  }
});

describe("Kitchen", () => {
  const rules: KitchenRules = {
    hours: [{ weekday: 4, opens: "11:00", closes: "22:00" }],
    soldOut: [{ day: "2015-01-08", pizza: "mexicana" }],
    pizzasMax: 3,
  };
  const asked = (changes: Partial<OrderDetails>) =>
    react(kitchenService(rules), ["ABSENT", "OrderCreated"], { event: { ...order, ...changes } });

  it("makes a ticket of what is to be baked", () => {
    const pizzas = [
      { pizza: "hawaiian", size: "M", quantity: 2 },
      { pizza: "mexicana", size: "L", quantity: 1 },
    ];
    const payload = { orderId: "order-1", pizzas: 3 };
    expect(asked({})).toEqual({ outcome: "ok", data: { pizzas }, TicketCreated: payload });
  });

  const four = [{ pizza: "hawaiian", size: "M", quantity: 4, price: 1325 } as const];
  for (const [reason, when, changes] of [
    ["restaurant closed", "a minute before it opens", { placedAt: "2015-01-01T10:59:59" }],
    ["restaurant closed", "at closing time", { placedAt: "2015-01-01T22:00:00" }],
    ["restaurant closed", "on a day without hours", { placedAt: "2015-01-02T12:00:00" }],
    ["pizza not on the menu", "on the day on which it ran out", { placedAt: "2015-01-08T12:00:00" }],
    ["too many pizzas for the kitchen", "above what the oven takes", { lines: four }],
  ] as const) {
    it(`refuses: ${reason}, ${when}`, () => {
      const filled = asked({ ...changes, lines: "lines" in changes ? [...changes.lines] : order.lines });
      expect(filled).toEqual({ outcome: "no", TicketCreationFailed: { orderId: "order-1", reason } });
    });
  }

  it("takes orders from the minute it opens to the last before it closes", () => {
    expect(asked({ placedAt: "2015-01-01T11:00:00" }).outcome).toBe("ok");
    expect(asked({ placedAt: "2015-01-01T21:59:59" }).outcome).toBe("ok");
  });
});

describe("Accounting", () => {
  const asked: AuthorizationRequest[] = [];
  const provider = {
    authorize: async (request: AuthorizationRequest) => {
      asked.push(request);
      return { answer: "declined" } as const;
    },
  };
  const service = accountingService(
    cardFile([{ cardId: "card-0001", token: "token-0001", isPrepaid: false, raiseMax: 50_00 }]),
    provider,
  );
  const data = { orderId: "order-1", cardId: "card-0001", amount: 4675 };

  it("intends to charge the order's total to the consumer's card", () => {
    const event = { OrderCreated: order, ConsumerVerified: { orderId: "order-1", cardId: "card-0001" } };
    const filled = react(service, ["ABSENT", "ready"], { event });
    expect(filled).toEqual({ outcome: "", data });
  });

  it("tells of the authorization", () => {
    const event = { answer: "authorized", authorizationId: "auth-1" };
    expect(react(service, ["AUTHORIZING", "pspAuthorize"], { event, data })).toEqual({
      outcome: "ok",
      data: { ...data, authorizationId: "auth-1" },
      CreditCardAuthorized: { orderId: "order-1", authorizationId: "auth-1", amount: 4675 },
    });
  });

  it("tells that the card was declined", () => {
    const payload = { orderId: "order-1", reason: "card declined" };
    expect(react(service, ["AUTHORIZING", "pspAuthorize"], { event: { answer: "declined" }, data })).toEqual({
      outcome: "declined",
      CreditCardAuthorizationFailed: payload,
    });
  });

  it("asks the provider by the call's id, for the card's token", async () => {
    const call = service.activities.get("pspAuthorize");
    const entity = { key: "order-1", sagaId: "order-1", state: "AUTHORIZING", version: 4 };
    const { signal } = new AbortController();
    const input = { entity: { ...entity, data }, id: "call-1", attempt: 1, signal };
    expect(await call?.(input)).toEqual({ answer: "declined" });
    expect(asked).toEqual([{ key: "call-1", cardToken: "token-0001", amount: 4675, reference: "order-1" }]);
    const unknown = { ...input, entity: { ...entity, data: { ...data, cardId: "card-9999" } } };
    await expect((async () => await call?.(unknown))()).rejects.toThrow("Accounting has no card card-9999");
  });
});
