// The pizza place's own services on its real orders, with a payment provider that answers from memory at once: what is
// measured is the engine and the database, not the provider.
import type { Service } from "quadrille";
import { cardFile } from "../../apps/pizza-place/src/accounting/cards.ts";
import { accountingService } from "../../apps/pizza-place/src/accounting/service.ts";
import { consumerService } from "../../apps/pizza-place/src/consumer/service.ts";
import { readOrders } from "../../apps/pizza-place/src/data-set/orders.ts";
import {
  assignConsumer,
  makeCards,
  makeConsumers,
  makeKitchenRules,
  makeProviderCards,
} from "../../apps/pizza-place/src/data-set/rule.ts";
import { kitchenService } from "../../apps/pizza-place/src/kitchen/service.ts";
import type { OrderRequest } from "../../apps/pizza-place/src/order/events.ts";
import { orderService } from "../../apps/pizza-place/src/order/service.ts";
import type { PaymentProvider } from "../../apps/pizza-place/src/payment-provider/provider.ts";

const seed = 1;

/** The services and the orders to place with them. */
export interface PizzaWorkload {
  readonly services: readonly Service[];
  /** The order of that number; the year begins again after its last. */
  orderAt(index: number): OrderRequest;
}

export function pizzaWorkload(): PizzaWorkload {
  const orders = readOrders();
  const accounts = makeConsumers(seed);
  const cards = makeCards(seed, accounts);
  const declining = new Set(
    makeProviderCards(seed, cards)
      .filter(({ declines }) => declines)
      .map(({ token }) => token),
  );
  const provider: PaymentProvider = {
    authorize: ({ key, cardToken }) =>
      Promise.resolve(
        declining.has(cardToken) ? { answer: "declined" } : { answer: "authorized", authorizationId: key },
      ),
  };
  const requests = orders.map((order) => assignConsumer(seed, order));
  return {
    services: [
      orderService(),
      consumerService(new Map(accounts.map((account) => [account.consumerId, account]))),
      kitchenService(makeKitchenRules(seed, orders)),
      accountingService(cardFile(cards), provider),
    ],
    orderAt: (index) => {
      const request = requests[index % requests.length];
      if (request === undefined) throw new Error("the data set is empty");
      return request;
    },
  };
}
