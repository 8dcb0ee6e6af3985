// Consumers and staff at work on real services and a real engine, in memory: every approved order is picked
// up or cancelled.
import { entitiesOf } from "quadrille";
import { expect, it } from "vitest";
import { soon } from "../../../test/soon.ts";
import { pizzaPlace } from "../src/place.ts";
import { makeBoard } from "../src/replay/board.ts";
import { Shift } from "../src/replay/shift.ts";
import { machineShift } from "../src/replay/shift-time.ts";
import { wishOf } from "../src/replay/wishes.ts";
import { order } from "../src/order/contract.ts";
import { menuOf } from "../src/order/menu.ts";
import { orderBook } from "../src/order/order-book.ts";
import { Life, request } from "./life-world.ts";

const wishful = { seed: 1, cancels: 0.4, revisions: 0.4 };
const orders = Array.from({ length: 60 }, (_, number) => ({
  ...request,
  consumerId: number % 5 === 0 ? "consumer-2" : "consumer-1",
  reference: `2015-${String(number).padStart(6, "0")}`,
}));

it("works on every ticket, fulfils every wish, and a second shift on the same orders changes nothing", async () => {
  await using life = await Life.start();
  const { engine, database } = life;
  const book = orderBook(entitiesOf(database, order));
  const place = pizzaPlace({
    engine,
    board: makeBoard([]),
    menu: menuOf([]),
    orders: book,
    database: "memory",
    latest: undefined,
    orderIds: async () => [],
    saga: async () => undefined,
    audit: () => Promise.reject(new Error("no books here")),
  });
  const stop = new AbortController().signal;
  const begin = () =>
    new Shift({
      place,
      wishful,
      patience: (work) => work(),
      time: machineShift(0, { clock: { sleep: async () => undefined }, stop }),
      approves: false,
      stop,
    });
  const ids = new Map<string, string>();
  const shift = begin();
  for (const order of orders) {
    const { sagaId } = await place.placeOrder(order);
    ids.set(order.reference, sagaId);
    shift.take(sagaId, order);
  }
  await shift.below(1, soon());

  const outcomes = async () => {
    await life.quiet();
    return await Promise.all(
      orders.map(async (order) => {
        const id = ids.get(order.reference) ?? "";
        const { Order, Kitchen, Accounting } = await life.states(id);
        const { revision = 0, kept } = await life.order(id);
        return { Order, Kitchen, Accounting, revision, kept: kept?.reason };
      }),
    );
  };
  const first = await outcomes();
  expect(first).toEqual(
    orders.map((order) => {
      const wish = wishOf(wishful, order);
      const isLate = wish?.done === 2;
      const isPrepaid = order.consumerId === "consumer-2";
      const late = isLate ? "already preparing" : undefined;
      const kept = { Order: "APPROVED", Kitchen: "PICKED_UP", Accounting: "AUTHORIZED", revision: 0 };
      if (wish?.kind === "revise") return { ...kept, revision: isLate ? 0 : 1, kept: late };
      if (wish === undefined || isLate) return { ...kept, kept: late };
      if (isPrepaid) return { ...kept, kept: "prepaid card" };
      return {
        Order: "CANCELLED",
        Kitchen: "CANCELLED",
        Accounting: "REVERSED",
        revision: 0,
        kept: undefined,
      };
    }),
  );
  expect(new Set(first.map(({ Order }) => Order))).toEqual(new Set(["APPROVED", "CANCELLED"]));

  const again = begin();
  for (const order of orders) again.take(ids.get(order.reference) ?? "", order);
  await again.below(1, soon());
  expect(await outcomes()).toEqual(first);
});
