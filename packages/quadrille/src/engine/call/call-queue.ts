// The calls of one activity in this process, of all lanes. They start in order of arrival, as many at once as
// the limit and the circuit breaker allow. A call counts until it has ended, even past its time limit.
import type { Ambient } from "../../ambient/ambient.ts";
import type { Outage } from "../message/api.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import type { Running } from "./running.ts";
import type { Limits } from "../message/limits.ts";
import { printable } from "../lane/parked-log.ts";
import { backoffMs } from "../lane/parking.ts";

/** A call that waits to be made. */
export interface QueuedCall {
  readonly id: string;
  readonly lane: number;
  /** Asked when its turn comes: a call that is no longer wanted is dropped. */
  readonly isWanted: () => boolean;
  /** Makes it. Called once at most. */
  readonly make: (turn: Turn) => void;
}

/** The events of a call under way. */
export interface Turn {
  /** The other side answered, possibly with a refusal; or, with a failure, it did not answer in time. */
  answered(failure: string | undefined): void;
  /** Nothing of it is under way any more. */
  ended(): void;
}

/** What a queue is made of. */
export interface CallQueueOptions {
  readonly participant: string;
  readonly activity: string;
  readonly limits: Limits;
  readonly ambient: Ambient;
}

/** The queues of a participant's activities, each made when it is asked for. */
export class CallQueues {
  readonly #options: Omit<CallQueueOptions, "activity">;
  readonly #queues = new Map<string, CallQueue>();
  readonly #running = new Map<number, Map<string, Running>>();

  constructor(options: Omit<CallQueueOptions, "activity">) {
    this.#options = options;
  }

  of(activity: string): CallQueue {
    const queue = this.#queues.get(activity) ?? new CallQueue({ ...this.#options, activity });
    this.#queues.set(activity, queue);
    return queue;
  }

  /** The attempts of a lane that have not ended, by the call's id; they outlive a lane that is given up. */
  runningIn(lane: number): Map<string, Running> {
    const running = this.#running.get(lane) ?? new Map<string, Running>();
    this.#running.set(lane, running);
    return running;
  }

  /** A call is not made again: it was given up, or the state that asked for it was left. */
  over(activity: string, id: string): void {
    this.#queues.get(activity)?.over(id);
  }

  /** The lane's calls are not made again here. */
  leaveLane(lane: number): void {
    for (const queue of this.#queues.values()) queue.leaveLane(lane);
  }

  outages(): readonly Outage[] {
    return [...this.#queues].flatMap(([activity, { outage, waiting }]) =>
      outage === undefined ? [] : [{ activity, error: outage, waiting }],
    );
  }
}

/**
 * The number of calls that wait in memory for each one that may be under way; others are found in the store
 * later.
 */
const waitingPerRunning = 32;

/** The queue of one activity. */
export class CallQueue {
  readonly #options: CallQueueOptions;
  readonly #breaker: CircuitBreaker;
  readonly #queue = new Map<string, QueuedCall>();
  /** Calls that have failed since one worked and are to be made again, with their lanes. */
  readonly #failing = new Map<string, number>();
  #running = 0;
  /** Those of the breaker's present generation. */
  #runningNow = 0;
  /** By the steady clock: no call starts before. */
  #pausedUntil = 0;
  #pause: AbortController | undefined;
  #outage: string | undefined;

  constructor(options: CallQueueOptions) {
    const { activitiesRunningMax, outageFailures } = options.limits;
    this.#options = options;
    this.#breaker = new CircuitBreaker({ widthMax: activitiesRunningMax, failuresMax: outageFailures });
  }

  get isFull(): boolean {
    return this.#queue.size >= this.#options.limits.activitiesRunningMax * waitingPerRunning;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Calls that have not ended. */
  get running(): number {
    return this.#running;
  }

  /** Why calls fail, while one tries and the others wait. It is over, too, when there is none to be made. */
  get outage(): string | undefined {
    return this.#queue.size + this.#running + this.#failing.size === 0 ? undefined : this.#outage;
  }

  has(id: string): boolean {
    return this.#queue.has(id);
  }

  enter(call: QueuedCall): void {
    this.#queue.set(call.id, call);
    this.#next();
  }

  leave(id: string): void {
    this.#queue.delete(id);
    if (this.#queue.size === 0) this.#pause?.abort("no call waits");
  }

  over(id: string): void {
    this.#failing.delete(id);
  }

  leaveLane(lane: number): void {
    for (const [id, itsLane] of this.#failing) if (itsLane === lane) this.#failing.delete(id);
  }

  #next(): void {
    for (const call of this.#queue.values()) {
      if (!this.#hasRoom()) return;
      this.#queue.delete(call.id);
      if (call.isWanted()) this.#make(call);
    }
  }

  #hasRoom(): boolean {
    const left = this.#pausedUntil - this.#options.ambient.clock.steady();
    if (left > 0) {
      if (this.#pause === undefined) void this.#wait(left);
      return false;
    }
    return (
      this.#running < this.#options.limits.activitiesRunningMax && this.#runningNow < this.#breaker.width
    );
  }

  #make(call: QueuedCall): void {
    const { generation } = this.#breaker;
    this.#running += 1;
    this.#runningNow += 1;
    call.make({
      answered: (failure) => {
        if (failure === undefined) this.#succeeded();
        else this.#failed(call, generation, failure);
        this.#next();
      },
      ended: () => {
        this.#running -= 1;
        if (generation === this.#breaker.generation) this.#runningNow -= 1;
        this.#next();
      },
    });
  }

  #failed({ id, lane }: QueuedCall, generation: number, failure: string): void {
    this.#failing.set(id, lane);
    if (this.#breaker.failed(id, generation)) this.#open(failure);
  }

  #open(failure: string): void {
    const { ambient, limits } = this.#options;
    this.#runningNow = 0;
    const paced = { ...limits, backoffMsMax: limits.probeMsMax };
    this.#pausedUntil =
      ambient.clock.steady() + backoffMs(paced, this.#breaker.failedProbes, () => ambient.random());
    if (this.#outage === undefined) {
      this.#log(
        "warn",
        `seems to be away: ${sentence(failure)} One call tries, the others wait in their order.`,
      );
    }
    this.#outage = failure;
  }

  #succeeded(): void {
    this.#breaker.succeeded();
    this.#failing.clear();
    this.#pausedUntil = 0;
    this.#pause?.abort("it works again");
    if (this.#outage === undefined) return;
    this.#outage = undefined;
    this.#log("info", `works again; ${this.#queue.size} calls have waited for it.`);
  }

  async #wait(delayMs: number): Promise<void> {
    const pause = new AbortController();
    this.#pause = pause;
    await this.#options.ambient.clock.sleep(delayMs, pause.signal);
    this.#pause = undefined;
    this.#next();
  }

  #log(level: "warn" | "info", what: string): void {
    const { ambient, participant, activity } = this.#options;
    const message = `What ${activity} calls ${what}`;
    ambient.log({ level, message, participant, ...(level === "warn" ? { code: "Q_ACTIVITY_FAILED" } : {}) });
  }
}

function sentence(text: string): string {
  return printable(/[.!?]$/.test(text) ? text : `${text}.`);
}
