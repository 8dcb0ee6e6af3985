// The time that an order through the API gets: the pizza place's own, which never runs back.
import { expect, it } from "vitest";
import type { Engine } from "quadrille";
import { place as madeUp } from "../test/made-up-place.ts";
import { type PlaceParts, pizzaPlace } from "./place.ts";

const engine = { send: async () => ({ status: "accepted", sagaId: "order-1" }) } as unknown as Engine;

function placeWith(parts: Pick<PlaceParts, "latest" | "time">) {
  const board = { placing: () => () => undefined };
  return pizzaPlace({ ...madeUp(), engine, board, ...parts });
}

const order = { consumerId: "consumer-0001", lines: [], total: 0, placedAt: "2015-01-02T12:00:00" };

it("the place's time is business time, and not that of its latest order", async () => {
  const times = ["2015-01-02T11:00:00", "2015-01-02T11:30:00", "2015-01-02T12:00:06"];
  const place = placeWith({ latest: "2015-01-02T11:10:00", time: () => times[0] ?? "" });
  expect(place.now()).toBe("2015-01-02T11:10:00");
  times.shift();
  expect(place.now()).toBe("2015-01-02T11:30:00");
  await place.placeOrder(order);
  expect(place.now()).toBe("2015-01-02T12:00:00");
  times.shift();
  expect(place.now()).toBe("2015-01-02T12:00:06");
});

it("the place's time is that of its latest order where it goes by the machine's", async () => {
  const place = placeWith({ latest: undefined });
  expect(place.now()).toBe("2015-01-01T11:00:00");
  await place.placeOrder(order);
  expect(place.now()).toBe("2015-01-02T12:00:00");
});
