// Composition: the four services with their tables, the payment provider, the engine, and the place in front of them.
import { type Ambient, type Database, type Engine, startEngine } from "quadrille";
import { accountingService } from "./accounting/service.ts";
import { readCards } from "./accounting/tables.ts";
import { type Books, openBooks } from "./books.ts";
import { createOrderSaga } from "./choreography.ts";
import { consumerService } from "./consumer/service.ts";
import { readDirectory } from "./consumer/tables.ts";
import { type DataSetOrder, readOrders } from "./data-set/orders.ts";
import { assignConsumer } from "./data-set/rule.ts";
import { setUp } from "./database/set-up.ts";
import type { Sql } from "./database/sql.ts";
import { kitchenService } from "./kitchen/service.ts";
import { readRules } from "./kitchen/tables.ts";
import { orderService } from "./order/service.ts";
import { readMenuItems } from "./order/tables.ts";
import { readProviderCards, recordEntries } from "./payment-provider/ledger.ts";
import { withPatience } from "./payment-provider/patience.ts";
import type { PaymentProvider } from "./payment-provider/provider.ts";
import { stubProvider } from "./payment-provider/stub.ts";
import { type PizzaPlace, pizzaPlace } from "./place.ts";
import { type Board, type BoardView, makeBoard } from "./replay/board.ts";
import { readFound } from "./replay/found.ts";
import type { ReplayOrder } from "./replay/replay.ts";

/** One lane for each participant: more pay only when several processes share the work. */
const lanes = 1;
/**
 * How long Accounting waits for the provider. With 200 ms, orders went to the dead letters on a machine that had eight times
 * the work it could do: every attempt was given up, although each of them was answered.
 */
const answerMsMax = 1_500;
/** How late the provider is when it is late: later than anybody waits. */
const lateMs = 2_500;

/** What a system is made of. */
export interface SystemParts {
  readonly database: Database;
  /** The seed of new data; the one of the data that are there unless given. */
  readonly seed: number | undefined;
  readonly ambient: Ambient;
  /** Puts something around the payment provider; tests hold its answers back. */
  readonly aroundProvider?: (provider: PaymentProvider) => PaymentProvider;
}

/** The pizza place at work. The database stays its opener's. */
export interface System {
  readonly place: PizzaPlace;
  readonly engine: Engine;
  readonly books: Books;
  readonly board: Board;
  /** What was there before the engine started to go on with it. */
  readonly before: BoardView;
  readonly seed: number;
  /** The data set's orders with their consumers. */
  readonly year: readonly ReplayOrder[];
}

/** Makes and fills the tables where needed, reads the services' constants and starts the engine. */
export async function startSystem(parts: SystemParts): Promise<System> {
  const { database, ambient, aroundProvider = (provider) => provider } = parts;
  const dataSet: readonly DataSetOrder[] = readOrders();
  const books = await openBooks(database, lanes);
  const { sql, orders, operations } = books;
  const seed = await setUp(sql, dataSet, parts.seed);
  const found = await readFound({ orders, sagas: (query) => operations.sagas(query) });
  const [latest] = await orders.page({ limit: 1 });
  const board = makeBoard(found);
  const before = board.view();
  const provider = aroundProvider(await startProvider(sql, seed, ambient));
  const services = [
    orderService(),
    consumerService(await readDirectory(sql)),
    kitchenService(await readRules(sql)),
    accountingService(await readCards(sql), provider),
  ];
  const menu = await readMenuItems(sql);
  const engine = await startEngine({ choreography: createOrderSaga, services, database, ambient, lanes });
  engine.onEnd((end) => board.ended(end));
  const place = pizzaPlace({
    engine,
    board,
    menu,
    orders,
    database: database.label,
    latest: latest?.placedAt,
    saga: (sagaId) => operations.saga(sagaId),
    audit: (options) => books.audit(options),
  });
  const year = dataSet.map((order) => assignConsumer(seed, order));
  return { place, engine, books, board, before, seed, year };
}

/** The provider as Accounting meets it. */
async function startProvider(sql: Sql, seed: number, { clock }: Ambient): Promise<PaymentProvider> {
  const provider = stubProvider({
    record: (wishes) => recordEntries(sql, wishes),
    cards: await readProviderCards(sql),
    seed,
    sleep: (signal) => clock.sleep(lateMs, signal),
  });
  return withPatience(provider, answerMsMax, (delayMs, signal) => clock.sleep(delayMs, signal));
}
