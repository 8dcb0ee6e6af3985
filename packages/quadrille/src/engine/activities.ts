// Runs activities: calls to the outside world, outside any transaction, bounded in number and time. A call is named by
// its entity and the version at which the state was entered, so that every attempt, also after a crash, has one id.
import type { Ambient } from "../ambient/ambient.ts";
import type { RunnableActivity } from "../contract/handler.ts";
import { isQuadrilleError, QuadrilleError } from "../errors.ts";
import type { EntityRecord, ParkedError } from "../store/records.ts";
import { callId } from "./incoming.ts";
import type { Limits } from "./limits.ts";

/** A call that came back. */
export interface Returned {
  readonly id: string;
  readonly entity: EntityRecord;
  readonly activity: string;
  readonly attempt: number;
  readonly result:
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly error: ParkedError };
}

/** What the runner is made of. */
export interface ActivitiesOptions {
  readonly participant: string;
  readonly activities: ReadonlyMap<string, RunnableActivity>;
  readonly limits: Limits;
  readonly ambient: Ambient;
  /** Called when a call has come back and `takeReturned` has something. */
  readonly onReturn: () => void;
  /** Whether the state that asks for the call was left: a call that waits for room is not made then. */
  readonly hasLeft: (entity: EntityRecord) => boolean;
}

interface Call {
  readonly id: string;
  readonly entity: EntityRecord;
  readonly attempt: number;
}

/** The activities of one lane. */
export class Activities {
  readonly #options: ActivitiesOptions;
  readonly #queue = new Map<string, Call>();
  readonly #running = new Map<string, { readonly done: Promise<void>; readonly abort: AbortController }>();
  #returned: Returned[] = [];
  #stopped = false;
  /** Calls were left out for want of room: look into the store again when there is some. */
  #overflowed = false;

  constructor(options: ActivitiesOptions) {
    this.#options = options;
  }

  /** Calls running, waiting to run, or come back and not yet taken. */
  get size(): number {
    return this.#queue.size + this.#running.size + this.#returned.length;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Whether the store should be searched for calls that did not fit. Asking resets it. */
  takeOverflow(): boolean {
    const search = this.#overflowed && this.#queue.size === 0;
    if (search) this.#overflowed = false;
    return search;
  }

  /** Starts the call of the entity's present state, unless it is under way already. `attempt` counts from 1. */
  start(entity: EntityRecord, attempt = 1): void {
    const id = callId("activity", {
      participant: this.#options.participant,
      key: entity.key,
      since: entity.since,
    });
    if (this.#queue.has(id) || this.#running.has(id) || this.#returned.some((one) => one.id === id)) return;
    if (this.#queue.size >= this.#options.limits.activitiesRunningMax * 32) {
      this.#overflowed = true;
      return;
    }
    this.#queue.set(id, { id, entity, attempt });
    this.#next();
  }

  /** The calls that have come back since the last time. */
  takeReturned(): readonly Returned[] {
    const returned = this.#returned;
    this.#returned = [];
    return returned;
  }

  /** Gives calls back that could not be taken yet; giving one back twice is the same as once. */
  putBack(returned: readonly Returned[]): void {
    const here = new Set(this.#returned);
    this.#returned = [...returned.filter((one) => !here.has(one)), ...this.#returned];
  }

  /** Aborts what runs and forgets what waits; the entities' states say what has to be called again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#queue.clear();
    const reason = new QuadrilleError("Q_STOPPING", "The engine is stopping.", { retryable: true });
    for (const { abort } of this.#running.values()) abort.abort(reason);
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    this.#returned = [];
  }

  #next(): void {
    for (const call of this.#queue.values()) {
      if (this.#running.size >= this.#options.limits.activitiesRunningMax) return;
      this.#queue.delete(call.id);
      if (this.#options.hasLeft(call.entity)) continue;
      const abort = new AbortController();
      this.#running.set(call.id, { abort, done: this.#run(call, abort) });
    }
  }

  async #run(call: Call, abort: AbortController): Promise<void> {
    const activity = call.entity.activity ?? "";
    // The first step must not run inside `start`: its caller is a batch that has just committed.
    await Promise.resolve();
    const result = await this.#attempt(activity, call, abort);
    this.#running.delete(call.id);
    if (this.#stopped) return;
    this.#returned.push({ ...call, activity, result });
    this.#options.onReturn();
    this.#next();
  }

  async #attempt(
    activity: string,
    { entity, id, attempt }: Call,
    abort: AbortController,
  ): Promise<Returned["result"]> {
    const { ambient, activities, participant } = this.#options;
    const run = activities.get(activity);
    if (run === undefined) {
      const message = `${participant} has no code for the activity ${activity}.`;
      return { ok: false, error: { code: "Q_ACTIVITY_FAILED", message } };
    }
    const { signal } = abort;
    const timer = new AbortController();
    const late = this.#abortLate(activity, abort, timer.signal);
    try {
      await ambient.failpoint("activity-started");
      // Code that does not heed the signal is not waited for.
      const given = aborted(signal);
      const { key, sagaId, state, version, data } = entity;
      const answer = run({ entity: { key, sagaId, state, version, data }, id, attempt, signal });
      const value = await Promise.race([given, answer]);
      await ambient.failpoint("activity-returned");
      return { ok: true, value };
    } catch (error) {
      return { ok: false, error: asParkedError(error) };
    } finally {
      timer.abort("answered");
      await late;
    }
  }

  async #abortLate(activity: string, abort: AbortController, answered: AbortSignal): Promise<void> {
    const { clock } = this.#options.ambient;
    const { activityMsMax } = this.#options.limits;
    await clock.sleep(activityMsMax, answered);
    if (answered.aborted) return;
    const message = `${activity} did not answer within ${activityMsMax} ms.`;
    abort.abort(new QuadrilleError("Q_ACTIVITY_TIMED_OUT", message, { retryable: true }));
  }
}

/** Rejects with the signal's reason when it aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp);
  // When the call itself has thrown before, nobody listens.
  promise.catch(() => undefined);
  return promise;
}

function asParkedError(error: unknown): ParkedError {
  const message = error instanceof Error ? error.message : String(error);
  return { code: isQuadrilleError(error) ? error.code : "Q_ACTIVITY_FAILED", message };
}
