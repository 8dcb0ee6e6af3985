// The four services through the real engine on a database in memory: the data set's orders come to their
// ends, and the books agree.
import { memoryDatabase, startEngine, systemAmbient } from "quadrille";
import { openOperations } from "quadrille/operations";
import { expect, it } from "vitest";
import { soon } from "../../../test/soon.ts";
import { readAuthorizations } from "../src/accounting/authorizations.ts";
import { accountingService } from "../src/accounting/service.ts";
import { cardFile } from "../src/accounting/cards.ts";
import { auditAll, type PageQuery } from "../src/audit/collect.ts";
import { orderLife } from "../src/choreography.ts";
import { keptBy } from "../src/composition/contracts.ts";
import { consumerService } from "../src/consumer/service.ts";
import { readOrders } from "../src/data-set/orders.ts";
import {
  assignConsumer,
  makeCards,
  makeConsumers,
  makeKitchenRules,
  makeProviderCards,
} from "../src/data-set/rule.ts";
import { kitchenService } from "../src/kitchen/service.ts";
import { readTickets } from "../src/kitchen/tickets.ts";
import { createOrder } from "../src/order/contract.ts";
import { usualReasons } from "../src/events/order.ts";
import { orderBook } from "../src/order/order-book.ts";
import { orderService } from "../src/order/service.ts";
import type { Decided, LedgerEntry } from "../src/payment-provider/ledger.ts";
import { withPatience } from "../src/payment-provider/patience.ts";
import { stubProvider } from "../src/payment-provider/stub.ts";

const seed = 1;

/** A ledger in memory, with the promise of the real one: one entry a key. */
function memoryLedger() {
  const entries = new Map<string, LedgerEntry>();
  const record = async (wishes: readonly Decided[]) =>
    new Map(
      wishes.map((wish) => {
        const known = entries.get(wish.key);
        const entry = known ?? {
          ...wish,
          entry: entries.size,
          kind: "authorization" as const,
          authorizationId: `auth-${entries.size}`,
          added: true,
        };
        entries.set(wish.key, { ...entry, added: false });
        return [wish.key, entry];
      }),
    );
  return { entries, record };
}

it("brings real orders to declared ends, rejects some for every reason, and charges what was approved", async () => {
  const ambient = systemAmbient();
  const dataSet = readOrders();
  const consumers = makeConsumers(seed);
  const cards = makeCards(seed, consumers);
  const ledger = memoryLedger();
  const provider = stubProvider({
    record: ledger.record,
    cards: makeProviderCards(seed, cards),
    seed,
    beLate: (signal) => ambient.clock.sleep(1_000, signal),
  });
  const database = memoryDatabase();
  const engine = await startEngine({
    choreography: orderLife,
    database,
    ambient,
    limits: { backoffMs: 20 },
    services: [
      orderService(),
      consumerService(new Map(consumers.map((one) => [one.consumerId, one]))),
      kitchenService(makeKitchenRules(seed, dataSet)),
      accountingService(
        cardFile(cards),
        withPatience(provider, 300, (delayMs, signal) => ambient.clock.sleep(delayMs, signal)),
      ),
    ],
  });
  const year = dataSet.map((order) => assignConsumer(seed, order));
  // With the days on which a pizza had run out, all reasons occur among few orders.
  const shortDays = new Set(
    makeKitchenRules(seed, dataSet)
      .soldOut.slice(0, 2)
      .map(({ day }) => day),
  );
  const orders = year.filter(({ placedAt }, number) => number < 300 || shortDays.has(placedAt.slice(0, 10)));

  const answers = await Promise.all(
    orders.map((order) => engine.send(createOrder, order, { idempotencyKey: order.reference })),
  );
  const ends = await Promise.all(answers.map(({ sagaId }) => engine.saga(sagaId).ended({ signal: soon() })));
  expect(ends.filter((end) => end === undefined)).toEqual([]);
  await engine.drain();

  const kept = keptBy("life", database);
  const book = orderBook(kept.orders);
  const operations = await openOperations({ choreography: orderLife, database });
  const entries = [...ledger.entries.values()];
  const sources = {
    orders: book,
    sagas: (query: PageQuery) => operations.sagas(query),
    tickets: (ids: readonly string[]) => readTickets(kept.tickets, ids),
    authorizations: (ids: readonly string[]) => readAuthorizations(kept.authorizations, ids),
    ledger: {
      of: async (ids: readonly string[]) => entries.filter(({ reference }) => ids.includes(reference)),
      page: async (after: number, limit: number) =>
        entries.filter(({ entry }) => entry > after).slice(0, limit),
    },
  };
  expect(await auditAll(sources, { settled: true })).toMatchObject({
    green: true,
    orders: orders.length,
    findings: [],
  });
  const placed = await book.find(answers.map(({ sagaId }) => sagaId));
  expect(new Set(placed.flatMap(({ reason }) => reason ?? []))).toEqual(new Set(usualReasons));
});
