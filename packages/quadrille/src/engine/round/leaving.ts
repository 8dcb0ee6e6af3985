// How a worker leaves its lane: to another process, in good order, or because the engine stops.
import type { Waiting } from "../message/commands.ts";
import type { BatchParts } from "./batch-parts.ts";
import type { KeptLane } from "./kept-lane.ts";
import type { LateResults } from "./late-results.ts";
import type { Sealed } from "./sealed.ts";

/** What a worker gives the next owner of its lane. */
export interface LaneHandover {
  /** A flush in doubt that turned out to be committed. */
  readonly found: Sealed | undefined;
  /** The commands without an answer. */
  readonly commands: readonly Waiting[];
}

/** What leaving needs besides the parts of a batch. */
export interface LeavingOptions {
  readonly kept: KeptLane;
  readonly late: Pick<LateResults, "written">;
  /** Answers the callers of a flush that turned out to be committed. */
  readonly onFound: (found: Sealed) => void;
}

/** The end of one worker. */
export class Leaving {
  readonly #parts: BatchParts;
  readonly #options: LeavingOptions;
  #isAbandoned = false;

  constructor(parts: BatchParts, options: LeavingOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Whether its callers have been answered, though a round may still be under way. */
  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Begins no more calls: the lane is to go to another process once those under way are back and written. */
  holdCalls(): void {
    this.#parts.activities.hold();
  }

  /** Whether no call is under way that another process would make once more. */
  get isWithoutCalls(): boolean {
    return this.#parts.activities.isWithoutCalls;
  }

  /**
   * Gives the lane up, between rounds: settles what is in doubt, ends the calls, and gives the commands that
   * have no answer. Rejects where the store does not answer; to be tried again then.
   */
  async giveUp(): Promise<LaneHandover> {
    this.holdCalls();
    const { kept, onFound } = this.#options;
    const found = await kept.settleDoubt();
    if (found !== undefined) onFound(found);
    kept.forget();
    await this.#parts.activities.stop();
    return { found, commands: this.#parts.commands.handOver() };
  }

  /** Ends its activities, rejects the commands that wait, and records which calls have worked meanwhile. */
  async stop(): Promise<void> {
    await this.#parts.activities.stop();
    this.abandon();
    await this.#options.late.written();
  }

  /** Rejects the commands that wait, though a round may still be under way. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#parts.commands.rejectAll(this.#options.kept.mayBeWritten);
  }
}
