// The pizza place's own services on its real orders, with a payment provider that answers from memory at
// once: what is measured is the engine and the database, not the provider.
import type { Choreography, Service } from "quadrille";
import { cardFile } from "../../apps/pizza-place/src/accounting/cards.ts";
import { accountingService } from "../../apps/pizza-place/src/accounting/service.ts";
import { orderLife } from "../../apps/pizza-place/src/choreography.ts";
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
import type { OrderRequest } from "../../apps/pizza-place/src/events/order.ts";
import { orderService } from "../../apps/pizza-place/src/order/service.ts";
import type { PaymentProvider } from "../../apps/pizza-place/src/payment-provider/provider.ts";
import {
  type CreateOrderKnowledge,
  createOrderSaga,
  createOrderServices,
} from "../../apps/pizza-place/test/create-order.ts";

const seed = 1;

/** The choreography, its services and the orders to place with them. */
export interface PizzaWorkload {
  readonly choreography: Choreography;
  readonly services: readonly Service[];
  /** The order of that number; the year begins again after its last. */
  orderAt(index: number): OrderRequest;
}

/** Which contract the orders go through. */
export const contractNames = ["life", "create-order"] as const;
export type ContractName = (typeof contractNames)[number];

/** `create-order` is the published Create Order, which the bench ran before there was a life of an order. */
const contracts: Readonly<
  Record<ContractName, (known: CreateOrderKnowledge) => Pick<PizzaWorkload, "choreography" | "services">>
> = {
  life: ({ directory, rules, cards, provider }) => ({
    choreography: orderLife,
    services: [
      orderService(),
      consumerService(directory),
      kitchenService(rules),
      accountingService(cards, provider),
    ],
  }),
  "create-order": (known) => ({ choreography: createOrderSaga, services: createOrderServices(known) }),
};

/** The workload of a contract; its payment provider can be wrapped. */
export function pizzaWorkload(
  contract: ContractName = "life",
  around = (provider: PaymentProvider): PaymentProvider => provider,
): PizzaWorkload {
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
    ...contracts[contract]({
      directory: new Map(accounts.map((account) => [account.consumerId, account])),
      rules: makeKitchenRules(seed, orders),
      cards: cardFile(cards),
      provider: around(provider),
    }),
    orderAt: (index) => {
      const request = requests[index % requests.length];
      if (request === undefined) throw new Error("the data set is empty");
      return request;
    },
  };
}
