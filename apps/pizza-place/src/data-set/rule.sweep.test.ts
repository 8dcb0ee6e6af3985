// The seeded rule over the whole year: every refusal occurs, none too rarely and none too often.
import { beforeAll, describe, expect, it } from "vitest";
import { verify } from "../consumer/directory.ts";
import { kitchenRule } from "../kitchen/rules.ts";
import type { OrderRequest } from "../events/order.ts";
import { type RejectionReason, usualReasons } from "../events/order.ts";
import { answersLate } from "../payment-provider/rule.ts";
import { type DataSetOrder, readOrders } from "./orders.ts";
import { assignConsumer, makeCards, makeConsumers, makeKitchenRules, makeProviderCards } from "./rule.ts";

/**
 * The reason of each rejection in the year, when one of the two partners that may both refuse always answers
 * first.
 */
function reasonsOfYear(seed: number, orders: readonly DataSetOrder[], first: "Consumer" | "Kitchen") {
  const consumers = makeConsumers(seed);
  const directory = new Map(consumers.map((one) => [one.consumerId, one]));
  const refuse = kitchenRule(makeKitchenRules(seed, orders));
  const cards = makeCards(seed, consumers);
  const tokens = new Map(cards.map(({ cardId, token }) => [cardId, token]));
  const declines = new Map(makeProviderCards(seed, cards).map((card) => [card.token, card.declines]));
  const reasonOf = (order: OrderRequest): RejectionReason | undefined => {
    const verification = verify(directory, order);
    const ofConsumer = verification.ok ? undefined : verification.reason;
    const ofKitchen = refuse(order);
    const refusal = first === "Consumer" ? (ofConsumer ?? ofKitchen) : (ofKitchen ?? ofConsumer);
    if (refusal !== undefined || !verification.ok) return refusal;
    return declines.get(tokens.get(verification.account.cardId) ?? "") === true ? "card declined" : undefined;
  };
  return Map.groupBy(orders, (order) => reasonOf(assignConsumer(seed, order)));
}

describe("the seeded rule", () => {
  let orders: readonly DataSetOrder[] = [];
  beforeAll(() => {
    orders = readOrders();
  });

  for (const seed of [1, 2, 3, 77, 123_456]) {
    for (const first of ["Consumer", "Kitchen"] as const) {
      it(`refuses 1 to 3 % of the year's orders for each reason, seed ${seed}, ${first} first`, () => {
        const byReason = reasonsOfYear(seed, orders, first);
        const shares = usualReasons.map((reason) => [
          reason,
          ((byReason.get(reason)?.length ?? 0) / orders.length) * 100,
        ]);
        const outside = shares.filter(([, share]) => Number(share) < 1 || Number(share) > 3);
        expect(outside, JSON.stringify(shares)).toEqual([]);
      });
    }
  }

  it("gives the same order the same consumer each time, and another seed another one", () => {
    const [order] = orders;
    if (order === undefined) throw new Error("no orders");
    expect(assignConsumer(1, order)).toEqual(assignConsumer(1, order));
    const consumers = [1, 2, 3, 4].map((seed) => assignConsumer(seed, order).consumerId);
    expect(new Set(consumers).size).toBeGreaterThan(1);
  });

  it("answers about one key in 200 too late", () => {
    const late = Array.from({ length: 20_000 }, (_, number) => `key ${number}`).filter((key) =>
      answersLate(1, key),
    );
    expect(late.length).toBeGreaterThan(60);
    expect(late.length).toBeLessThan(140);
  });
});
