// What a replay needs of the place, and an order of the data set.
import type { OrderRequest } from "../events/order.ts";
import type { Patience } from "./patience.ts";

/** What a replay needs of the place. */
export interface ReplayPlace {
  /** The data set's numbers among these under which an order was placed already. */
  placedBefore(references: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Places an order; resolves when it is taken, with whether it is a new one. A repeat has no second effect.
   */
  place(order: ReplayOrder): Promise<boolean>;
  /** Resolves once fewer than `count` sagas are in flight. */
  below(count: number, signal: AbortSignal): Promise<void>;
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

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}
