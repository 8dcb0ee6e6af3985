// The number of parked messages of one lane: counted now and then, followed in between, and logged when it is
// large.
import type { Ambient } from "../../ambient/ambient.ts";
import type { ParkedReader } from "../../store/store.ts";
import type { Limits } from "../message/limits.ts";
import { type Census, noneParked, type Parking } from "./parking.ts";

/** What a count is made of. */
export interface ParkedCountOptions {
  readonly store: ParkedReader;
  readonly lane: number;
  readonly participant: string;
  readonly ambient: Ambient;
  readonly limits: Limits;
}

/** The count of one lane, over all the times that it is opened. */
export class ParkedCount {
  readonly #options: ParkedCountOptions;
  #last: Census = noneParked;
  #countedAt = Number.NEGATIVE_INFINITY;
  #isStale = true;
  #isOverfull = false;

  constructor(options: ParkedCountOptions) {
    this.#options = options;
  }

  /** As last known. */
  get last(): Census {
    return this.#last;
  }

  /** Keeps the last count of a lane that is given up. */
  keep(parking: Parking): void {
    this.#last = parking.census();
    this.#isStale = true;
  }

  /** Whether it is to be counted again. */
  isWanted(parking: Parking): boolean {
    return this.#isStale && !parking.isEmpty;
  }

  /**
   * Counts again where another process may have changed something. That reads all that is parked, so a lane
   * that is overtaken again and again is counted now and then.
   */
  async renew(parking: Parking): Promise<void> {
    const { store, lane, ambient, limits } = this.#options;
    if (!this.isWanted(parking)) return;
    const now = ambient.clock.steady();
    this.#isStale = now - this.#countedAt < limits.renewMs;
    if (this.#isStale) return;
    this.#countedAt = now;
    const counted = await store.parkedCensus(lane);
    const of = (reason: keyof Census): number => counted.get(reason) ?? 0;
    parking.count({
      deferred: of("deferred"),
      retrying: of("retrying"),
      waiting: of("waiting"),
      dead: of("dead"),
    });
  }

  /** Logs once that many messages are parked, and again after the number has been lower. */
  warn(parking: Parking): void {
    const { limits, ambient, participant } = this.#options;
    const { deferred, retrying, waiting, dead } = parking.census();
    const isOverfull = deferred + retrying + waiting + dead >= limits.parkedMax;
    if (isOverfull && !this.#isOverfull) {
      const message = `${limits.parkedMax} messages and more are parked. Fix the cause, then redrive or discard them.`;
      ambient.log({ level: "warn", code: "Q_PARKED_FULL", message, participant });
    }
    this.#isOverfull = isOverfull;
  }
}
