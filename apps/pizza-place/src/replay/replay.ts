// Places the data set's orders, one after another at the wanted rate, leaving out those that were placed
// before.
import { dueMs, type Rate } from "./pace.ts";
import type { ReplayOrder, ReplayPlace } from "./replay-place.ts";
import { Sender } from "./sender.ts";

/** How many orders are looked up at once. */
const chunkOrders = 500;

/** Orders in the order of their times, and the speed. */
export interface ReplayPlan {
  readonly orders: readonly ReplayOrder[];
  readonly rate: Rate;
  /** Sagas in flight at which the replay waits, and also orders sent at once. */
  readonly inFlightMax: number;
}

/** How it went. */
export interface ReplayResult {
  /** Orders placed now. */
  readonly placed: number;
  /** Orders that had been placed before, or by another process meanwhile. */
  readonly skipped: number;
}

/**
 * Runs until all orders are placed or `signal` aborts; what was sent by then is the engine's. Rejects with
 * the first error of an order that could not be placed.
 */
export async function replay(
  place: ReplayPlace,
  plan: ReplayPlan,
  signal: AbortSignal,
): Promise<ReplayResult> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const sender = new Sender(place, stop, (error) => failed.abort(error));
  const began = place.clock.steady();
  let sent = 0;
  for (const chunk of chunksOf(plan.orders, chunkOrders)) {
    const before = await place.patience(
      () => place.placedBefore(chunk.map(({ reference }) => reference)),
      stop,
    );
    if (before === undefined) break;
    sender.skipped += before.size;
    for (const order of chunk.filter(({ reference }) => !before.has(reference))) {
      const waitMs = began + dueMs(plan.rate, sent) - place.clock.steady();
      if (waitMs > 0) await place.clock.sleep(waitMs, stop);
      await sender.below(plan.inFlightMax);
      await place.below(plan.inFlightMax, stop);
      if (stop.aborted) break;
      void sender.send(order);
      sent += 1;
    }
  }
  await sender.below(1);
  if (failed.signal.aborted) throw failed.signal.reason;
  return { placed: sender.placed, skipped: sender.skipped };
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
}
