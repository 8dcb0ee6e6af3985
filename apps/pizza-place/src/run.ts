// One run of the pizza place: open, serve, replay, wait for the ends, and stop in good order.
import type { Ambient, ParticipantStatus } from "quadrille";
import { operatorEndpoint, type OperatorEndpointOptions } from "quadrille/operations";
import { removeAddress, writeAddress } from "./address.ts";
import { printAudit } from "./audit/print.ts";
import { replayKey } from "./books.ts";
import { hasData, openDatabase, resetDatabase } from "./database/open.ts";
import { makeApi } from "./http/api.ts";
import { type HttpServer, serveHttp } from "./http/server.ts";
import type { Options } from "./options.ts";
import { type ProgressDisplay, showProgress } from "./replay/progress.ts";
import type { Screen } from "./replay/screen.ts";
import { replay, type ReplayPlan, type ReplayResult } from "./replay/replay.ts";
import { startSystem, type System } from "./system.ts";

/** Orders in flight at which the replay waits. More makes each take longer and no more of them end in a second. */
const inFlightMax = 512;
/** How often a run that waits for ends looks whether they can still come. */
const stuckMs = 500;

/** What a run needs of the world. */
export interface World {
  readonly ambient: Ambient;
  readonly screen: NodeJS.WritableStream & Screen;
  /** Aborts when the run is to stop. */
  readonly stop: AbortSignal;
}

/** Runs to the end and gives the exit code. Rejects with a `UserError` or a `QuadrilleError` when it cannot start. */
export async function run(options: Options, world: World): Promise<number> {
  if (options.reset) await resetDatabase(options.database);
  if (!(await hasData(options.database)))
    world.screen.write("First start: making the tables takes a few seconds.\n");
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await openDatabase(options.database));
  const system = await startSystem({ database, seed: options.seed, ambient: world.ambient });
  opened.use(system.engine);
  opened.use(await operatorEndpoint(endpointOf(system, options, world)));
  const closing = new AbortController();
  const server = await serve(system, options, { ...world, stop: closing.signal });
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

async function serve(system: System, options: Options, { ambient, stop }: World): Promise<HttpServer> {
  const log = (message: string): void => ambient.log({ level: "error", message });
  const api = makeApi(system.place, { clock: ambient.clock, stopping: stop, log });
  const server = await serveHttp(api, options.port);
  await writeAddress(options.database.dataFolder, server.url);
  return server;
}

async function work(
  system: System,
  options: Options,
  { world, url }: { readonly world: World; readonly url: string },
): Promise<number> {
  const { screen, stop } = world;
  const plan = planOf(system, options);
  screen.write(`${greeting(system, { url, plan, options })}\n`);
  const progress = startProgress(system, world);
  const { placed, skipped } = await replayOrFail(system, { plan, world, progress });
  if (!stop.aborted) await untilEnded(system, world);
  await progress.stop({ table: !stop.aborted });
  if (!stop.aborted && skipped > 0) screen.write(`${placed} orders placed now, ${skipped} earlier.\n`);
  if (!stop.aborted && options.once) return await closeBooks(system, world);
  if (!stop.aborted) {
    screen.write(`The replay is over; the HTTP API stays at ${url} until Ctrl-C.\n`);
    await aborted(stop);
  }
  await drain(system, options, world);
  return options.once ? 1 : 0;
}

function planOf({ year }: System, { orders, rate }: Options): ReplayPlan {
  return { orders: orders === "all" ? year : year.slice(0, orders), rate, inFlightMax };
}

function greeting(
  { place, seed, board, year }: System,
  { url, plan, options }: { readonly url: string; readonly plan: ReplayPlan; readonly options: Options },
): string {
  const { placed, inFlight } = board.view();
  const speed = plan.rate === "max" ? "as fast as possible" : `at ${plan.rate} a second`;
  return [
    `Pizza place on ${place.database}, seed ${seed}.`,
    `HTTP API at ${url} (GET /openapi.json says what it takes).`,
    ...(placed === 0
      ? []
      : [`${placed} orders were placed earlier; ${inFlight} of them are under way and go on now.`]),
    `Replaying the first ${plan.orders.length} of ${year.length} orders ${speed}${options.once ? ", once" : ""}. Ctrl-C stops.`,
  ].join("\n");
}

function startProgress({ books, board }: System, { ambient, screen }: World): ProgressDisplay {
  const reasonsOf = async (orderIds: readonly string[]) =>
    (await books.orders.find(orderIds)).map(({ reason }) => reason ?? "unknown reason");
  return showProgress({ board, reasonsOf, clock: ambient.clock, screen });
}

interface Replaying {
  readonly plan: ReplayPlan;
  readonly world: World;
  readonly progress: ProgressDisplay;
}

async function replayOrFail(
  { place, books, board }: System,
  { plan, world, progress }: Replaying,
): Promise<ReplayResult> {
  const at = {
    placedBefore: (references: readonly string[]) => books.placedBefore(references),
    place: async (order: ReplayPlan["orders"][number]) =>
      void (await place.placeOrder(order, replayKey(order.reference))),
    below: (count: number, signal: AbortSignal) => board.below(count, signal),
    clock: world.ambient.clock,
  };
  try {
    return await replay(at, plan, world.stop);
  } catch (error) {
    await progress.stop({ table: false });
    throw error;
  }
}

/** Waits until no order is in flight, or until those that are cannot go on by themselves. */
async function untilEnded({ board, engine }: System, { ambient, stop }: World): Promise<void> {
  const stuck = new AbortController();
  const over = AbortSignal.any([stop, stuck.signal]);
  const ended = board.below(1, over);
  const watching = (async () => {
    while (!over.aborted && board.view().inFlight > 0) {
      await Promise.race([ended, ambient.clock.sleep(stuckMs, over)]);
      if (engine.status().some(isStuck) && engine.status().every(isAtRest)) stuck.abort();
    }
  })();
  await ended;
  stuck.abort();
  await watching;
}

function isStuck({ parked }: ParticipantStatus): boolean {
  return parked.dead > 0;
}

function isAtRest({ waiting, parked, activitiesRunning }: ParticipantStatus): boolean {
  return waiting === 0 && activitiesRunning === 0 && parked.retrying === 0;
}

/** The end of a run with `--once`: the audit says whether it was a good one. */
async function closeBooks({ engine, books }: System, { screen }: World): Promise<number> {
  await engine.drain();
  const report = await books.audit({ settled: true });
  screen.write(printAudit(report));
  if (report.live > 0) {
    screen.write(
      "Orders that did not end may wait for a message set aside: npm run quadrille -- parked lists those.\n",
    );
  }
  return report.green ? 0 : 1;
}

async function drain({ engine, board }: System, options: Options, { screen }: World): Promise<void> {
  const { inFlight } = board.view();
  if (inFlight > 0)
    screen.write(`Stopping, with orders under way (${inFlight}); Ctrl-C again stops at once.\n`);
  await engine.drain();
  const left = board.view();
  screen.write(
    `Stopped with ${left.placed} orders placed and ${left.inFlight} under way. Run ${commandOf(options)} to go on from there.\n`,
  );
}

/** The command that goes on where this run stopped. */
function commandOf({ database, orders, rate }: Options): string {
  const given = [
    `--orders ${orders}`,
    `--rate ${rate === "max" ? "max" : `${rate}/s`}`,
    ...(database.dataFolder === ".quadrille" ? [] : [`--data-folder ${database.dataFolder}`]),
    ...(database.url === undefined ? [] : ["--database URL"]),
  ];
  return `npm start -- ${given.join(" ")}`;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}
