// Composition: the four services with their tables, the payment provider, the engine, and the place in front
// of them.
import {
  type Ambient,
  type BusinessTime,
  type Choreography,
  type Database,
  type Engine,
  type Service,
  startEngine,
} from "quadrille";
import { clear } from "../accounting/clearing.ts";
import { readCards } from "../accounting/tables.ts";
import { type Books, makeTables, openBooks } from "./books.ts";
import { readDirectory } from "../consumer/tables.ts";
import { type DataSetOrder, readOrders } from "../data-set/orders.ts";
import { assignConsumer } from "../data-set/rule.ts";
import type { ContractName } from "../shared/contract-name.ts";
import { choreographyOf, servicesOf } from "./contracts.ts";
import { setUp } from "./set-up.ts";
import { note } from "../database/settings.ts";
import type { Sql } from "../database/sql.ts";
import { readRules } from "../kitchen/tables.ts";
import { readMenuItems } from "../order/tables.ts";
import { readProviderCards, recordChanges, recordEntries } from "../payment-provider/ledger.ts";
import { askedAgain, LostAnswer, withPatience } from "../payment-provider/patience.ts";
import type { PaymentProvider, ProviderChange } from "../payment-provider/provider.ts";
import { stubProvider } from "../payment-provider/stub.ts";
import { type PizzaPlace, pizzaPlace } from "../place.ts";
import { type Board, type BoardView, type FoundOrder, makeBoard } from "../replay/board.ts";
import { placedAtOf } from "../replay/orders-time.ts";
import { readFound } from "./found.ts";
import { repeatable } from "./repeatable.ts";
import { contractFor } from "./whose-contract.ts";
import { businessTimeOf, type WantedTime } from "./whose-time.ts";
import type { ReplayOrder } from "../replay/replay-place.ts";

/** One lane for each participant: more pay only when several processes share the work. */
const lanes = 1;
/**
 * How long Accounting waits for the provider. With 200 ms, orders went to the dead letters on a machine that
 * had eight times the work it could do: every attempt was given up, although each of them was answered.
 */
const answerMsMax = 1_500;
/** How late a late answer of the provider is: later than any caller waits. */
const lateMs = 2_500;

/** $100: about one order in twelve is larger. */
const usualApprovalAbove = 100_00;

/** What a system is made of. */
export interface SystemParts {
  readonly database: Database;
  /** The seed of new data; the one of the data that are there unless given. */
  readonly seed: number | undefined;
  readonly ambient: Ambient;
  /**
   * Which contract to run; unless given the one that ran on these data last, and on new ones the order's
   * life. Refused where it cannot go on with the data.
   */
  readonly contract?: ContractName | undefined;
  /** Orders above it, in cents, wait for a person's approval; by the careful contract only. */
  readonly approvalAbove?: number | undefined;
  /** Whose time deadlines and journals go by; the machine's unless given. */
  readonly time?: WantedTime;
  /** What runs beside the order's life, on the same database. */
  readonly beside?: Beside | undefined;
  /** Wraps the payment provider; tests use it to delay answers. */
  readonly aroundProvider?: (provider: PaymentProvider) => PaymentProvider;
}

/** Choreographies that take the order's public events, with the code of their participants. */
export interface Beside {
  readonly choreographies: readonly Choreography[];
  readonly services: readonly Service[];
}

/** The pizza place at work. The database stays its opener's. */
export interface System {
  readonly place: PizzaPlace;
  readonly engine: Engine;
  readonly books: Books;
  readonly board: Board;
  /** What was in the tables before the engine started. */
  readonly before: BoardView;
  readonly seed: number;
  /** The data set's orders with their consumers. */
  readonly year: readonly ReplayOrder[];
  /** The orders that were there before. */
  readonly found: readonly FoundOrder[];
  /** Business time, where it is not the machine's. */
  readonly businessTime: BusinessTime | undefined;
  /** Reports reversals and changed amounts to the payment provider. */
  readonly clearing: () => Promise<void>;
}

/** Makes and fills the tables where needed, reads the services' constants and starts the engine. */
export async function startSystem(parts: SystemParts): Promise<System> {
  const { database, ambient, aroundProvider = (provider) => provider } = parts;
  const { approvalAbove = usualApprovalAbove } = parts;
  const dataSet: readonly DataSetOrder[] = readOrders();
  const contract = await contractFor(database, parts.contract);
  await makeTables(database, contract, lanes);
  const books = await openBooks(database, contract);
  const { sql, orders, operations } = books;
  const seed = await setUp(sql, dataSet, parts.seed);
  const found = await readFound({ orders, sagas: (query) => operations.sagas(query) });
  const [latest] = await orders.page({ limit: 1 });
  const board = makeBoard(found);
  const before = board.view();
  const hasOrders = latest !== undefined;
  const businessTime = await businessTimeOf(parts.time, { sql, year: dataSet, hasOrders });
  const provider = aroundProvider(await startProvider(sql, { seed, ambient, businessTime }));
  const services = servicesOf(contract, {
    directory: await readDirectory(sql),
    rules: await readRules(sql),
    cards: await readCards(sql),
    provider,
    approvalAbove,
  });
  const menu = await readMenuItems(sql);
  const choreography = choreographyOf(contract);
  const { beside = { choreographies: [], services: [] } } = parts;
  const engine = await startEngine({
    choreographies: [choreography, ...beside.choreographies],
    services: [...services, ...beside.services],
    database,
    lanes,
    ambient: isRepeatable(database, businessTime) ? await repeatable(ambient, database, seed) : ambient,
    ...(businessTime === undefined ? {} : { businessTime }),
  });
  await note(sql, "contract", contract);
  engine.onEnd((end) => {
    if (end.choreography === choreography.name) board.ended(end);
  });
  const report = (changes: readonly ProviderChange[]) => recordChanges(sql, changes);
  const clearing = () => clear({ sql, report, lanes });
  const place = pizzaPlace({
    engine,
    board,
    menu,
    orders,
    database: database.label,
    latest: latest?.placedAt,
    time: businessTime === undefined ? undefined : () => placedAtOf(engine.time.now()),
    saga: (sagaId) => operations.saga(sagaId),
    orderIds: (prefix, limit) => operations.sagaIds(prefix, limit),
    audit: async (options) => {
      await clearing();
      return await books.audit(options);
    },
  });
  const year = dataSet.map((order) => assignConsumer(seed, order));
  return { place, engine, books, board, before, seed, year, found, clearing, businessTime };
}

/** Whether two runs can be the same: nothing waits by a clock, and no other process takes part. */
function isRepeatable(database: Database, businessTime: BusinessTime | undefined): boolean {
  return businessTime?.kind === "stepped" && database.owners === undefined;
}

/** The provider as Accounting sees it. */
async function startProvider(
  sql: Sql,
  { seed, ambient, businessTime }: Pick<System, "seed" | "businessTime"> & Pick<SystemParts, "ambient">,
): Promise<PaymentProvider> {
  const { clock } = ambient;
  const provider = stubProvider({
    record: (requests) => recordEntries(sql, requests),
    cards: await readProviderCards(sql),
    seed,
    beLate:
      businessTime === undefined
        ? (signal) => clock.sleep(lateMs, signal)
        : () => Promise.reject(new LostAnswer("The payment provider's answer was lost")),
  });
  // Where time is stepped nothing waits by a clock: what is late is lost, and asked for again at once.
  if (businessTime !== undefined) return askedAgain(provider);
  return withPatience(provider, answerMsMax, (delayMs, signal) => clock.sleep(delayMs, signal));
}
