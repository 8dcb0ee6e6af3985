// A replay in stepped time. Orders of one day run together, each at its own time; time is moved on to the
// next day when everything of the one before is over.
import type { Agenda } from "./agenda.ts";
import type { Lapse } from "./lapse.ts";
import { placedMs } from "./orders-time.ts";
import type { ReplayPlan, ReplayResult } from "./replay.ts";
import type { ReplayOrder, ReplayPlace } from "./replay-place.ts";
import { Sender } from "./sender.ts";

/** What it needs of the place. */
export interface SteppedPlace extends Pick<ReplayPlace, "placedBefore" | "place" | "patience"> {
  readonly agenda: Agenda;
  readonly lapse: Lapse;
  /** Moves business time on, stopping at deadlines, each time when nothing is pending. */
  readonly moveTo: (at: number) => Promise<void>;
  /** What is done at the end of each day, when its orders are over. */
  readonly endDay: () => Promise<void>;
  /** Resolves when nothing is pending, so that a script that still waits would wait for ever. */
  readonly idle: (signal: AbortSignal) => Promise<void>;
}

/** What is done together before time is moved. */
export type Together = "day" | "moment";

const dayMs = 86_400_000;

/**
 * Runs until all orders are placed and all scripts are over, or `signal` aborts. Orders and steps of a script
 * whose times are in one day (of UTC) are done in waves: each script has one step in a wave, the earliest
 * first; scripts that share something are one line in the agenda, of which one goes at a time. By "moment",
 * time is moved to every step: the journals are the same, saga by saga. Rejects with the first error.
 */
export async function steppedReplay(
  place: SteppedPlace,
  { orders, inFlightMax }: Pick<ReplayPlan, "orders" | "inFlightMax">,
  { signal, together }: { readonly signal: AbortSignal; readonly together: Together },
): Promise<ReplayResult> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const { agenda, lapse } = place;
  const sender = new Sender(place, stop, (error) => failed.abort(error));
  let next = 0;
  let midnight = Number.POSITIVE_INFINITY;
  while (!stop.aborted) {
    const from = Math.min(agenda.earliest, timeOf(orders[next]));
    if (from === Number.POSITIVE_INFINITY) break;
    if (from >= midnight) await place.endDay();
    midnight = midnightAfter(from);
    await lapse.until(from);
    await place.moveTo(from);
    const end = together === "day" ? midnight : from + 1;
    const first = next;
    while (timeOf(orders[next]) < end) next += 1;
    await begin(orders.slice(first, next), { place, sender, stop });
    while (!stop.aborted && agenda.earliest < end) {
      await lapse.until(agenda.earliest);
      agenda.release(Math.min(end, lapse.now() + 1), inFlightMax);
      await atRest(place, stop);
    }
  }
  await sender.below(1);
  if (!stop.aborted && Number.isFinite(agenda.latest)) await place.moveTo(agenda.latest);
  if (failed.signal.aborted) throw failed.signal.reason;
  return { placed: sender.placed, skipped: sender.skipped };
}

/** When the day (of UTC) ends. */
function midnightAfter(at: number): number {
  return (Math.floor(at / dayMs) + 1) * dayMs;
}

/** When the order is placed, and never where there is none. */
function timeOf(order: ReplayOrder | undefined): number {
  return order === undefined ? Number.POSITIVE_INFINITY : placedMs(order);
}

/** Lets those wait for their time that were not placed before. */
async function begin(
  orders: readonly ReplayOrder[],
  {
    place,
    sender,
    stop,
  }: { readonly place: SteppedPlace; readonly sender: Sender; readonly stop: AbortSignal },
): Promise<void> {
  if (orders.length === 0) return;
  const { agenda } = place;
  const before = await place.patience(
    () => place.placedBefore(orders.map(({ reference }) => reference)),
    stop,
  );
  if (before === undefined) return;
  sender.skipped += before.size;
  for (const order of orders.filter(({ reference }) => !before.has(reference))) {
    void agenda.work(async () => {
      await agenda.until(placedMs(order), order.reference);
      if (!stop.aborted) await sender.send(order);
    });
  }
}

/**
 * Waits until every script waits for its time; one that still does not when nothing is pending is left as it
 * is.
 */
async function atRest({ agenda, idle }: SteppedPlace, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  const quiet = agenda.quiet();
  const stuck = async (): Promise<void> => {
    // Between two of its steps a script has nothing pending for a moment: it has many turns to go on.
    for (let looks = 0; looks < stuckLooks && !over.signal.aborted; looks += 1) {
      await idle(AbortSignal.any([stop, over.signal]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.race([quiet, stuck()]);
  over.abort();
}

/** Turns of the event loop without anything pending after which a script is taken for stuck. */
const stuckLooks = 1_000;
