// The HTTP API over a real socket, on both databases: orders come to their ends, each refusal has its reason,
// repeats have one effect.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soon } from "../../../test/soon.ts";
import { readOrders } from "../src/data-set/orders.ts";
import { makeCards, makeConsumers, makeKitchenRules, makeProviderCards } from "../src/data-set/rule.ts";
import { databases, startWorld, type TestWorld } from "./world.ts";

const seed = 1;
const consumers = makeConsumers(seed);
const onFile = makeCards(seed, consumers);
const cards = makeProviderCards(seed, onFile);
const declining = new Set(cards.filter(({ declines }) => declines).map(({ token }) => token));
const declines = (cardId: string) => declining.has(cardId.replace("card-", "token-"));
const rules = makeKitchenRules(seed, readOrders());
const idOf = (found: { readonly consumerId: string } | undefined): string => found?.consumerId ?? "none";

const rich = consumers.filter(({ limit, blocked }) => limit === 500_00 && !blocked);
const takesAll = new Set(
  onFile.filter(({ isPrepaid, raiseMax }) => !isPrepaid && raiseMax > 100_00).map(({ cardId }) => cardId),
);
const good = idOf(rich.find(({ cardId }) => takesAll.has(cardId) && !declines(cardId)));
const noon = "2015-02-02T12:00:00";
const hawaiian = { pizza: "hawaiian", size: "M", quantity: 1 };
const form = { consumerId: good, placedAt: noon, lines: [hawaiian] };
const shortage = rules.soldOut[0] ?? { day: "", pizza: "" };

const refusals: readonly (readonly [string, object])[] = [
  ["unknown consumer", { consumerId: "consumer-9999" }],
  ["consumer blocked", { consumerId: idOf(consumers.find(({ blocked }) => blocked)) }],
  [
    "order above the consumer's limit",
    {
      consumerId: idOf(consumers.find(({ limit, blocked }) => limit === 40_00 && !blocked)),
      lines: [{ ...hawaiian, quantity: 4 }],
    },
  ],
  ["restaurant closed", { placedAt: "2015-02-02T10:59:59" }],
  ["too many pizzas for the kitchen", { lines: [{ ...hawaiian, quantity: 9 }] }],
  ["card declined", { consumerId: idOf(rich.find(({ cardId }) => declines(cardId))) }],
];

interface Body {
  readonly orderId: string;
  readonly state: string;
  readonly end?: string;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

for (const kind of databases) {
  describe(`the HTTP API on ${kind}`, () => {
    let world: TestWorld;
    beforeAll(async () => {
      world = await startWorld(kind);
    });
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });

    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(world.url + path, init);
      return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
    };
    const place = (body: object, headers: Readonly<Record<string, string>> = {}) =>
      ask("/orders", {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
    const post = (path: string) => ask(path, { method: "POST" });
    const placeAndEnd = async (body: object) => {
      const { body: order } = await place(body);
      await ask(`/sagas/${order.orderId}/end?wait=20`);
      return (await ask(`/orders/${order.orderId}`)).body;
    };

    it("takes an order, brings it to its end and shows its timeline", async () => {
      const { status, headers, body } = await place(form);
      expect(status).toBe(202);
      expect(body).toMatchObject({ state: "APPROVAL_PENDING", totalCents: 1325, consumerId: good });
      expect(headers.get("location")).toBe(`/orders/${body.orderId}`);

      const end = await ask(`${String(body["saga"])}/end?wait=20`);
      expect(end.body).toMatchObject({
        end: "approved",
        states: { Order: "APPROVED", Accounting: "AUTHORIZED" },
      });
      const order = await ask(headers.get("location") ?? "");
      expect(order).toMatchObject({ status: 200, body: { state: "APPROVED", orderId: body.orderId } });

      const saga = await ask(`/sagas/${body.orderId}`);
      const story = saga.body["timeline"] as { participant: string; trigger: string; to: string }[];
      expect(story[0]).toMatchObject({
        participant: "Order",
        trigger: "createOrder",
        to: "APPROVAL_PENDING",
      });
      expect(story.map(({ participant, trigger }) => `${participant} ${trigger}`).toSorted()).toEqual([
        "Accounting ConsumerVerified",
        "Accounting OrderCreated",
        "Accounting TicketCreated",
        "Accounting pspAuthorize",
        "Consumer OrderCreated",
        "Kitchen CreditCardAuthorized",
        "Kitchen OrderCreated",
        "Order CreditCardAuthorized",
        "Order createOrder",
      ]);
      expect(saga.body).toMatchObject({ end: "approved", expected: [] });
    });

    for (const [reason, changes] of refusals) {
      it(`rejects with the reason: ${reason}`, async () => {
        expect(await placeAndEnd({ ...form, ...changes })).toMatchObject({ state: "REJECTED", reason });
      });
    }

    it("rejects with the reason: pizza not on the menu", async () => {
      const { body: menu } = await ask("/menu");
      const pizzas = menu["pizzas"] as { pizza: string; sizes: { size: string }[] }[];
      const size = pizzas.find(({ pizza }) => pizza === shortage.pizza)?.sizes[0]?.size;
      const lines = [{ pizza: shortage.pizza, size, quantity: 1 }];
      const order = await placeAndEnd({ ...form, lines, placedAt: `${shortage.day}T12:00:00` });
      expect(order).toMatchObject({ state: "REJECTED", reason: "pizza not on the menu" });
    });

    it("gives repeats with the same key the first answer and takes one order", async () => {
      const headers = { "idempotency-key": "twice" };
      const both = await Promise.all([place(form, headers), place(form, headers)]);
      const [first, second] = both.map(({ body }) => body);
      expect(second).toEqual(first);
      await ask(`/sagas/${first?.orderId}/end?wait=20`);
      const late = await place(form, headers);
      expect(late).toMatchObject({ status: 202, body: first });
      const other = await place({ ...form, lines: [{ ...hawaiian, quantity: 2 }] }, headers);
      expect(other).toMatchObject({ status: 422, body: { type: "urn:pizza-place:key-reused" } });
    });

    it("lists orders in pages, newest first", async () => {
      const placed = [await place(form), await place(form), await place(form)].map(
        ({ body }) => body.orderId,
      );
      const first = (await ask("/orders?limit=2")).body;
      const second = (await ask(String(first["next"]))).body;
      const ids = [first, second].flatMap((page) => (page["orders"] as Body[]).map(({ orderId }) => orderId));
      expect(ids.slice(0, 3)).toEqual(placed.toReversed());
    });

    it("lets the kitchen work on a live ticket until it is picked up, in this order, once", async () => {
      const { orderId } = await placeAndEnd(form);
      const early = await post(`/tickets/${orderId}/prepare`);
      expect(early).toMatchObject({
        status: 409,
        body: { state: "AWAITING_ACCEPTANCE", expectedState: "ACCEPTED" },
      });
      expect(await post(`/tickets/${orderId}/accept`)).toMatchObject({
        status: 200,
        body: { state: "ACCEPTED" },
      });
      expect(await post(`/tickets/${orderId}/accept`)).toMatchObject({
        status: 409,
        body: { state: "ACCEPTED" },
      });
      expect(await post(`/tickets/${orderId}/prepare`)).toMatchObject({
        status: 200,
        body: { state: "PREPARING" },
      });
      expect((await post(`/tickets/${orderId}/ready`)).body).toMatchObject({ state: "READY_FOR_PICKUP" });
      expect((await post(`/tickets/${orderId}/pick-up`)).body).toMatchObject({ state: "PICKED_UP" });
      expect((await ask(`/sagas/${orderId}/end`)).body).toMatchObject({ end: "approved" });
    });

    const revise = (orderId: string, quantity: number, revision?: number) =>
      ask(`/orders/${orderId}/revise`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": `${orderId}/${quantity}` },
        body: JSON.stringify({ lines: [{ ...hawaiian, quantity }], revision }),
      });

    it("revises an order and cancels it, and says why it does not", async () => {
      const { orderId } = await placeAndEnd(form);
      expect(await revise(orderId, 3)).toMatchObject({
        status: 202,
        body: { state: "REVISION_PENDING", revision: 0 },
      });
      const read = async () => (await ask(`/orders/${orderId}`)).body;
      await expect.poll(read).toMatchObject({ state: "APPROVED", revision: 1, totalCents: 3_975 });
      expect(await revise(orderId, 3)).toMatchObject({ status: 202, body: { state: "REVISION_PENDING" } });
      expect(await read()).toMatchObject({ revision: 1 });
      await revise(orderId, 9);
      await expect
        .poll(read)
        .toMatchObject({ state: "APPROVED", kept: { reason: "too many pizzas for the kitchen" } });
      await revise(orderId, 2, 0);
      await expect.poll(read).toMatchObject({ state: "APPROVED", kept: { reason: "revised meanwhile" } });

      expect((await post(`/orders/${orderId}/cancel`)).status).toBe(202);
      await expect.poll(read).toMatchObject({ state: "CANCELLED", totalCents: 3_975 });
      expect((await ask(`/sagas/${orderId}/end?wait=20`)).body).toMatchObject({ end: "cancelled" });
      const again = await post(`/orders/${orderId}/cancel`);
      expect(again).toMatchObject({
        status: 409,
        body: { state: "CANCELLED", heldBy: "state", request: "AuthorizationReversed" },
      });
      expect(Date.parse(String(again.body["since"]))).toBeGreaterThan(0);
      expect((await post(`/orders/${orderId}/approve`)).status).toBe(409);
      expect((await post("/orders/none/cancel")).status).toBe(404);
    });

    it("prepares nothing under the key of an accepted ticket, and repeats each command's own answer", async () => {
      const { orderId } = await placeAndEnd(form);
      const work = (action: string, key: string) =>
        ask(`/tickets/${orderId}/${action}`, { method: "POST", headers: { "idempotency-key": key } });
      for (const _ of ["first", "repeated"]) {
        expect(await work("accept", "z9")).toMatchObject({ status: 200, body: { state: "ACCEPTED" } });
      }
      expect(await work("prepare", "z9")).toMatchObject({
        status: 422,
        body: { type: "urn:pizza-place:key-reused" },
      });
      expect(await work("prepare", "z10")).toMatchObject({ status: 200, body: { state: "PREPARING" } });
      expect(await work("accept", "z9")).toMatchObject({ status: 200, body: { state: "ACCEPTED" } });
      expect(await work("accept", "z10")).toMatchObject({ status: 422 });
    });

    it("takes ids with a NUL for unknown, or for a mistake in a parameter", async () => {
      for (const path of ["/orders/%00", "/sagas/%00", "/sagas/%00/end", "/sagas/%00/events"]) {
        expect((await ask(path)).status, path).toBe(404);
      }
      expect((await post("/tickets/%00/accept")).status).toBe(404);
      expect((await ask("/orders?before=%00")).status).toBe(422);
    });

    it("refuses a ticket command that meets a lock, says what holds it, and follows the saga meanwhile", async () => {
      const release = world.holdProvider();
      const { body: order } = await place(form);
      try {
        const pending = await ask(`/sagas/${order.orderId}/end?wait=0`);
        expect(pending.status).toBe(202);
        expect(pending.body.end).toBeUndefined();
        await untilState(order.orderId, "Accounting", "AUTHORIZING");
        expect(await post(`/tickets/${order.orderId}/accept`)).toMatchObject({
          status: 409,
          body: { heldBy: "lock", state: "CREATE_PENDING", type: "urn:pizza-place:locked" },
        });
        expect(await post(`/orders/${order.orderId}/cancel`)).toMatchObject({
          status: 409,
          body: { heldBy: "lock", state: "APPROVAL_PENDING", request: "createOrder" },
        });
        const stream = await fetch(`${world.url}/sagas/${order.orderId}/events`);
        release();
        const events = await stream.text();
        const names = [...events.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
        expect(names).toEqual([...Array.from({ length: 9 }, () => "reaction"), "end"]);
        expect(events).toMatch(/"end":"approved"/);
        expect(stream.headers.get("content-type")).toBe("text/event-stream");
      } finally {
        release();
      }
    });

    it("goes on after the last event that a follower has", async () => {
      const { orderId } = await placeAndEnd(form);
      const headers = { "last-event-id": "7" };
      const events = await (await fetch(`${world.url}/sagas/${orderId}/events`, { headers })).text();
      expect([...events.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id)).toEqual(["8", "9", "9"]);
    });

    it("refuses large bodies without reading them to the end, chunked ones too", async () => {
      const chunk = new TextEncoder().encode("x".repeat(50_000));
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(chunk),
      });
      const answer = await fetch(`${world.url}/orders`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        duplex: "half",
      }).catch(() => undefined);
      // The server may answer, or close while the client is still sending: it must not go on reading.
      expect([413, undefined]).toContain(answer?.status);
      const sized = await place({ ...form, padding: "x".repeat(100_000) });
      expect(sized.status).toBe(413);
    });

    it("is healthy, and its books agree", async () => {
      expect(await ask("/health")).toMatchObject({ status: 200, body: { status: "ok" } });
      await world.system.board.below(1, soon());
      const audit = await ask("/audit?settled=true");
      expect(audit.body).toMatchObject({ green: true, live: 0, findings: [] });
    });

    async function untilState(sagaId: string, participant: string, state: string): Promise<void> {
      await expect
        .poll(async () => (await ask(`/sagas/${sagaId}`)).body["states"])
        .toMatchObject({ [participant]: state });
    }
  });
}
