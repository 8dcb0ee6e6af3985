// The seeded rule that adds what the data set lacks: consumers with limits and cards, pizzas that ran out,
// bad cards.
import type { Card } from "../accounting/cards.ts";
import type { ConsumerAccount } from "../consumer/directory.ts";
import type { KitchenRules, SoldOut } from "../kitchen/rules.ts";
import type { OrderRequest } from "../events/order.ts";
import { totalOf } from "../order/menu.ts";
import type { ProviderCard } from "../payment-provider/rule.ts";
import { choose, roll } from "../shared/seed.ts";
import type { DataSetOrder } from "./orders.ts";

const consumers = 2_000;
/** Orders come from this many ids: the last 40 have no account. */
const consumerIds = 2_040;
const blockedConsumers = 40;
const decliningCards = 45;
/** Cards that are charged at once: an order paid with one is not cancelled. */
const prepaidCards = 100;
/** Cards whose authorization can be raised only a little, in cents. */
const smallCards = 300;
const raiseMax = { small: 20_00, common: 500_00 };
/** How many consumers have a limit other than the common one, and which, in cents. */
const limits = [
  { count: 60, limit: 40_00 },
  { count: 100, limit: 60_00 },
  { count: 200, limit: 200_00 },
];
const commonLimit = 500_00;
/** Pairs of a day and a pizza that ran out on it. */
const soldOutPairs = 100;
const pizzasMax = 8;

/** A consumer's id by number, from 1. */
function consumerId(number: number): string {
  return `consumer-${String(number).padStart(4, "0")}`;
}

/** The order with its consumer: everything the partners need to know. */
export function assignConsumer(
  seed: number,
  order: DataSetOrder,
): OrderRequest & { readonly reference: string } {
  const number = Math.floor(roll(seed, `consumer of ${order.orderId}`) * consumerIds) + 1;
  return {
    reference: order.orderId,
    consumerId: consumerId(number),
    placedAt: order.placedAt,
    lines: [...order.lines],
    total: totalOf(order.lines),
  };
}

/** All consumers with an account. */
export function makeConsumers(seed: number): readonly ConsumerAccount[] {
  const ids = Array.from({ length: consumers }, (_, index) => consumerId(index + 1));
  const blocked = choose(
    seed,
    ids.map((id) => `${id} blocked`),
    blockedConsumers,
  );
  const limitOf = makeLimits(seed, ids);
  return ids.map((id) => ({
    consumerId: id,
    limit: limitOf(id),
    blocked: blocked.has(`${id} blocked`),
    cardId: cardId(id),
  }));
}

/** Each consumer's card, as Accounting has it on file. */
export function makeCards(seed: number, accounts: readonly ConsumerAccount[]): readonly Card[] {
  const ids = accounts.map((account) => account.cardId);
  const chosen = (what: string, count: number) =>
    choose(
      seed,
      ids.map((id) => `${id} ${what}`),
      count,
    );
  const [prepaid, small] = [chosen("prepaid", prepaidCards), chosen("small", smallCards)];
  return ids.map((id) => ({
    cardId: id,
    token: id.replace("card-", "token-"),
    isPrepaid: prepaid.has(`${id} prepaid`),
    raiseMax: small.has(`${id} small`) ? raiseMax.small : raiseMax.common,
  }));
}

/** The same cards as the payment provider knows them: some are declined. */
export function makeProviderCards(seed: number, cards: readonly Card[]): readonly ProviderCard[] {
  const declining = choose(
    seed,
    cards.map(({ token }) => token),
    decliningCards,
  );
  return cards.map(({ token }) => ({ token, declines: declining.has(token) }));
}

/** The kitchen's rules. Hours and oven are fixed; which pizza ran out on which day is seeded. */
export function makeKitchenRules(seed: number, orders: readonly DataSetOrder[]): KitchenRules {
  const late = new Set([5, 6]);
  const hours = [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({
    weekday,
    opens: "11:00",
    closes: late.has(weekday) ? "23:00" : "22:00",
  }));
  return { hours, soldOut: makeSoldOut(seed, orders), pizzasMax };
}

function makeSoldOut(seed: number, orders: readonly DataSetOrder[]): readonly SoldOut[] {
  const days = new Set(orders.map(({ placedAt }) => placedAt.slice(0, 10)));
  const pizzas = new Set(orders.flatMap(({ lines }) => lines.map(({ pizza }) => pizza)));
  const pairs = [...days].flatMap((day) => [...pizzas].map((pizza) => ({ day, pizza })));
  const chosen = choose(seed, pairs.map(nameOf), soldOutPairs);
  return pairs.filter((pair) => chosen.has(nameOf(pair)));
}

function nameOf({ day, pizza }: SoldOut): string {
  return `${day} ${pizza}`;
}

function makeLimits(seed: number, ids: readonly string[]): (id: string) => number {
  const ranked = ids.toSorted((a, b) => roll(seed, `${a} limit`) - roll(seed, `${b} limit`));
  const tiers = limits.flatMap(({ count, limit }) => Array.from({ length: count }, () => limit));
  const byId = new Map(ranked.map((id, rank) => [id, tiers[rank] ?? commonLimit]));
  return (id) => byId.get(id) ?? commonLimit;
}

function cardId(ofConsumer: string): string {
  return ofConsumer.replace("consumer-", "card-");
}
