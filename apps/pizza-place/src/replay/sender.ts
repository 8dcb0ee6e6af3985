// Orders on their way to the place, counted as they are taken.
import { aborted, type ReplayOrder, type ReplayPlace } from "./replay-place.ts";

/** The orders that are being sent, each until it is taken. */
export class Sender {
  placed = 0;
  skipped = 0;
  readonly #place: Pick<ReplayPlace, "place" | "patience">;
  readonly #stop: AbortSignal;
  readonly #fail: (error: unknown) => void;
  readonly #sending = new Set<Promise<void>>();
  readonly #stopped: Promise<void>;

  constructor(
    place: Pick<ReplayPlace, "place" | "patience">,
    stop: AbortSignal,
    fail: (error: unknown) => void,
  ) {
    this.#place = place;
    this.#stop = stop;
    this.#fail = fail;
    this.#stopped = aborted(stop);
  }

  /** Resolves when it is taken, or has failed and the failure was reported. */
  send(order: ReplayOrder): Promise<void> {
    const sent = this.#send(order).catch(this.#fail);
    this.#sending.add(sent);
    void sent.finally(() => this.#sending.delete(sent));
    return sent;
  }

  /**
   * Resolves once fewer than `count` are being sent, or at the stop: the database may be away for long then.
   */
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
