// For tests: the order's life through the real services and the real engine on a database in memory, with a
// menu of two pizzas.
import {
  type Choreography,
  type CommandType,
  type Database,
  type Engine,
  memoryDatabase,
  type Service,
  startEngine,
} from "quadrille";
import { virtualAmbient } from "quadrille/testing";
import { soon } from "../../../test/soon.ts";
import { cardFile } from "../src/accounting/cards.ts";
import { choreographyOf, type Knowledge, servicesOf } from "../src/composition/contracts.ts";
import type { ContractName } from "../src/shared/contract-name.ts";
import { createOrder, OrderData } from "../src/order/contract.ts";
import type { OrderRequest } from "../src/events/order.ts";
import type { AuthorizationRequest, ProviderAnswer } from "../src/payment-provider/provider.ts";

const cards = [
  { cardId: "card-1", token: "token-1", isPrepaid: false, raiseMax: 50_00 },
  { cardId: "card-2", token: "token-2", isPrepaid: true, raiseMax: 50_00 },
];

/** What the services know: two consumers, of whom the second has a prepaid card; both may order for $100. */
export const known: Knowledge = {
  directory: new Map(
    ["1", "2"].map((id) => [
      `consumer-${id}`,
      { consumerId: `consumer-${id}`, limit: 100_00, blocked: false, cardId: `card-${id}` },
    ]),
  ),
  rules: { hours: [{ weekday: 4, opens: "11:00", closes: "22:00" }], soldOut: [], pizzasMax: 8 },
  cards: cardFile(cards),
  provider: { authorize: async ({ key }) => ({ answer: "authorized", authorizationId: `auth-${key}` }) },
  approvalAbove: 60_00,
};

/** Some pizzas for $10 each. */
export const pizzas = (quantity: number) => ({
  lines: [{ pizza: "hawaiian", size: "M" as const, quantity, price: 10_00 }],
  total: quantity * 10_00,
});

/** An order of two pizzas on an open day. */
export const request: OrderRequest = {
  consumerId: "consumer-1",
  placedAt: "2015-01-01T12:00:00",
  ...pizzas(2),
};

/** How the life is run in a test. */
export interface LifeParts {
  readonly contract?: ContractName;
  readonly choreography?: Choreography;
  readonly services?: readonly Service[];
  readonly authorize?: (request: AuthorizationRequest) => Promise<ProviderAnswer>;
}

/** An engine on a database of its own. */
export class Life implements AsyncDisposable {
  readonly engine: Engine;
  readonly database: Database;
  readonly #choreography: Choreography;

  private constructor(engine: Engine, database: Database, choreography: Choreography) {
    this.engine = engine;
    this.database = database;
    this.#choreography = choreography;
  }

  static async start({ contract = "life", authorize, ...parts }: LifeParts = {}): Promise<Life> {
    const database = memoryDatabase();
    const provider = authorize === undefined ? known.provider : { authorize };
    const {
      choreography = choreographyOf(contract),
      services = servicesOf(contract, { ...known, provider }),
    } = parts;
    const engine = await startEngine({ choreography, services, database, ambient: virtualAmbient() });
    return new Life(engine, database, choreography);
  }

  /** Places an order and waits until all is quiet. */
  async place(changes: Partial<OrderRequest> = {}): Promise<string> {
    const { sagaId } = await this.engine.send(createOrder, { ...request, ...changes });
    await this.quiet();
    return sagaId;
  }

  /** Sends a command and waits until all is quiet; gives the state that it led to, or that refused it. */
  async send(command: CommandType, sagaId: string, data: unknown): Promise<string> {
    const { state } = await this.engine.send(command, data, { sagaId });
    await this.quiet();
    return state;
  }

  async quiet(): Promise<void> {
    await this.engine.idle({ signal: soon() });
  }

  /** The states of all participants. */
  async states(sagaId: string): Promise<Readonly<Record<string, string>>> {
    const names = this.#choreography.participants.map(({ name }) => name);
    const found = await Promise.all(
      names.map(async (name) => [name, await this.entity(name, sagaId)] as const),
    );
    return Object.fromEntries(
      found.flatMap(([name, entity]) => (entity === undefined ? [] : [[name, entity.state]])),
    );
  }

  /** A participant's entity. */
  async entity(
    name: string,
    sagaId: string,
  ): Promise<{ readonly state: string; readonly data: unknown } | undefined> {
    const store = await this.database.inspect({ name });
    return (await store.load([sagaId])).get(sagaId);
  }

  /** What Order remembers. */
  async order(sagaId: string): Promise<OrderData> {
    return OrderData.parse((await this.entity("Order", sagaId))?.data);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
  }
}
