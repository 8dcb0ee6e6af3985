// What consumers wish: the shares hold over the year for every seed, and every kind of wish occurs.
import { describe, expect, it } from "vitest";
import { readOrders } from "../data-set/orders.ts";
import { assignConsumer } from "../data-set/rule.ts";
import { wishOf } from "./wishes.ts";

const dataSet = readOrders();

describe.each([1, 2, 77])("the wishes of the year, seed %i", (seed) => {
  const year = dataSet.map((order) => assignConsumer(seed, order));
  const wished = year.flatMap((order) => {
    const wish = wishOf({ seed, cancels: 0.02, revisions: 0.03 }, order);
    return wish === undefined ? [] : [{ order, wish }];
  });

  it("are two percent cancels and three percent revisions, within a seventh", () => {
    const share = (kind: string) => wished.filter(({ wish }) => wish.kind === kind).length / year.length;
    expect(share("cancel")).toBeGreaterThan(0.017);
    expect(share("cancel")).toBeLessThan(0.023);
    expect(share("revise")).toBeGreaterThan(0.0257);
    expect(share("revise")).toBeLessThan(0.0343);
  });

  it("come before the ticket is accepted, before it is prepared and too late, a third each", () => {
    for (const done of [0, 1, 2]) {
      const share = wished.filter(({ wish }) => wish.done === done).length / wished.length;
      expect(share, String(done)).toBeGreaterThan(0.28);
      expect(share, String(done)).toBeLessThan(0.38);
    }
  });

  it("change the order, and its total with it", () => {
    for (const { order, wish } of wished) {
      if (wish.kind === "cancel") continue;
      expect(wish.lines).not.toEqual(order.lines);
      expect(wish.total).toBe(wish.lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0));
    }
  });
});

it("there are none at a share of zero, and all cancel at a share of one", () => {
  const orders = dataSet.slice(0, 200).map((order) => assignConsumer(1, order));
  const kinds = (cancels: number, revisions: number) =>
    new Set(orders.map((order) => wishOf({ seed: 1, cancels, revisions }, order)?.kind));
  expect([...kinds(0, 0)]).toEqual([undefined]);
  expect([...kinds(1, 0)]).toEqual(["cancel"]);
  expect([...kinds(0, 1)]).toEqual(["revise"]);
});
