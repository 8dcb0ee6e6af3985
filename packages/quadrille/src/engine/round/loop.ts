// The loop of the participants that share a lane number and a database in this process: they work in rounds, as long as
// they are well. One in trouble works alone until it is well again, so that it holds up no other worker.
import type { Ambient } from "../../ambient/ambient.ts";
import { bell, type Bell } from "./bell.ts";
import type { Limits } from "../message/limits.ts";
import { backoffMs } from "../lane/parking.ts";
import { Round, type RoundOptions } from "./round.ts";
import type { Worker } from "./worker.ts";

/** What a loop is made of. */
export interface LoopOptions extends RoundOptions {
  readonly workers: readonly Worker[];
  readonly ambient: Ambient;
  readonly limits: Limits;
  /** Called when nothing is pending. */
  readonly onRest: () => void;
}

/** Works until it is stopped. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #bell: Bell;
  /** The workers in trouble, each with what it does about it. */
  readonly #alone = new Map<Worker, Promise<void>>();
  #resting = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#bell = bell(options.ambient.clock);
    for (const worker of options.workers) worker.onWork(() => this.#wake());
  }

  /** Nothing pending, nothing under way. */
  get idle(): boolean {
    const { workers } = this.#options;
    return this.#resting && this.#alone.size === 0 && workers.every((worker) => worker.isCaughtUp);
  }

  /** Works until `stop` aborts, then ends the present round and the activities. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const workers = this.#options.workers.filter((worker) => !this.#alone.has(worker));
      const { hasWorked, failed } = await new Round(workers, this.#options).run();
      for (const worker of failed) this.#setApart(worker, stop);
      if (!hasWorked && !stop.aborted) await this.#rest(workers, stop);
    }
    await Promise.all(this.#alone.values());
    await Promise.all(this.#options.workers.map((worker) => worker.stop()));
  }

  #wake(): void {
    this.#resting = false;
    this.#bell.ring();
  }

  #setApart(worker: Worker, stop: AbortSignal): void {
    this.#alone.set(worker, this.#workAlone(worker, stop));
  }

  /** Until a round goes well: the first one at once, the others after pauses. It never rejects, as rounds do not. */
  async #workAlone(worker: Worker, stop: AbortSignal): Promise<void> {
    // Not before it is noted who is alone.
    await Promise.resolve();
    for (let failures = 1; !stop.aborted; ) {
      const { failed, hasWorked, isNarrowed } = await new Round([worker], this.#options).run();
      if (failed.length === 0 && !(hasWorked && worker.isNarrow)) break;
      if (failed.length === 0 || isNarrowed === true) continue;
      await this.#pause(failures, stop);
      failures += 1;
    }
    this.#alone.delete(worker);
    this.#wake();
  }

  /** Two processes on one lane overtake each other: each steps aside for another while. */
  async #pause(failures: number, stop: AbortSignal): Promise<void> {
    const { ambient, limits } = this.#options;
    const limited = { ...limits, backoffMsMax: limits.pauseMsMax };
    await ambient.clock.sleep(
      backoffMs(limited, failures, () => ambient.random()),
      stop,
    );
  }

  async #rest(workers: readonly Worker[], stop: AbortSignal): Promise<void> {
    const { ambient, limits, onRest } = this.#options;
    this.#resting = true;
    onRest();
    const now = ambient.clock.now();
    const untilDue = workers.map((worker) => worker.nextDue() - now);
    await this.#bell.wait(Math.max(0, Math.min(limits.pollMs, ...untilDue)), stop);
    this.#resting = false;
  }
}
