// Places the data set's orders, one after another at the wanted rate, leaving out those that were placed before.
import type { OrderRequest } from "../order/events.ts";
import { dueMs, type Rate } from "./pace.ts";

/** How many orders are looked up at once. */
const chunkOrders = 500;
/** How long to wait when the place says that it is overloaded. */
const overloadMs = 50;

/** What a replay needs of the place. */
export interface ReplayPlace {
  /** The data set's numbers among these under which an order was placed already. */
  placedBefore(references: readonly string[]): Promise<ReadonlySet<string>>;
  /** Places an order; resolves when it is taken. Rejects with code `Q_OVERLOADED` when it should come again later. */
  place(order: ReplayOrder): Promise<void>;
  /** Resolves once fewer than `count` sagas are in flight. */
  below(count: number, signal: AbortSignal): Promise<void>;
  readonly clock: ReplayClock;
}

/** An order of the data set: it has the data set's number. */
export type ReplayOrder = OrderRequest & { readonly reference: string };

/** The clock's part that a replay needs. */
export interface ReplayClock {
  steady(): number;
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** What to replay and how. */
export interface ReplayPlan {
  readonly orders: readonly ReplayOrder[];
  readonly rate: Rate;
  /** Sagas in flight at which the replay waits. */
  readonly inFlightMax: number;
}

/** How it went. */
export interface ReplayResult {
  /** Orders placed now. */
  readonly placed: number;
  /** Orders that had been placed before. */
  readonly skipped: number;
}

/** Runs until all orders are placed or `signal` aborts. Rejects with the first error of an order that could not be placed. */
export async function replay(
  place: ReplayPlace,
  plan: ReplayPlan,
  signal: AbortSignal,
): Promise<ReplayResult> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const sending = new Set<Promise<void>>();
  const began = place.clock.steady();
  let placed = 0;
  let skipped = 0;

  const send = (order: ReplayOrder): void => {
    const sent = placeWithPatience(place, order, stop).catch((error: unknown) => failed.abort(error));
    sending.add(sent);
    void sent.finally(() => sending.delete(sent));
  };
  for (const chunk of chunksOf(plan.orders, chunkOrders)) {
    if (stop.aborted) break;
    const before = await place.placedBefore(chunk.map(({ reference }) => reference));
    skipped += before.size;
    for (const order of chunk.filter(({ reference }) => !before.has(reference))) {
      const waitMs = began + dueMs(plan.rate, placed) - place.clock.steady();
      if (waitMs > 0) await place.clock.sleep(waitMs, stop);
      await place.below(plan.inFlightMax, stop);
      if (stop.aborted) break;
      send(order);
      placed += 1;
    }
  }
  await Promise.all(sending);
  if (failed.signal.aborted) throw failed.signal.reason;
  return { placed, skipped };
}

async function placeWithPatience(place: ReplayPlace, order: ReplayOrder, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await place.place(order);
    } catch (error) {
      if (!isOverloaded(error)) throw error;
      await place.clock.sleep(overloadMs, signal);
    }
  }
}

function isOverloaded(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "Q_OVERLOADED";
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
}
