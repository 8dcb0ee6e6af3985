// The sentences of a run: its address, how many orders there are and who placed them, how to go on. All
// counts add up.
import { defaults, type Options } from "./options.ts";
import type { BoardView } from "../../replay/board.ts";
import { businessText } from "../../replay/orders-time.ts";
import type { ReplayPlan, ReplayResult } from "../../replay/replay.ts";

/** What a run begins with. */
export interface Beginning {
  readonly url: string;
  readonly database: string;
  readonly seed: number;
  /** What was there before the engine went on with it. */
  readonly before: BoardView;
  readonly plan: ReplayPlan;
  readonly yearOrders: number;
  readonly once: boolean;
  /**
   * Business time, where it is not the machine's, and how many times as fast it passes, unless it is as fast
   * as possible.
   */
  readonly time: { readonly now: number; readonly factor: number | undefined } | undefined;
}

/** The first lines. */
export function greeting(beginning: Beginning): string {
  const { url, database, seed, before } = beginning;
  const { placed, inFlight } = before;
  const goOn =
    inFlight === 0 ? "none of them is under way" : `${inFlight} of them are under way and go on now`;
  return [
    `Pizza place on ${database}, seed ${seed}.`,
    `HTTP API at ${url} (GET /openapi.json says what it takes).`,
    ...(placed === 0 ? [] : [`${placed} orders were placed earlier; ${goOn}.`]),
    replayLine(beginning),
    timeLine(beginning),
  ].join("\n");
}

/** Whether all orders of the year that are asked for were placed earlier. */
function isNothingToReplay({ before, plan }: Beginning): boolean {
  return before.placed - before.throughApi >= plan.orders.length;
}

function replayLine(beginning: Beginning): string {
  const { plan, yearOrders, once } = beginning;
  const orders = `the first ${plan.orders.length} of ${yearOrders} orders`;
  if (isNothingToReplay(beginning))
    return `There is nothing to replay: ${orders} are placed, and --orders asks for more. Ctrl-C stops.`;
  const speed = plan.rate === "max" ? "as fast as possible" : `at ${plan.rate} a second`;
  return `Replaying ${orders} ${speed}${once ? ", once" : ""}. Ctrl-C stops.`;
}

/** Whose time timelines and deadlines go by. Speed and the time to an end are always the machine's. */
function timeLine(beginning: Beginning): string {
  const { time, once } = beginning;
  if (time === undefined) return "Business time is the machine's.";
  const its = `Business time is the orders' own: it is ${businessText(time.now)}`;
  if (isNothingToReplay(beginning)) return once ? `${its}.` : `${its} and passes as fast as the machine's.`;
  const fast = Math.round(time.factor ?? 0).toLocaleString("en");
  if (time.factor === undefined) return `${its} and moves on when nothing is pending.`;
  return `${its} and passes ${fast} times as fast as the machine's while orders are replayed.`;
}

/** What a run did and what it found. */
export interface Outcome {
  readonly plan: ReplayPlan;
  readonly result: ReplayResult;
  readonly before: BoardView;
  readonly view: BoardView;
}

/**
 * Who placed the orders of the table: the parts make the whole. `undefined` where all were placed now, as
 * asked.
 */
export function summary({ plan, result, before, view }: Outcome): string | undefined {
  const ofYear = view.placed - view.throughApi;
  const earlier = before.placed - before.throughApi;
  const elsewhere = ofYear - earlier - result.placed;
  if (view.placed === result.placed) return undefined;
  const parts = [
    `${result.placed} orders placed now`,
    `${earlier} earlier`,
    ...(elsewhere > 0 ? [`${elsewhere} by another process`] : []),
    ...(view.throughApi > 0 ? [`${view.throughApi} through the API`] : []),
  ];
  const asked = plan.orders.length;
  const more = ofYear > asked ? `; of the year, --orders ${asked} asks for the first ${asked} only` : "";
  return `${parts.join(", ")}${more}.`;
}

/** The line at the first Ctrl-C. */
export function stoppingText(inFlight: number): string {
  return `Stopping, with orders under way (${inFlight}): those that need not wait come to their end first; Ctrl-C again stops at once.`;
}

/** The last line of a run that was stopped. */
export function stoppedText(
  { placed, inFlight }: BoardView,
  { options, isComplete }: { readonly options: Options; readonly isComplete: boolean },
): string {
  const counts = `Stopped with ${placed} orders placed and ${inFlight} under way`;
  const command = commandOf(options);
  if (inFlight > 0) {
    return `${counts}, which wait for a retry, a late answer or the database and go on at the next start. Run ${command} to go on from there.`;
  }
  if (isComplete) return `${counts}: all that was asked for is done.`;
  return `${counts}. Run ${command} to go on from there.`;
}

/** The command that goes on where a run stopped: with the same place, and without a password. */
function commandOf({ database, orders, rate, port }: Options): string {
  const { url, dataFolder, isFromEnvironment } = database;
  const given = [
    `--orders ${orders}`,
    `--rate ${rate === "max" ? "max" : `${rate}/s`}`,
    ...(dataFolder === defaults.dataFolder ? [] : [`--data-folder ${quoted(dataFolder)}`]),
    ...(url === undefined || isFromEnvironment ? [] : [`--database ${quoted(withoutPassword(url))}`]),
    ...(String(port) === defaults.port ? [] : [`--port ${port}`]),
  ];
  return `npm start -- ${given.join(" ")}`;
}

/** The driver takes a password before the host and among the parameters. */
function withoutPassword(url: string): string {
  const safe = new URL(url);
  safe.password = "";
  for (const name of [...safe.searchParams.keys()].filter((key) => /password/i.test(key))) {
    safe.searchParams.delete(name);
  }
  return safe.href;
}

/** Quoted as one word for a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
