// The contracts that the pizza place can run, each with its services. A new participant is one line in each.
import type { Choreography, Service } from "quadrille";
import type { CardFile } from "../accounting/cards.ts";
import { accountingService, accountingServiceWithDeadline } from "../accounting/service.ts";
import { orderLife } from "../choreography.ts";
import type { ContractName } from "../contract-name.ts";
import { consumerServiceWithCredit } from "../consumer/credit.ts";
import type { ConsumerDirectory } from "../consumer/directory.ts";
import { consumerService } from "../consumer/service.ts";
import type { KitchenRules } from "../kitchen/rules.ts";
import { kitchenService, kitchenServiceOnApproval } from "../kitchen/service.ts";
import { carefulOrderLife } from "../life/careful.ts";
import { orderLifeWithDeadline } from "../life/with-deadline.ts";
import { orderService, orderServiceByValue, orderServiceWithDeadline } from "../order/service.ts";
import type { PaymentProvider } from "../payment-provider/provider.ts";

/** What the services know. */
export interface Knowledge {
  readonly directory: ConsumerDirectory;
  readonly rules: KitchenRules;
  readonly cards: CardFile;
  readonly provider: PaymentProvider;
  /** An order that costs more, in cents, waits for a person's approval; by the careful contract only. */
  readonly approvalAbove: number;
}

const contracts: Readonly<
  Record<
    ContractName,
    { readonly choreography: Choreography; readonly services: (known: Knowledge) => readonly Service[] }
  >
> = {
  life: {
    choreography: orderLife,
    services: ({ directory, rules, cards, provider }) => [
      orderService(),
      consumerService(directory),
      kitchenService(rules),
      accountingService(cards, provider),
    ],
  },
  deadline: {
    choreography: orderLifeWithDeadline,
    services: ({ directory, rules, cards, provider }) => [
      orderServiceWithDeadline(),
      consumerService(directory),
      kitchenServiceOnApproval(rules),
      accountingServiceWithDeadline(cards, provider),
    ],
  },
  careful: {
    choreography: carefulOrderLife,
    services: ({ directory, rules, cards, provider, approvalAbove }) => [
      orderServiceByValue(approvalAbove),
      consumerServiceWithCredit(directory),
      kitchenService(rules),
      accountingService(cards, provider),
    ],
  },
};

export function choreographyOf(name: ContractName): Choreography {
  return contracts[name].choreography;
}

export function servicesOf(name: ContractName, known: Knowledge): readonly Service[] {
  return contracts[name].services(known);
}
