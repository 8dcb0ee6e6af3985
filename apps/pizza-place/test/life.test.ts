// The order's life through the real services and the real engine, in memory: cancelled, revised, refused,
// worked on to the end.
import { describe, expect, it } from "vitest";
import { soon } from "../../../test/soon.ts";
import { acceptTicket, finishPreparing, pickUpTicket, startPreparing } from "../src/kitchen/contract.ts";
import { cancelOrder, reviseOrder } from "../src/order/contract.ts";
import { Life, pizzas, request } from "./life-world.ts";

describe("an approved order", () => {
  it("goes through the kitchen until it is picked up", async () => {
    await using life = await Life.start();
    const id = await life.place();
    expect(await life.send(acceptTicket, id, undefined)).toBe("ACCEPTED");
    expect(await life.send(startPreparing, id, undefined)).toBe("PREPARING");
    expect(await life.send(finishPreparing, id, undefined)).toBe("READY_FOR_PICKUP");
    expect(await life.send(pickUpTicket, id, undefined)).toBe("PICKED_UP");
    expect((await life.engine.saga(id).ended({ signal: soon() }))?.end).toBe("approved");
  });

  it("is cancelled, and its authorization reversed", async () => {
    await using life = await Life.start();
    const id = await life.place();
    expect(await life.send(cancelOrder, id, undefined)).toBe("CANCEL_PENDING");
    expect(await life.states(id)).toEqual({
      Order: "CANCELLED",
      Consumer: "VERIFIED",
      Kitchen: "CANCELLED",
      Accounting: "REVERSED",
    });
    expect((await life.engine.saga(id).ended({ signal: soon() }))?.end).toBe("cancelled");
  });

  it("is revised in Order, Kitchen and Accounting alike, and again from there", async () => {
    await using life = await Life.start();
    const id = await life.place();
    await life.send(acceptTicket, id, undefined);
    await life.send(reviseOrder, id, { ...pizzas(3), basedOn: 0 });
    await life.send(reviseOrder, id, { ...pizzas(4), basedOn: 1 });
    const order = await life.order(id);
    expect(order).toMatchObject({ details: { total: 40_00 }, revision: 2 });
    expect(order).not.toHaveProperty("proposed");
    expect((await life.entity("Kitchen", id))?.data).toEqual({
      pizzas: [{ pizza: "hawaiian", size: "M", quantity: 4 }],
      revision: 2,
    });
    expect((await life.entity("Accounting", id))?.data).toMatchObject({ amount: 40_00, revision: 2 });
    expect(await life.states(id)).toMatchObject({ Order: "APPROVED", Kitchen: "ACCEPTED" });
  });
});

describe("a request that is refused leaves the order, the ticket and the authorization as they were", () => {
  const cases = [
    {
      what: "a revision that the kitchen cannot bake",
      wish: pizzas(9),
      reason: "too many pizzas for the kitchen",
    },
    { what: "a revision above what the card takes", wish: pizzas(6), reason: "above what the card takes" },
    {
      what: "a revision of what was revised meanwhile",
      wish: pizzas(3),
      basedOn: 5,
      reason: "revised meanwhile",
    },
  ];
  it.each(cases)("$what", async ({ wish, basedOn = 0, reason }) => {
    await using life = await Life.start();
    const id = await life.place();
    const before = await Promise.all(["Kitchen", "Accounting"].map((name) => life.entity(name, id)));
    await life.send(reviseOrder, id, { ...wish, basedOn });
    const after = await Promise.all(["Kitchen", "Accounting"].map((name) => life.entity(name, id)));
    expect(after.map((one) => [one?.state, one?.data])).toEqual(before.map((one) => [one?.state, one?.data]));
    expect(await life.order(id)).toEqual({
      details: { ...request, orderId: id },
      kept: { request: "reviseOrder", reason },
    });
  });

  it("a cancel of what is paid with a prepaid card, also of an accepted ticket", async () => {
    await using life = await Life.start();
    const id = await life.place({ consumerId: "consumer-2" });
    await life.send(acceptTicket, id, undefined);
    await life.send(cancelOrder, id, undefined);
    expect(await life.states(id)).toMatchObject({
      Order: "APPROVED",
      Kitchen: "ACCEPTED",
      Accounting: "AUTHORIZED",
    });
    expect((await life.order(id)).kept).toEqual({ request: "cancelOrder", reason: "prepaid card" });
  });

  it.each([
    { done: 2, state: "PREPARING" },
    { done: 3, state: "READY_FOR_PICKUP" },
    { done: 4, state: "PICKED_UP" },
  ])("a cancel and a revision of a ticket that is $state", async ({ done, state }) => {
    await using life = await Life.start();
    const id = await life.place();
    const work = [acceptTicket, startPreparing, finishPreparing, pickUpTicket];
    for (const command of work.slice(0, done)) await life.send(command, id, undefined);
    await life.send(cancelOrder, id, undefined);
    expect((await life.order(id)).kept).toEqual({ request: "cancelOrder", reason: "already preparing" });
    await life.send(reviseOrder, id, { ...pizzas(1), basedOn: 0 });
    expect((await life.order(id)).kept).toEqual({ request: "reviseOrder", reason: "already preparing" });
    expect(await life.states(id)).toMatchObject({ Order: "APPROVED", Kitchen: state });
  });
});

it("the revised amount is the one that is reversed", async () => {
  await using life = await Life.start();
  const id = await life.place();
  await life.send(reviseOrder, id, { ...pizzas(5), basedOn: 0 });
  await life.send(cancelOrder, id, undefined);
  const timeline = await (await life.database.open({ name: "Accounting", lanes: 1 })).timeline(id);
  expect(timeline.at(-1)?.emitted).toMatchObject([
    { event: "AuthorizationReversed", data: { amount: 50_00, revision: 1 } },
  ]);
  expect((await life.order(id)).details.total).toBe(50_00);
});
