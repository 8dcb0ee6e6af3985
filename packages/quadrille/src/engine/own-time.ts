// An engine's business time: moved if it is stepped, announced to other processes, and followed if another
// process moves it.
import type { BusinessClock, Clock } from "../ambient/ambient.ts";
import type { System } from "../contract/system.ts";
import { wrongArgument } from "../contract/known-keys.ts";
import { kindOf } from "../contract/reading.ts";
import { QuadrilleError } from "../errors.ts";
import type { Database } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import type { KeptTime } from "./kept-time.ts";
import type { EngineTime, WaitOptions } from "./message/api.ts";
import type { Worker } from "./round/worker.ts";
import { moveTo, notStepped } from "./stepping.ts";

/** What it is made of. */
export interface OwnTimeOptions {
  readonly business: BusinessClock;
  /** Where it is not the machine's. */
  readonly kept: KeptTime | undefined;
  readonly system: System;
  readonly stores: ReadonlyMap<string, Store>;
  readonly database: Pick<Database, "look">;
  readonly clock: Clock;
  readonly lanes: number;
  readonly pollMs: number;
  /** The workers of the lanes that this process owns. */
  readonly workers: () => readonly Worker[];
  readonly idle: (signal: AbortSignal) => Promise<void>;
  /** Announces to the other processes that it has moved. */
  readonly announce: (participants: readonly string[]) => void;
  /** Aborts when the engine stops. */
  readonly stopped: AbortSignal;
}

/** The time of one engine. */
export class OwnTime implements EngineTime {
  readonly #options: OwnTimeOptions;

  constructor(options: OwnTimeOptions) {
    this.#options = options;
  }

  /** Takes business time over, where this process was given one and no other moves it. */
  async begin(): Promise<void> {
    await this.#options.kept?.own();
  }

  now(): number {
    return this.#options.business.now();
  }

  async moveTo(at: number, { signal }: WaitOptions = {}): Promise<void> {
    if (!isTime(at)) throw wrongArgument(`moveTo takes a time in milliseconds since 1970, not ${kindOf(at)}`);
    const { system, workers, lanes, announce, stopped } = this.#options;
    const owns = (participant: string, lane: number): boolean =>
      workers().some((worker) => worker.participant === participant && worker.lane === lane);
    const participants = system.parts.map(({ table }) => table.name);
    const stepping = {
      ...this.#options,
      owns,
      isRetrying: () => workers().some((worker) => worker.status().parked.retrying > 0),
      deadlineAt: () => Math.min(...workers().map(({ deadlineAt }) => deadlineAt)),
      onMoved: () => {
        this.#wake();
        if (workers().length < participants.length * lanes) announce(participants);
      },
    };
    await moveTo(stepping, at, signal === undefined ? stopped : AbortSignal.any([signal, stopped]));
  }

  /** Throws `Q_TIME_NOT_STEPPED` or `Q_PAYLOAD_INVALID` for a time that a command cannot be sent for. */
  checkSentFor(command: string, at: number | undefined): void {
    if (at === undefined) return;
    if (this.#options.kept?.kind !== "stepped")
      throw notStepped(this.#options.kept, `${command} cannot be sent for another time`);
    if (isTime(at)) return;
    throw new QuadrilleError(
      "Q_PAYLOAD_INVALID",
      `${command} was sent at ${at}: a time in milliseconds since 1970 is expected.`,
    );
  }

  /**
   * Looks where it stands while another process moves it, and goes on with a lapse when that process is gone.
   */
  async follow(): Promise<void> {
    const { clock, kept, pollMs, stopped } = this.#options;
    if (kept === undefined) return;
    while (!stopped.aborted) {
      await clock.sleep(pollMs, stopped);
      if (stopped.aborted) return;
      if (kept.isOwn) {
        await kept.beat();
        continue;
      }
      await this.#renew(kept);
      if (kept.given?.kind === "lapse") await kept.own().catch(() => false);
    }
  }

  /** A notice of another process has come: it may have moved time. */
  hear(): void {
    const { kept } = this.#options;
    if (kept?.isOwn === false) void this.#renew(kept);
  }

  /** Writes down where it stands. */
  async end(): Promise<void> {
    await this.#options.kept?.stop();
  }

  async #renew(kept: KeptTime): Promise<void> {
    if (await kept.renew()) this.#wake();
  }

  #wake(): void {
    for (const worker of this.#options.workers()) worker.inputs.timeMoved();
  }
}

/** Whether it is a time, whatever a caller without types has given. */
function isTime(at: number): boolean {
  return Number.isSafeInteger(at) && at >= 0;
}
