// One run of the pizza place: open, serve, replay, wait for the ends, and stop in good order.
import type { Ambient } from "quadrille";
import { operatorEndpoint, type OperatorEndpointOptions } from "quadrille/operations";
import { readAddress, removeAddress, writeAddress } from "../../shared/address.ts";
import { printAudit } from "../../audit/print.ts";
import { hasData, openDatabase, resetDatabase } from "../../database/open.ts";
import { makeApi } from "../../http/api.ts";
import { type HttpServer, listenHttp, urlOf } from "../../http/server.ts";
import type { Options } from "./options.ts";
import { askForOverdue } from "../../replay/overdue.ts";
import { businessText, factorOf } from "../../replay/orders-time.ts";
import { makePatience } from "../../replay/patience.ts";
import { type ProgressDisplay, showProgress } from "../../replay/progress.ts";
import type { ReplayPlan, ReplayResult } from "../../replay/replay.ts";
import type { Screen } from "../../replay/screen.ts";
import type { Shift } from "../../replay/shift.ts";
import { type Replaying, startReplaying } from "./replaying.ts";
import { settledAudit, untilEnded, type Waiting } from "./settle.ts";
import { UserError } from "../../shared/user-error.ts";
import { keepClearing } from "../../composition/keep-clearing.ts";
import { schemas } from "../../composition/set-up.ts";
import { type Beside, startSystem, type System } from "../../composition/system.ts";
import { type Beginning, greeting, stoppedText, stoppingText, summary } from "./words.ts";

/**
 * Orders in flight at which the replay waits. More makes each take longer and no more of them end in a
 * second.
 */
const inFlightMax = 192;

/**
 * How long orders may go on after a stop. The replay, the server and the database take up to three seconds
 * more if nothing answers: eight in all, of ten.
 */
const drainMs = 5_000;

/** What a run needs from its surroundings. */
export interface World {
  readonly ambient: Ambient;
  readonly screen: NodeJS.WritableStream & Screen;
  /** Aborts when the run is to stop. */
  readonly stop: AbortSignal;
  /** What runs beside the order's life. */
  readonly beside?: Beside;
}

/**
 * Runs to the end and gives the exit code. Rejects with a `UserError` or a `QuadrilleError` when it cannot
 * start.
 */
export async function run(options: Options, world: World): Promise<number> {
  const server = await listen(options, world);
  try {
    return await runOn(server, options, world);
  } finally {
    await server.close();
  }
}

/** Takes the port before anything is made or removed. Throws a `UserError` where it is taken. */
async function listen({ port, database }: Options, { ambient }: World): Promise<HttpServer> {
  try {
    return await listenHttp({ port, clock: ambient.clock });
  } catch (error) {
    const { url, dataFolder } = database;
    const isOurs = url === undefined && (await readAddress(dataFolder)) === urlOf(port);
    if (!(error instanceof UserError) || !isOurs) throw error;
    throw new UserError(
      `Port ${port} is in use: a pizza place runs there on the data folder ${dataFolder} already. Stop it first, or give another --data-folder and another --port.`,
      1,
    );
  }
}

async function runOn(server: HttpServer, options: Options, world: World): Promise<number> {
  if (options.reset) await resetDatabase(options.database, [...schemas, "quadrille_time"]);
  world.screen.write(
    (await hasData(options.database))
      ? "Opening what earlier runs left takes a few seconds.\n"
      : "First start: making the tables takes a few seconds.\n",
  );
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await openDatabase(options.database));
  const time = { of: options.time };
  const { ambient, beside } = world;
  const system = await startSystem({ ...options, time, database, ambient, beside });
  opened.use(system.engine);
  opened.use(await operatorEndpoint(endpointOf(system, options, world)));
  const closing = new AbortController();
  await serve(system, server, { options, world: { ...world, stop: closing.signal } });
  try {
    return await work(system, options, { world, url: server.url });
  } finally {
    closing.abort();
    await server.close();
    await removeAddress(options.database.dataFolder);
  }
}

/** Where `npm run quadrille` asks. */
function endpointOf({ books }: System, { database }: Options, { ambient }: World): OperatorEndpointOptions {
  const log = (message: string): void => ambient.log({ level: "error", message });
  return { operations: books.operations, dataFolder: database.dataFolder, log };
}

async function serve(
  system: System,
  server: HttpServer,
  { options, world }: { readonly options: Options; readonly world: World },
): Promise<void> {
  const { ambient, stop } = world;
  const log = (message: string): void => ambient.log({ level: "error", message });
  server.serve(makeApi(system.place, { clock: ambient.clock, stopping: stop, log }));
  await writeAddress(options.database.dataFolder, server.url);
}

/** A run at work. */
interface Run extends Waiting {
  readonly replaying: Replaying;
  readonly shift: Shift;
  readonly system: System;
  readonly options: Options;
  readonly screen: World["screen"];
  readonly url: string;
}

async function work(
  system: System,
  options: Options,
  { world, url }: { readonly world: World; readonly url: string },
): Promise<number> {
  const { ambient, screen, stop } = world;
  const { clock } = ambient;
  const patience = makePatience({ clock, say: (message) => ambient.log({ level: "warn", message }) });
  const { board, engine } = system;
  const over = new AbortController();
  const until = AbortSignal.any([stop, over.signal]);
  const ended = (sagaId: string, signal: AbortSignal) => engine.saga(sagaId).ended({ signal });
  const asking = askForOverdue({ board, ended, clock }, until);
  // In stepped time each day is cleared when it is over.
  const isStepped = system.businessTime !== undefined;
  const clearing = isStepped ? undefined : keepClearing(system, { patience, clock }, until);
  try {
    const isShared = options.database.url !== undefined;
    const replaying = startReplaying(system, options, { patience, clock, stop });
    const { shift } = replaying;
    return await replayAndStay({
      system,
      options,
      ambient,
      patience,
      screen,
      isShared,
      replaying,
      shift,
      stop,
      url,
    });
  } finally {
    over.abort();
    await asking;
    await clearing;
  }
}

async function replayAndStay(run: Run): Promise<number> {
  const { system, options, screen, stop, url } = run;
  const { place, seed, before, year, board } = system;
  const plan = planOf(system, options);
  const { once } = options;
  const time = timeOf(run);
  const counts = { seed, before, plan, yearOrders: year.length, once };
  screen.write(`${greeting({ url, database: place.database, time, ...counts })}\n`);
  const progress = startProgress(run);
  const result = await replayToTheEnd(run, plan, progress);
  const isComplete = result.placed + result.skipped >= plan.orders.length;
  if (!stop.aborted) {
    const parts = summary({ plan, result, before, view: board.view() });
    if (parts !== undefined) screen.write(`${parts}\n`);
    if (once) return await closeBooks(run);
    screen.write(`The replay is over; the HTTP API stays at ${url} until Ctrl-C.\n`);
    await run.replaying.goOn();
  }
  await drain(run, isComplete);
  return once ? 1 : 0;
}

function timeOf({ system, options: { rate } }: Run): Beginning["time"] {
  if (system.businessTime === undefined) return undefined;
  const factor = rate === "max" ? undefined : factorOf(rate, system.year);
  return { now: system.engine.time.now(), factor };
}

function planOf({ year }: System, { orders, rate }: Options): ReplayPlan {
  return { orders: orders === "all" ? year : year.slice(0, orders), rate, inFlightMax };
}

function startProgress({ system, ambient, patience, screen, stop }: Run): ProgressDisplay {
  const { books, board } = system;
  const reasonsOf = async (orderIds: readonly string[]) =>
    ((await patience(() => books.orders.find(orderIds), stop)) ?? []).map(
      ({ reason }) => reason ?? "unknown reason",
    );
  const business = () => businessText(system.engine.time.now());
  const businessTime = system.businessTime === undefined ? undefined : business;
  return showProgress({ board, reasonsOf, clock: ambient.clock, screen, businessTime });
}

/**
 * Replays, waits for the ends and shows the table; without it when the run is stopped, or an order cannot be
 * placed.
 */
async function replayToTheEnd(run: Run, plan: ReplayPlan, progress: ProgressDisplay): Promise<ReplayResult> {
  const { system, replaying, stop } = run;
  let isOver = false;
  try {
    const result = await replaying.run(plan);
    if (!stop.aborted) await untilEnded(system, run, () => progress.settled());
    isOver = !stop.aborted;
    return result;
  } finally {
    await progress.stop({ table: isOver });
  }
}

/** The end of a run with `--once`: the audit decides its exit code. */
async function closeBooks(run: Run): Promise<number> {
  const { system, screen } = run;
  await system.engine.drain({ withinMs: drainMs });
  const report = await settledAudit(system, run);
  if (report === undefined) {
    screen.write("Stopped before the audit: npm run audit makes it.\n");
    return 1;
  }
  screen.write(printAudit(report));
  if (report.live > 0) {
    screen.write(
      "Orders that did not end may wait for a parked message: npm run quadrille -- parked lists those.\n",
    );
  }
  return report.green ? 0 : 1;
}

async function drain({ system, options, screen }: Run, isComplete: boolean): Promise<void> {
  const { board, engine } = system;
  const { inFlight } = board.view();
  if (inFlight > 0) screen.write(`${stoppingText(inFlight)}\n`);
  await engine.drain({ withinMs: drainMs });
  screen.write(`${stoppedText(board.view(), { options, isComplete })}\n`);
}
