// The calls to the outside world of one lane, outside any transaction. A call is named by its entity and the
// version at which the state was entered, so that every attempt, also after a crash, has one id. Its attempts
// never overlap.
import type { Ambient } from "../../ambient/ambient.ts";
import type { RunnableActivity } from "../../contract/handler.ts";
import { isQuadrilleError, QuadrilleError, thrownText } from "../../errors.ts";
import type { EntityRecord, ParkedError } from "../../store/records.ts";
import type { CallQueues, Turn } from "./call-queue.ts";
import type { CallResult, Running } from "./running.ts";
import { callId } from "../lane/deadlines-and-calls.ts";
import { weigh } from "../message/weigh.ts";

/** A call that came back, in time or not. */
export interface Returned {
  readonly id: string;
  readonly entity: EntityRecord;
  readonly activity: string;
  readonly attempt: number;
  readonly result: CallResult;
}

/** What the runner is made of. */
export interface ActivitiesOptions {
  readonly participant: string;
  readonly activities: ReadonlyMap<string, RunnableActivity>;
  /** The queues of the participant's activities, shared by its lanes. */
  readonly queues: CallQueues;
  readonly lane: number;
  /** The approximate bytes of entities kept for their calls; calls beyond it are found in the store later. */
  readonly bytesMax: number;
  readonly timeLimitMs: (activity: string) => number;
  /** The entity's data as the contract has them now. Throws where they cannot be read. */
  readonly dataOf: (entity: EntityRecord) => unknown;
  readonly ambient: Ambient;
  /** Called when a call has come back and `takeReturned` has something. */
  readonly onReturn: () => void;
  /** Called for a call that has worked, where the lane was given up before that could be taken. */
  readonly onLate: (late: Returned) => void;
  /** Whether the state that asks for the call was left: a call that waits for its turn is not made then. */
  readonly hasLeft: (entity: EntityRecord) => boolean;
}

/** One attempt, from its request to its result. */
interface Call {
  readonly id: string;
  readonly entity: EntityRecord;
  readonly activity: string;
  readonly attempt: number;
  /** The approximate bytes of the entity's data. */
  readonly weight: number;
}

/** The activities of one lane. */
export class Activities {
  readonly #options: ActivitiesOptions;
  /** Attempts that are wanted and have no result yet, by the call's id. */
  readonly #wished = new Map<string, Call>();
  /**
   * Attempts under way, including those past their time limit that have not ended, and those that were begun
   * before the lane was given up and came back.
   */
  readonly #running: Map<string, Running>;
  #returned = new Map<string, Returned>();
  readonly #stop = new AbortController();
  readonly #stopped = Promise.withResolvers<void>();
  /** Calls were left out because the queue was full: look into the store again when there is room. */
  #overflowed = false;
  #isHeld = false;
  /** The approximate bytes of the entities whose calls are wanted. */
  #weight = 0;

  constructor(options: ActivitiesOptions) {
    this.#options = options;
    this.#running = options.queues.runningIn(options.lane);
  }

  /** Whether no call is under way or returned. A call that waits for the end of an outage does not count. */
  get isCalm(): boolean {
    return this.#returned.size === 0 && this.#wished.values().every((call) => this.#waitsForOutage(call));
  }

  /** Calls that have not ended, including those past their time limit. */
  get running(): number {
    return this.#running.size;
  }

  /** Whether calls were left out because the queue was full. */
  get isOverflown(): boolean {
    return this.#overflowed;
  }

  /** Whether the store should be searched for calls that did not fit: there is room for them now. */
  get hasRoomAgain(): boolean {
    return this.#overflowed && this.#wished.size === 0;
  }

  /** As {@link hasRoomAgain}; asking resets it. */
  takeOverflow(): boolean {
    const search = this.hasRoomAgain;
    if (search) this.#overflowed = false;
    return search;
  }

  /** Whether calls have come back and were not taken yet. */
  get hasReturned(): boolean {
    return this.#returned.size > 0;
  }

  /** Begins no more calls. The next owner of the lane finds them by the entities' states. */
  hold(): void {
    this.#isHeld = true;
    for (const call of this.#wished.values()) {
      if (this.#running.has(call.id) && !this.#options.queues.of(call.activity).has(call.id)) continue;
      this.#options.queues.of(call.activity).leave(call.id);
      this.#forget(call);
    }
  }

  /** Whether no attempt is under way in its time, and no result is on its way to the journal. */
  get isWithoutCalls(): boolean {
    return this.#returned.size === 0 && this.#wished.size === 0;
  }

  /**
   * Starts the call of the entity's present state, unless it is under way already. `attempt` counts from 1.
   */
  start(entity: EntityRecord, attempt = 1): void {
    const { participant, queues } = this.#options;
    const id = callId("activity", participant, entity);
    if (this.#isHeld || this.#wished.has(id) || this.#returned.has(id)) return;
    const activity = entity.activity ?? "";
    const queue = queues.of(activity);
    if (queue.isFull || this.#weight > this.#options.bytesMax) {
      this.#overflowed = true;
      return;
    }
    const call = { id, entity, activity, attempt, weight: weigh(entity.data) };
    this.#wished.set(id, call);
    this.#weight += call.weight;
    const before = this.#running.get(id);
    if (before === undefined) this.#enter(call);
    else void this.#afterLast(call, before);
  }

  /** Takes calls that have come back, up to a number. */
  takeReturned(most: number): readonly Returned[] {
    const returned = [...this.#returned.values()].slice(0, Math.max(0, most));
    for (const { id } of returned) this.#returned.delete(id);
    return returned;
  }

  /** The entity's call is not made again: it was given up, or its state was left. */
  over(entity: Pick<EntityRecord, "key" | "since" | "activity">): void {
    const { participant, queues } = this.#options;
    if (entity.activity !== undefined) queues.over(entity.activity, callId("activity", participant, entity));
  }

  /** Puts back calls that could not be taken yet; doing so twice has no further effect. */
  putBack(returned: readonly Returned[]): void {
    const given = new Map(returned.map((one) => [one.id, one]));
    this.#returned = new Map([...given, ...this.#returned]);
  }

  /**
   * Aborts what runs, with the reason `Q_STOPPING`, and forgets what waits; the entities' states show which
   * calls have to be made again. Those that have worked all the same, or work later, are late.
   */
  async stop(): Promise<void> {
    const reason = new QuadrilleError("Q_STOPPING", "The engine is stopping.", { retryable: true });
    this.#stop.abort(reason);
    this.#stopped.resolve();
    for (const { id, activity } of this.#wished.values()) this.#options.queues.of(activity).leave(id);
    for (const running of this.#running.values()) {
      running.abort.abort(reason);
      // Code that ignores the signal is not waited for. It keeps its place until it ends.
      running.isLeft = true;
      running.leave();
    }
    this.#options.queues.leaveLane(this.#options.lane);
    this.#wished.clear();
    const untaken = [...this.#returned.values()];
    this.#returned.clear();
    for (const one of untaken) if (one.result.ok) this.#options.onLate(one);
  }

  #waitsForOutage({ id, activity }: Call): boolean {
    const queue = this.#options.queues.of(activity);
    return queue.outage !== undefined && queue.has(id);
  }

  #enter(call: Call): void {
    this.#options.queues.of(call.activity).enter({
      id: call.id,
      lane: this.#options.lane,
      isWanted: () => {
        const wanted = !this.#options.hasLeft(call.entity);
        if (!wanted) this.#forget(call);
        return wanted;
      },
      make: (turn) => void this.#make(call, turn),
    });
  }

  /**
   * An attempt that falls due before the last one has ended waits for that, at most as long as it might take
   * itself.
   */
  async #afterLast(call: Call, last: Running): Promise<void> {
    await this.#sleep(
      this.#options.timeLimitMs(call.activity),
      Promise.race([last.ended, this.#stopped.promise]),
    );
    // The last attempt may have had its answer after all.
    if (this.#stop.signal.aborted || this.#wished.get(call.id) !== call) return;
    if (last.isLeft && last.result?.ok === true) return this.#report(call, last.result);
    if (last.result !== undefined) return this.#enter(call);
    this.#report(
      call,
      timedOut(`${call.activity} was aborted and has not ended, so it is not called again.`),
    );
  }

  async #make(call: Call, turn: Turn): Promise<void> {
    const { promise: cut, resolve: leave } = Promise.withResolvers<void>();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const running = { abort: new AbortController(), ended, cut, leave, isLeft: false, result: undefined };
    this.#running.set(call.id, running);
    await this.#run(call, turn, { running, end });
    await ended;
    if (this.#running.get(call.id) === running) this.#running.delete(call.id);
    turn.ended();
  }

  /**
   * Reports its result; after its time limit `Q_ACTIVITY_TIMED_OUT`, with which the attempt is aborted too.
   */
  async #run(
    call: Call,
    turn: Turn,
    { running, end }: { readonly running: Running; readonly end: () => void },
  ): Promise<void> {
    // The first step must not run inside `start`: its caller is a batch that has just committed.
    await Promise.resolve();
    void this.#attempt(call, running).then(end);
    const limitMs = this.#options.timeLimitMs(call.activity);
    await this.#sleep(limitMs, running.cut);
    if (this.#stop.signal.aborted) return this.#late(call, running);
    const inTime = running.result;
    const result = inTime ?? timedOut(`${call.activity} did not answer within ${limitMs} ms.`);
    turn.answered(result.ok || !result.retryable ? undefined : result.error.message);
    this.#report(call, result);
    if (inTime !== undefined) return;
    const late = new QuadrilleError("Q_ACTIVITY_TIMED_OUT", `${call.activity} is late.`, { retryable: true });
    running.abort.abort(late);
    await running.cut;
    await this.#late(call, running);
  }

  /** A success after the time limit, or after a stop, still counts: another call would be one too many. */
  async #late(call: Call, running: Running): Promise<void> {
    if (this.#stop.signal.aborted) await running.ended;
    const { result } = running;
    if (result?.ok !== true) return;
    if (this.#stop.signal.aborted) this.#options.onLate({ ...call, result });
    else this.#report(call, result);
  }

  /** Sleeps until `cut` resolves, at most `delayMs`; at once when the engine stops. */
  async #sleep(delayMs: number, cut: Promise<void>): Promise<void> {
    const awake = new AbortController();
    // A prepared reason: the default one is a new error with a stack trace each time.
    const wake = (): void => awake.abort("awake");
    void cut.then(wake);
    await this.#options.ambient.clock.sleep(delayMs, awake.signal);
  }

  #forget(call: Call): void {
    if (this.#wished.delete(call.id)) this.#weight -= call.weight;
  }

  #report(call: Call, result: CallResult): void {
    if (this.#stop.signal.aborted) return;
    this.#forget(call);
    this.#returned.set(call.id, { ...call, result });
    this.#options.onReturn();
  }

  async #attempt(call: Call, running: Running): Promise<void> {
    running.result = await this.#call(call, running.abort.signal);
    running.leave();
  }

  async #call({ activity, entity, id, attempt }: Call, signal: AbortSignal): Promise<CallResult> {
    const { ambient, activities, participant } = this.#options;
    const run = activities.get(activity);
    if (run === undefined) {
      const message = `${participant} has no code for the activity ${activity}.`;
      return { ok: false, error: { code: "Q_ACTIVITY_FAILED", message }, retryable: true };
    }
    let data: unknown;
    try {
      data = this.#options.dataOf(entity);
    } catch (error) {
      return { ok: false, error: errorOf(error), retryable: false, notMade: true };
    }
    try {
      await ambient.failpoint("activity-started");
      const { key, sagaId, state, version } = entity;
      const value = await run({ entity: { key, sagaId, state, version, data }, id, attempt, signal });
      await ambient.failpoint("activity-returned");
      return { ok: true, value };
    } catch (error) {
      return failed(error);
    }
  }
}

function timedOut(message: string): CallResult {
  return { ok: false, error: { code: "Q_ACTIVITY_TIMED_OUT", message }, retryable: true };
}

function failed(reason: unknown): CallResult {
  const error = errorOf(reason);
  return { ok: false, error, retryable: error.code !== "Q_NON_RETRYABLE" };
}

function errorOf(reason: unknown): ParkedError {
  const message = thrownText(reason);
  return { code: isQuadrilleError(reason) ? reason.code : "Q_ACTIVITY_FAILED", message };
}
