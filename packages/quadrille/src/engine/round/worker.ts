// One lane of one participant, as its loop and its rounds see it. The other sides of it are objects of their
// own: what reaches it, its commands, and how it leaves the lane.
import { isQuadrilleError } from "../../errors.ts";
import type { FlushResult, TransactScope } from "../../store/store.ts";
import type { ParticipantStatus } from "../message/api.ts";
import { hasTransact } from "../message/code.ts";
import type { Verdict } from "../message/commands.ts";
import { Batch, type BatchEnd, type Rejection, type RoundRoom } from "./batch.ts";
import { type BatchParts, batchParts } from "./batch-parts.ts";
import { KeptLane } from "./kept-lane.ts";
import { LateResults } from "./late-results.ts";
import { Leaving } from "./leaving.ts";
import { type Sealed, verdictsOfRepeats } from "./sealed.ts";
import { WorkerCommands } from "./worker-commands.ts";
import { WorkerInputs } from "./worker-inputs.ts";
import type { WorkerOptions } from "./worker-options.ts";
import { WorkerRecord } from "./worker-record.ts";

/** Works on one lane of one participant, as its loop says. */
export class Worker {
  readonly participant: string;
  readonly lane: number;
  /** Whether it has handlers that want the batch's transaction. */
  readonly transacts: boolean;
  readonly commands: WorkerCommands;
  readonly inputs: WorkerInputs;
  readonly leaving: Leaving;
  readonly #options: WorkerOptions;
  readonly #parts: BatchParts;
  readonly #kept: KeptLane;
  readonly #record: WorkerRecord;
  readonly #onEnd = (end: BatchEnd): Promise<void> => this.#ended(end);
  #onWork: () => void = () => undefined;

  constructor(options: WorkerOptions) {
    const onWork = (): void => this.#onWork();
    this.participant = options.code.table.name;
    this.lane = options.lane;
    this.transacts = hasTransact(options.code.service);
    this.#options = options;
    const late = new LateResults(options);
    this.#parts = batchParts(options, { onReturn: onWork, onLate: (one) => late.record(one) });
    this.#kept = new KeptLane(options, this.#parts);
    this.#record = new WorkerRecord(options);
    this.commands = new WorkerCommands(this.#parts, this.#record, onWork);
    this.inputs = new WorkerInputs({ worker: options, kept: this.#kept, commands: this.commands, onWork });
    const onFound = (found: Sealed): void => this.answerFound(found);
    this.leaving = new Leaving(this.#parts, { kept: this.#kept, late, onFound });
  }

  /** Whether no message is pending and no call under way, as far as is known. */
  get isCaughtUp(): boolean {
    const { commands, requests, activities } = this.#parts;
    return (
      this.#kept.lane?.hasRows === false &&
      !this.inputs.isLate &&
      commands.waiting === 0 &&
      !requests.isStale &&
      activities.isCalm
    );
  }

  /** Whether a round has anything to do for it, as far as is known without asking the store. */
  get hasWork(): boolean {
    const { lane, isOvertaken } = this.#kept;
    if (lane === undefined || this.inputs.isLate || isOvertaken) return true;
    const { commands, requests, activities } = this.#parts;
    if (commands.hasWaiting || requests.isStale || activities.hasReturned || lane.hasRows) return true;
    if (activities.hasRoomAgain || lane.isDue(this.#options.ambient)) return true;
    return this.#kept.wantsCount;
  }

  /** Whether its batches are smaller than usual, to find the message whose rows are refused. */
  get isNarrow(): boolean {
    return this.#parts.size.isNarrow;
  }

  /** The earliest deadline that is known, in business time; infinite when none is. */
  get deadlineAt(): number {
    return this.#kept.lane?.deadlineAt ?? Number.POSITIVE_INFINITY;
  }

  /** How long until time alone brings work, in the machine's milliseconds. */
  untilDueMs(): number {
    return this.#kept.lane?.untilDueMs(this.#options.ambient) ?? 0;
  }

  status(): ParticipantStatus {
    return {
      ...this.#record.counts,
      waiting: (this.#kept.lane?.waiting ?? 0) + this.#parts.commands.waiting,
      parked: this.#kept.census,
      activitiesRunning: this.#parts.activities.running,
      outages: this.#options.queues.outages(),
    };
  }

  /** Calls `listener` whenever there is something to do. */
  onWork(listener: () => void): void {
    this.#onWork = listener;
  }

  /** Reads its lane again with the next round: it has not worked for a while. */
  renew(): void {
    this.#kept.forget();
    this.#onWork();
  }

  /** Prepares a round. Returns a flush in doubt that turned out to be committed. */
  open(): Promise<Sealed | undefined> {
    this.inputs.roundBegins();
    return this.#kept.open();
  }

  /** Answers the callers of a flush that turned out to be committed. */
  answerFound(found: Sealed): void {
    this.#report(found, found.verdicts);
  }

  /** Its batch of this round. The lane must be open. `room` is shared with the participant's other lanes. */
  begin(room: RoundRoom): Batch {
    return new Batch(this.#parts, { lane: this.#kept.begin(), room }, this.#onEnd);
  }

  /**
   * Runs `work` in a transaction of the store, for handlers that want one; not where the engine has stopped
   * meanwhile.
   */
  transact(work: (scope: TransactScope) => Promise<FlushResult>): Promise<FlushResult> {
    return this.#options.store.transact((scope) =>
      this.leaving.isAbandoned ? Promise.resolve("overtaken") : work(scope),
    );
  }

  /** Notes that its lane could be read, and what was to be written was. */
  succeeded(): void {
    this.#record.succeeded();
  }

  /** After an error: everything known of the lane may be wrong. */
  fail(error: unknown): void {
    this.#kept.forget();
    this.#parts.cache.forget(this.lane);
    this.#record.failed(error);
    if (!isQuadrilleError(error) || error.code !== "Q_CONTRACT_SUPERSEDED") return;
    this.#parts.commands.rejectAll(false, error);
    this.#options.onSuperseded();
  }

  /**
   * Updates the lane after a batch's end. A flush that may have been written is kept until the lane is read
   * again.
   */
  async #ended(end: BatchEnd): Promise<void> {
    switch (end.is) {
      case "committed":
        this.#kept.committed();
        return this.#report(end.sealed, end.verdicts);
      case "withdrawn":
        this.#kept.ended(end.sealed);
        return this.#kept.forget();
      case "unknown":
        this.#kept.ended(end.sealed);
        return this.fail(end.error);
      case "rejected":
        this.#kept.ended();
        return this.#rejected(end.why);
    }
  }

  /** What was gathered comes again, and the lane is read again. */
  async #rejected(why: Rejection): Promise<void> {
    const commands = this.#parts.commands.taken;
    this.#kept.forget();
    if (why === "overtaken") this.#parts.cache.forget(this.lane);
    // The others are left for the next batch.
    if (why === "repeated")
      this.#parts.commands.conclude(await verdictsOfRepeats(this.#options.store, commands));
  }

  #report(sealed: Sealed, verdicts: readonly Verdict[]): void {
    this.#record.committed(sealed);
    if (sealed.flush.parked.length > 0) this.#kept.warnOfParked();
    this.#parts.commands.conclude(verdicts);
  }
}
