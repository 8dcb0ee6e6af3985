// The four services' handlers, one by one: what each outcome says.
import { all } from "quadrille";
import { given } from "quadrille/testing";
import { describe, expect, it } from "vitest";
import { pspAuthorize } from "./accounting/contract.ts";
import { CreditCardAuthorizationFailed, CreditCardAuthorized } from "./events/accounting.ts";
import { accountingService } from "./accounting/service.ts";
import { cardFile } from "./accounting/cards.ts";
import { ConsumerVerificationFailed, ConsumerVerified } from "./events/consumer.ts";
import { consumerService } from "./consumer/service.ts";
import { TicketCreated, TicketCreationFailed } from "./events/kitchen.ts";
import type { KitchenRules } from "./kitchen/rules.ts";
import { kitchenService } from "./kitchen/service.ts";
import { createOrder } from "./order/contract.ts";
import { OrderCreated, type OrderDetails } from "./events/order.ts";
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

/** The one who sends the order. */
const from = { key: "order-1", sagaId: "order-1" };

describe("Order", () => {
  const service = orderService();
  const { orderId, ...request } = order;

  it("gives a new order its saga's id and sends it out with all details", () => {
    const created = given(service, "ABSENT").when(createOrder, request, from).then({ OrderCreated: order });
    expect(created.data).toEqual({ details: order });
  });

  it("approves with the total", () => {
    given(service, "APPROVAL_PENDING", { details: order })
      .when(CreditCardAuthorized, { orderId, authorizationId: "auth-1", amount: 4675 })
      .then({ OrderApproved: { orderId, total: 4675 } });
  });

  it("approves nothing for which another amount is authorized", () => {
    const event = { orderId, authorizationId: "auth-1", amount: 4674 };
    const pending = given(service, "APPROVAL_PENDING", { details: order });
    expect(() => pending.when(CreditCardAuthorized, event)).toThrow(
      "Order order-1 costs 4675 cents, and 4674 cents are authorized",
    );
  });

  for (const refusal of [ConsumerVerificationFailed, TicketCreationFailed, CreditCardAuthorizationFailed]) {
    it(`rejects with the reason of ${refusal.name} and keeps it`, () => {
      const event = { orderId, reason: "restaurant closed" } as const;
      const pending = given(service, "APPROVAL_PENDING", { details: order });
      const rejected = pending.when(refusal, event).then({ OrderRejected: event });
      expect(rejected.data).toEqual({ details: order, reason: "restaurant closed" });
    });
  }
});

describe("Consumer", () => {
  const account = { consumerId: "consumer-0001", limit: 4675, blocked: false, cardId: "card-0001" };
  const verified = (known: typeof account) =>
    given(consumerService(new Map([[known.consumerId, known]])), "NONE").when(OrderCreated, order);

  it("verifies an order of exactly the limit and names the card", () => {
    const payload = { orderId: "order-1", cardId: "card-0001" };
    verified(account).then("ok", { ConsumerVerified: payload });
  });

  for (const [reason, known] of [
    ["unknown consumer", { ...account, consumerId: "consumer-0002" }],
    ["consumer blocked", { ...account, blocked: true }],
    ["order above the consumer's limit", { ...account, limit: 4674 }],
  ] as const) {
    it(`refuses: ${reason}`, () => {
      const payload = { orderId: "order-1", reason };
      verified(known).then("no", { ConsumerVerificationFailed: payload });
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
    given(kitchenService(rules), "ABSENT").when(OrderCreated, { ...order, ...changes });

  it("makes a ticket of what is to be baked", () => {
    const pizzas = [
      { pizza: "hawaiian", size: "M", quantity: 2 },
      { pizza: "mexicana", size: "L", quantity: 1 },
    ];
    const created = asked({}).then("ok", { TicketCreated: { orderId: "order-1", pizzas: 3 } });
    expect(created.data).toEqual({ pizzas });
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
      asked({ ...changes, lines: "lines" in changes ? [...changes.lines] : order.lines }).then("no", {
        TicketCreationFailed: { orderId: "order-1", reason },
      });
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
    const payloads = {
      OrderCreated: order,
      ConsumerVerified: { orderId: "order-1", cardId: "card-0001" },
      TicketCreated: { orderId: "order-1", pizzas: 3 },
    };
    const ready = given(service, "ABSENT").when(all(OrderCreated, ConsumerVerified, TicketCreated), payloads);
    expect(ready.then({})).toMatchObject({ state: "AUTHORIZING", data });
  });

  it("publishes the authorization", () => {
    const answer = { answer: "authorized", authorizationId: "auth-1" } as const;
    const authorized = given(service, "AUTHORIZING", data)
      .when(pspAuthorize, answer)
      .then("ok", {
        CreditCardAuthorized: { orderId: "order-1", authorizationId: "auth-1", amount: 4675 },
      });
    expect(authorized.data).toEqual({ ...data, authorizationId: "auth-1" });
  });

  it("publishes that the card was declined", () => {
    const payload = { orderId: "order-1", reason: "card declined" };
    given(service, "AUTHORIZING", data)
      .when(pspAuthorize, { answer: "declined" })
      .then("declined", { CreditCardAuthorizationFailed: payload });
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
