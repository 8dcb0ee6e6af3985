// Reservations in a service's own table: by a statement for each order, and by one for all orders of a batch.
import { service, type Service, startEngine } from "quadrille";
import { stock, take, withdrawing } from "../../docs/examples/guide/own-tables.ts";
import { type StoreName, startDatabase } from "./databases.ts";

/** How the handler takes the orders of a batch. */
export type Handler = "one by one" | "all at once";

/** What was measured of one handler on one database. */
export interface OwnTableResult {
  readonly store: StoreName;
  readonly handler: Handler;
  readonly lanes: number;
  readonly inFlight: number;
  readonly ordersPerSecond: number;
  /** Orders that one statement of the handler has reserved, on average. */
  readonly ordersPerStatement: number;
  /** Processor time of this process. */
  readonly cpuMsPerOrder: number;
  /** Processor time of the database server. */
  readonly databaseCpuMsPerOrder: number | undefined;
}

/** Orders that reserve stock in the service's own table. */
export interface OwnTableRun {
  readonly store: StoreName;
  readonly lanes: number;
  readonly inFlight: number;
  readonly seconds: number;
  readonly folder: string;
}

/** Items of the stock; each has enough. */
const items = 100;

const takeOne =
  "update stock.item set quantity = quantity - $2 where sku = $1 and quantity >= $2 returning quantity";
const takeAll = `update stock.item set quantity = item.quantity - wish.quantity
  from (select sku, sum(quantity) as quantity from unnest($1::text[], $2::int[]) as w (sku, quantity) group by sku) as wish
  where item.sku = wish.sku and item.quantity >= wish.quantity returning item.sku`;

/** The stock's code; `onStatement` is called with the orders of each statement. */
function stockService(handler: Handler, onStatement: (orders: number) => void): Service {
  if (handler === "one by one")
    return service(stock, {
      handlers: {
        none: {
          take: {
            transact: async ({ payload, choose }, tx) => {
              onStatement(1);
              const { rows } = await tx.query(takeOne, [payload.sku, payload.quantity]);
              return rows.length === 0 ? choose.soldOut({ SoldOut: payload }) : choose.ok({ Taken: payload });
            },
          },
        },
      },
    });
  return service(stock, {
    handlers: {
      none: {
        take: {
          transactAll: async (orders, tx) => {
            onStatement(orders.length);
            const { rows } = await tx.query(takeAll, [
              orders.map(({ payload }) => payload.sku),
              orders.map(({ payload }) => payload.quantity),
            ]);
            const taken = new Set(rows.map(({ sku }) => sku));
            return orders.map(({ payload, choose }) =>
              taken.has(payload.sku) ? choose.ok({ Taken: payload }) : choose.soldOut({ SoldOut: payload }),
            );
          },
        },
      },
    },
  });
}

/** Measures both handlers on a database that is new for each. */
export async function runOwnTable(run: OwnTableRun): Promise<readonly OwnTableResult[]> {
  return [await measured(run, "one by one"), await measured(run, "all at once")];
}

async function measured(run: OwnTableRun, handler: Handler): Promise<OwnTableResult> {
  const { store, lanes, inFlight, seconds, folder } = run;
  await using place = await startDatabase(store, folder);
  const { database } = place;
  let statements = 0;
  let reserved = 0;
  const code = stockService(handler, (orders) => {
    statements += 1;
    reserved += orders;
  });
  await using engine = await startEngine({ choreography: withdrawing, services: [code], database, lanes });
  await database.sql?.query("create table stock.item (sku text primary key, quantity bigint not null)");
  await database.sql?.query(
    "insert into stock.item select 'sku ' || n, 1000000000 from generate_series(1, $1) as n",
    [items],
  );
  let sent = 0;
  const sendUntil = async (end: number): Promise<void> => {
    while (performance.now() < end)
      await engine.send(take, { sku: `sku ${1 + (sent++ % items)}`, quantity: 1 });
  };
  const sendFor = (ms: number): Promise<unknown> =>
    Promise.all(Array.from({ length: inFlight }, () => sendUntil(performance.now() + ms)));
  await sendFor(warmUpMs);
  const databaseBefore = await place.cpuMs();
  const before = { statements, reserved, at: performance.now(), cpu: process.cpuUsage() };
  await sendFor(seconds * 1_000);
  const orders = reserved - before.reserved;
  const cpu = process.cpuUsage(before.cpu);
  const databaseAfter = await place.cpuMs();
  return {
    store,
    handler,
    lanes,
    inFlight,
    ordersPerSecond: (orders * 1_000) / (performance.now() - before.at),
    ordersPerStatement: orders / (statements - before.statements),
    cpuMsPerOrder: (cpu.user + cpu.system) / 1_000 / orders,
    databaseCpuMsPerOrder:
      databaseAfter === undefined ? undefined : (databaseAfter - (databaseBefore ?? 0)) / orders,
  };
}

/** Until the code is compiled and the batches have their size. */
const warmUpMs = 1_000;
