// The loop of a process's participants in one database, with all their lanes: they work in rounds. A worker
// in trouble works alone until it succeeds again, so that it blocks no other worker.
import type { Ambient } from "../../ambient/ambient.ts";
import { bell, type Bell } from "./bell.ts";
import type { Limits } from "../message/limits.ts";
import { backoffMs } from "../lane/parking.ts";
import { Round, type RoundOptions } from "./round.ts";
import type { Worker } from "./worker.ts";

/** What a loop is made of. */
export interface LoopOptions extends RoundOptions {
  readonly ambient: Ambient;
  readonly limits: Limits;
  /** Called when nothing is pending. */
  readonly onRest: () => void;
}

/** Works until it is stopped. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #bell: Bell;
  readonly #workers = new Set<Worker>();
  /** Workers that leave, each with a callback for when it is in no round. */
  readonly #leaving = new Map<Worker, () => void>();
  /** The workers in trouble, each with its recovery. */
  readonly #alone = new Map<Worker, Promise<void>>();
  #resting = false;
  #hasEnded = false;
  /** The lane after which there was last no more room. */
  #fullLane: number | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#bell = bell(options.ambient.clock);
  }

  /** Lets a worker take part, from the next round on. */
  add(worker: Worker): void {
    this.#workers.add(worker);
    worker.onWork(() => this.#wake());
    this.#wake();
  }

  /** Lets a worker take part no more. Resolves when it is in no round. */
  remove(worker: Worker): Promise<void> {
    if (!this.#workers.has(worker)) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#leaving.get(worker);
    this.#leaving.set(worker, () => {
      before?.();
      resolve();
    });
    if (this.#hasEnded) this.#letLeave();
    this.#wake();
    return promise;
  }

  /** Whether nothing is pending or under way. */
  get idle(): boolean {
    const isCaughtUp = this.#workers.values().every((worker) => worker.isCaughtUp);
    return isCaughtUp && this.#alone.size === 0 && (this.#resting || this.#workers.size === 0);
  }

  /** Works until `stop` aborts, then ends the present round and the activities. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      this.#letLeave();
      const workers = [...this.#workers].filter((worker) => !this.#alone.has(worker));
      const { hasWorked, failed, fullLane } = await new Round(workers, this.#options, this.#fullLane).run();
      this.#fullLane = fullLane ?? this.#fullLane;
      for (const worker of failed) this.#setApart(worker, stop);
      if (!hasWorked && !stop.aborted) await this.#rest(workers, stop);
    }
    await Promise.all(this.#alone.values());
    this.#hasEnded = true;
    this.#letLeave();
    await Promise.all(Array.from(this.#workers, (worker) => worker.leaving.stop()));
  }

  /** Between rounds. */
  #letLeave(): void {
    for (const [worker, left] of this.#leaving) {
      if (this.#alone.has(worker)) continue;
      this.#leaving.delete(worker);
      this.#workers.delete(worker);
      left();
    }
  }

  #wake(): void {
    this.#resting = false;
    this.#bell.ring();
  }

  #setApart(worker: Worker, stop: AbortSignal): void {
    this.#alone.set(worker, this.#workAlone(worker, stop));
  }

  /**
   * Runs until a round succeeds: the first one at once, the others after pauses. Like rounds, it never
   * rejects.
   */
  async #workAlone(worker: Worker, stop: AbortSignal): Promise<void> {
    // Not before it is noted who is alone.
    await Promise.resolve();
    for (let failures = 1; !stop.aborted && !this.#leaving.has(worker); ) {
      const { failed, hasWorked, isNarrowed } = await new Round([worker], this.#options).run();
      if (failed.length === 0 && !(hasWorked && worker.isNarrow)) break;
      if (failed.length === 0 || isNarrowed === true) continue;
      await this.#pause(failures, stop);
      failures += 1;
    }
    this.#alone.delete(worker);
    this.#wake();
  }

  /** Two processes on one lane overtake each other, so each waits for a different time. */
  async #pause(failures: number, stop: AbortSignal): Promise<void> {
    const { ambient, limits } = this.#options;
    const limited = { ...limits, backoffMsMax: limits.pauseMsMax };
    await ambient.clock.sleep(
      backoffMs(limited, failures, () => ambient.random()),
      stop,
    );
  }

  async #rest(workers: readonly Worker[], stop: AbortSignal): Promise<void> {
    const { limits, onRest } = this.#options;
    this.#resting = true;
    onRest();
    const untilDue = workers.map((worker) => worker.untilDueMs());
    await this.#bell.wait(Math.max(0, Math.min(limits.pollMs, ...untilDue)), stop);
    this.#resting = false;
  }
}
