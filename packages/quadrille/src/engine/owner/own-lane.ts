// A lane of a participant that runs in this process. It has a worker while this process owns the lane:
//
//   free ──▶ owned ──▶ leaving ──▶ free      given to another process, once no call is under way
//              ▲ │
//              │ ▼
//             paused ──▶ free                session lost: it comes back, or another process has it
import type { Clock } from "../../ambient/ambient.ts";
import type { Table } from "../../contract/table.ts";
import type { ParticipantStatus } from "../message/api.ts";
import type { Waiting } from "../message/commands.ts";
import { blankStatus } from "../message/status.ts";
import type { Loop } from "../round/loop.ts";
import type { Committed } from "../round/round.ts";
import type { Worker } from "../round/worker.ts";
import type { SentRequests } from "./requests.ts";

/** What a lane is made of. */
export interface OwnLaneOptions {
  readonly table: Table;
  readonly lane: number;
  /** Whether its handlers want the batch's transaction. */
  readonly transacts: boolean;
  readonly make: () => Worker;
  /** Where commands go while another process owns the lane. */
  readonly requests: SentRequests;
  readonly clock: Clock;
}

/** The pause before the next try at a store that did not answer. */
const againMs = 100;

const pausedText = "The connection that owns this process's lanes is lost; it is opened again.";

/** How often it checks whether calls have returned. */
const lookMs = 10;

/** A lane, and its life in this process. */
export class OwnLane {
  readonly #options: OwnLaneOptions;
  #loop: Loop | undefined;
  #onFound: (found: Committed) => void = () => undefined;
  #worker: Worker | undefined;
  #state: "free" | "owned" | "paused" | "leaving" = "free";
  /** Its steps, one after another. */
  #step: Promise<void> = Promise.resolve();
  /** The counts of its former workers. */
  #done = { reactions: 0, commits: 0 };
  #retired = false;

  constructor(options: OwnLaneOptions) {
    this.#options = options;
  }

  get table(): Table {
    return this.#options.table;
  }

  get lane(): number {
    return this.#options.lane;
  }

  get transacts(): boolean {
    return this.#options.transacts;
  }

  get state(): "free" | "owned" | "paused" | "leaving" {
    return this.#state;
  }

  /** Its worker, even while it pauses. */
  get worker(): Worker | undefined {
    return this.#worker;
  }

  /** Whether no message is pending here and no call under way, as far as is known. */
  get isCaughtUp(): boolean {
    return this.#state === "free" || this.#worker?.isCaughtUp === true;
  }

  /** Whether its next batch has room for more commands, and should succeed. */
  get hasRoom(): boolean {
    return this.#worker?.commands.hasRoom === true;
  }

  /** Sets the loop of its workers, and the listener for a flush that turned out to be committed. */
  join(loop: Loop, onFound: (found: Committed) => void): void {
    this.#loop = loop;
    this.#onFound = onFound;
  }

  /** Queues a command here, or for the owner. Throws `Q_OVERLOADED`. */
  send(command: Waiting): void {
    if (this.#worker === undefined) this.#options.requests.send(command);
    else this.#worker.commands.send(command);
  }

  /** Forgets a command whose caller has given up. */
  forget(command: Waiting): void {
    this.#worker?.commands.forget(command);
    this.#options.requests.forget(command);
  }

  /** This process owns the lane from now on. */
  begin(): Promise<void> {
    this.#state = "owned";
    return this.#next(async () => {
      // An earlier step may have ended with the lane free.
      this.#state = "owned";
      if (this.#worker === undefined) this.#worker = this.#options.make();
      else this.#worker.renew();
      this.#loop?.add(this.#worker);
    });
  }

  /** Begins no more rounds until the lane is owned again. Calls that are under way go on. */
  pause(): void {
    if (this.#state !== "owned" || this.#retired) return;
    this.#state = "paused";
    void this.#next(() => this.#outOfRounds());
  }

  /** Works on as if it owned the lane: its contract was superseded, and it says so to its callers. */
  retire(): void {
    this.#retired = true;
  }

  /** Another process has the lane. */
  lose(stop: AbortSignal): Promise<void> {
    this.#state = "leaving";
    return this.#next(async () => {
      await this.#outOfRounds();
      await this.#giveUp(stop);
    });
  }

  /**
   * Begins no more calls, waits until those under way have returned and been written, and then ends the
   * worker.
   */
  leave(stop: AbortSignal): Promise<void> {
    this.#state = "leaving";
    return this.#next(async () => {
      this.#worker?.leaving.holdCalls();
      while (!(await this.#hasLeft()) && !stop.aborted) await this.#options.clock.sleep(lookMs, stop);
      await this.#giveUp(stop);
    });
  }

  status(): ParticipantStatus {
    const { reactions, commits } = this.#done;
    const status = this.#worker?.status() ?? blankStatus(this.table.name);
    const sums = { reactions: status.reactions + reactions, commits: status.commits + commits };
    return this.#state === "paused" ? { ...status, ...sums, trouble: pausedText } : { ...status, ...sums };
  }

  async #hasLeft(): Promise<boolean> {
    const worker = this.#worker;
    const isBusy = (): boolean => worker !== undefined && !worker.leaving.isWithoutCalls;
    if (isBusy()) return false;
    await this.#outOfRounds();
    // The last round may have been withdrawn, with its results put back.
    if (isBusy() && worker !== undefined) this.#loop?.add(worker);
    return !isBusy();
  }

  async #outOfRounds(): Promise<void> {
    if (this.#worker !== undefined) await this.#loop?.remove(this.#worker);
  }

  /** Until the store has answered whether a flush in doubt was committed. */
  async #giveUp(stop: AbortSignal): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) {
      // It has given up before, and its lock was not freed yet.
      this.#state = "free";
      return;
    }
    const { clock, requests } = this.#options;
    let given = await worker.leaving.giveUp().catch(() => undefined);
    while (given === undefined && !stop.aborted) {
      await clock.sleep(againMs, stop);
      given = await worker.leaving.giveUp().catch(() => undefined);
    }
    // The engine stops: the worker answers its callers with what is known.
    if (given === undefined) return;
    const { reactions, commits } = worker.status();
    this.#done = { reactions: this.#done.reactions + reactions, commits: this.#done.commits + commits };
    this.#worker = undefined;
    this.#state = "free";
    if (given.found !== undefined) this.#onFound({ participant: this.table.name, flush: given.found.flush });
    for (const command of given.commands) requests.passOn(command);
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#step = this.#step.then(step);
    return this.#step;
  }
}

/**
 * The lanes that share a loop: all of them work together, except those whose handlers want a transaction:
 * their statements take their time.
 */
export function loopGroups(lanes: readonly OwnLane[]): readonly (readonly OwnLane[])[] {
  const together = lanes.filter(({ transacts }) => !transacts);
  return [
    ...(together.length === 0 ? [] : [together]),
    ...lanes.filter(({ transacts }) => transacts).map((lane) => [lane]),
  ];
}
