// Places the data set's orders, one after another at the wanted rate, leaving out those that were placed before.
import type { OrderRequest } from "../order/events.ts";
import { dueMs, type Rate } from "./pace.ts";
import { isLaterDay } from "./orders-time.ts";
import type { Patience } from "./patience.ts";

/** How many orders are looked up at once. */
const chunkOrders = 500;

/** What a replay needs of the place. */
export interface ReplayPlace {
  /** The data set's numbers among these under which an order was placed already. */
  placedBefore(references: readonly string[]): Promise<ReadonlySet<string>>;
  /** Places an order; resolves when it is taken, with whether it is a new one. A repeat has no second effect. */
  place(order: ReplayOrder): Promise<boolean>;
  /** Resolves once fewer than `count` sagas are in flight. */
  below(count: number, signal: AbortSignal): Promise<void>;
  /** Moves business time on to an order of a later day, where it is stepped; called when nothing is in flight. */
  readonly moveTo?: (order: ReplayOrder) => Promise<void>;
  /** Repeats calls that fail with a retryable error. */
  readonly patience: Patience;
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
 * Runs until all orders are placed or `signal` aborts; what was sent by then is the engine's. Rejects with the first error
 * of an order that could not be placed.
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
  let last: ReplayOrder | undefined;
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
      if (isLaterDay(order, last)) await nextDay(place, sender, { order, stop });
      if (stop.aborted) break;
      sender.send(order);
      last = order;
      sent += 1;
    }
  }
  await sender.below(1);
  if (failed.signal.aborted) throw failed.signal.reason;
  return { placed: sender.placed, skipped: sender.skipped };
}

/** Where time is stepped, a day begins when everything of the one before is over. */
async function nextDay(
  place: ReplayPlace,
  sender: Sender,
  { order, stop }: { readonly order: ReplayOrder; readonly stop: AbortSignal },
): Promise<void> {
  if (place.moveTo === undefined) return;
  await sender.below(1);
  await place.below(1, stop);
  if (!stop.aborted) await place.moveTo(order);
}

/** The orders that are being sent, each until it is taken. */
class Sender {
  placed = 0;
  skipped = 0;
  readonly #place: ReplayPlace;
  readonly #stop: AbortSignal;
  readonly #fail: (error: unknown) => void;
  readonly #sending = new Set<Promise<void>>();
  readonly #stopped: Promise<void>;

  constructor(place: ReplayPlace, stop: AbortSignal, fail: (error: unknown) => void) {
    this.#place = place;
    this.#stop = stop;
    this.#fail = fail;
    this.#stopped = aborted(stop);
  }

  send(order: ReplayOrder): void {
    const sent = this.#send(order).catch(this.#fail);
    this.#sending.add(sent);
    void sent.finally(() => this.#sending.delete(sent));
  }

  /** Resolves once fewer than `count` are being sent, or at the stop: the database may be away for long then. */
  async below(count: number): Promise<void> {
    while (this.#sending.size >= count && !this.#stop.aborted) {
      await Promise.race([this.#stopped, ...this.#sending]);
    }
  }

  async #send(order: ReplayOrder): Promise<void> {
    let attempts = 0;
    const isNew = await this.#place.patience(() => {
      attempts += 1;
      return this.#place.place(order);
    }, this.#stop);
    if (isNew === undefined) return;
    // After an error it is unknown whether the order was taken; where the repeat finds it, it was.
    if (isNew || attempts > 1) this.placed += 1;
    else this.skipped += 1;
  }
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
}
