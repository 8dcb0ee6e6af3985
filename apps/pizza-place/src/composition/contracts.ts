// The contracts that the pizza place can run, each with its services. A new participant is one line in each.
import type { Choreography, Database, Entities, Service } from "quadrille";
import { entitiesOf } from "quadrille";
import type { CardFile } from "../accounting/cards.ts";
import { accounting, type AuthorizationData } from "../accounting/contract.ts";
import { accountingService, accountingServiceWithDeadline } from "../accounting/service.ts";
import { accountingWithDeadline } from "../accounting/variants.ts";
import { orderLife } from "../choreography.ts";
import type { ContractName } from "../shared/contract-name.ts";
import { consumerServiceWithCredit } from "../consumer/credit.ts";
import type { ConsumerDirectory } from "../consumer/directory.ts";
import { consumerService } from "../consumer/service.ts";
import { kitchen, type TicketData } from "../kitchen/contract.ts";
import { kitchenOnApproval } from "../kitchen/variants.ts";
import type { KitchenRules } from "../kitchen/rules.ts";
import { kitchenService, kitchenServiceOnApproval } from "../kitchen/service.ts";
import { carefulOrderLife } from "../life/careful.ts";
import { orderLifeWithDeadline } from "../life/with-deadline.ts";
import { order, type OrderData } from "../order/contract.ts";
import { orderByValue, orderWithDeadline } from "../order/variants.ts";
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

/** The entities of the participants whose data are looked at. */
export interface Kept {
  readonly orders: Entities<string, OrderData>;
  readonly tickets: Entities<string, TicketData>;
  readonly authorizations: Entities<string, AuthorizationData>;
}

interface Contract {
  readonly choreography: Choreography;
  readonly services: (known: Knowledge) => readonly Service[];
  readonly kept: (database: Database) => Kept;
}

const contracts: Readonly<Record<ContractName, Contract>> = {
  life: {
    choreography: orderLife,
    services: ({ directory, rules, cards, provider }) => [
      orderService(),
      consumerService(directory),
      kitchenService(rules),
      accountingService(cards, provider),
    ],
    kept: (database) => ({
      orders: entitiesOf(database, order),
      tickets: entitiesOf(database, kitchen),
      authorizations: entitiesOf(database, accounting),
    }),
  },
  deadline: {
    choreography: orderLifeWithDeadline,
    services: ({ directory, rules, cards, provider }) => [
      orderServiceWithDeadline(),
      consumerService(directory),
      kitchenServiceOnApproval(rules),
      accountingServiceWithDeadline(cards, provider),
    ],
    kept: (database) => ({
      orders: entitiesOf(database, orderWithDeadline),
      tickets: entitiesOf(database, kitchenOnApproval),
      authorizations: entitiesOf(database, accountingWithDeadline),
    }),
  },
  careful: {
    choreography: carefulOrderLife,
    services: ({ directory, rules, cards, provider, approvalAbove }) => [
      orderServiceByValue(approvalAbove),
      consumerServiceWithCredit(directory),
      kitchenService(rules),
      accountingService(cards, provider),
    ],
    kept: (database) => ({
      orders: entitiesOf(database, orderByValue),
      tickets: entitiesOf(database, kitchen),
      authorizations: entitiesOf(database, accounting),
    }),
  },
};

export function choreographyOf(name: ContractName): Choreography {
  return contracts[name].choreography;
}

/** What the participants keep, read by the contract. */
export function keptBy(name: ContractName, database: Database): Kept {
  return contracts[name].kept(database);
}

export function servicesOf(name: ContractName, known: Knowledge): readonly Service[] {
  return contracts[name].services(known);
}
