// One lane of one participant: its knowledge, its pending messages and its callers. Each round it makes a
// batch.
import { invariant, isQuadrilleError } from "../../errors.ts";
import type { Marks } from "../../store/database.ts";
import type { FlushResult, TransactScope } from "../../store/store.ts";
import type { ParticipantStatus } from "../message/api.ts";
import { hasTransact } from "../message/code.ts";
import type { Verdict, Waiting } from "../message/commands.ts";
import type { HandedRow } from "../message/incoming.ts";
import type { Intake } from "../lane/intake.ts";
import { openLane, type Lane } from "../lane/lane.ts";
import { logDeadLetters } from "../lane/log-dead-letters.ts";
import { ParkedCount } from "../lane/parked-count.ts";
import { Batch, type BatchEnd, type Rejection, type RoundRoom } from "./batch.ts";
import { type BatchParts, batchParts } from "./batch-parts.ts";
import { findLost, type Sealed, verdictsOfRepeats } from "./sealed.ts";
import type { WorkerOptions } from "./worker-options.ts";
import { startUnfinished, type Unfinished } from "./unfinished.ts";

/** Works on one lane of one participant, as its loop says. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #parts: BatchParts;
  readonly #count: ParkedCount;
  readonly #unfinished: Unfinished;
  readonly #onEnd = (end: BatchEnd): Promise<void> => this.#ended(end);
  #onWork: () => void = () => undefined;
  #lane: Lane | undefined;
  /** Its batch of the present round. */
  #batch: Batch | undefined;
  /** A flush whose answer was lost: the lane's turn has to be skipped before anything is read or decided. */
  #inDoubt: Sealed | undefined;
  /** The lane's turn as last known here. */
  #turn: number | undefined;
  /** The lane's turn as last seen in the database. */
  #seenTurn = 0;
  #loadedAt = 0;
  #reactions = 0;
  #commits = 0;
  #trouble: string | undefined;
  /** Business time has moved since the last round began. */
  #isLate = false;
  /** Its callers have been answered, though a round may still be under way. */
  #isAbandoned = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#parts = batchParts(options, () => this.#onWork());
    this.#count = new ParkedCount({ ...options, participant: options.code.table.name });
    this.#unfinished = { ...this.#parts, participant: options.code.table.name };
  }

  get participant(): string {
    return this.#options.code.table.name;
  }

  get lane(): number {
    return this.#options.lane;
  }

  /** Whether it has handlers that want the batch's transaction. */
  get transacts(): boolean {
    return hasTransact(this.#options.code.service);
  }

  /** Whether no message is pending and no call under way, as far as is known. */
  get isCaughtUp(): boolean {
    const { commands, requests, activities } = this.#parts;
    return (
      this.#lane?.hasRows === false &&
      !this.#isLate &&
      commands.waiting === 0 &&
      !requests.isStale &&
      activities.isCalm
    );
  }

  /** Whether a round has anything to do for it, as far as is known without asking the store. */
  get hasWork(): boolean {
    const lane = this.#lane;
    if (lane === undefined || this.#isLate || this.#isOvertaken()) return true;
    const { commands, requests, activities } = this.#parts;
    if (commands.hasWaiting || requests.isStale || activities.hasReturned || lane.hasRows) return true;
    if (activities.hasRoomAgain || lane.isDue(this.#options.ambient)) return true;
    return this.#count.isWanted(lane.parking);
  }

  /** Whether its next batch has room for more commands, and should succeed. */
  get hasRoom(): boolean {
    return this.#parts.commands.queued < this.#parts.limits.batchMessagesMax && this.#trouble === undefined;
  }

  /** Calls `listener` whenever there is something to do. */
  onWork(listener: () => void): void {
    this.#onWork = listener;
  }

  /** Queues a command. Throws `Q_OVERLOADED`. */
  send(waiting: Waiting): void {
    this.#parts.commands.add(waiting);
    this.#onWork();
  }

  /** Hands over rows that a source in this process has committed. */
  offer(source: string, rows: readonly HandedRow[]): void {
    this.handOver(source, rows);
    this.#onWork();
  }

  /** Whether it takes events of the source. */
  reads(source: string): boolean {
    return this.#options.sources.has(source);
  }

  /** Hands over rows of the round in which this worker takes part. */
  handOver(source: string, rows: readonly HandedRow[]): void {
    this.#intakeOf(source)?.offer(rows);
  }

  /** Reads the source's journal soon, or all of them: another process may have added to them. */
  look(source?: string): void {
    for (const intake of this.#lane?.intakes ?? [])
      if (source === undefined || intake.source === source) intake.markStale();
    this.#onWork();
  }

  /** Deletes answered requests of callers that are gone. */
  sweepRequests(): void {
    void this.#parts.requests.sweep(this.#options.ambient.clock.now());
  }

  /** Looks soon for commands that other processes have left. */
  lookForRequests(): void {
    this.#parts.requests.markStale();
    this.#onWork();
  }

  /** Notes where the lanes of the database stand: other processes may have written. */
  noticed(marks: Marks): void {
    const { lane } = this.#options;
    const own = marks.get(this.participant)?.get(lane);
    this.#seenTurn = Math.max(this.#seenTurn, own?.turn ?? 0);
    if (own?.hasRequests === true) this.lookForRequests();
    for (const intake of this.#lane?.intakes ?? []) {
      intake.reached(marks.get(intake.source)?.get(lane)?.head ?? 0);
    }
    if (this.#isOvertaken() || this.#lane?.intakes.some(({ behind }) => behind) === true) this.#onWork();
  }

  /** Notes that the source has committed up to `head`. */
  reached(source: string, head: number): void {
    this.#intakeOf(source)?.reached(head);
  }

  status(): ParticipantStatus {
    return {
      name: this.participant,
      reactions: this.#reactions,
      commits: this.#commits,
      waiting: (this.#lane?.waiting ?? 0) + this.#parts.commands.waiting,
      parked: this.#lane?.parking.census() ?? this.#count.last,
      activitiesRunning: this.#parts.activities.running,
      outages: this.#options.queues.outages(),
      trouble: this.#trouble,
    };
  }

  /**
   * Prepares a round: reads the lane if it is unknown, or if another process has written to it. Returns a
   * flush in doubt that turned out to be committed.
   */
  async open(): Promise<Sealed | undefined> {
    this.#isLate = false;
    const lane = this.#isOvertaken() ? undefined : this.#lane;
    if (lane === undefined) return this.#recover();
    await this.#count.renew(lane.parking);
    if (this.#parts.activities.takeOverflow()) await startUnfinished(this.#unfinished, lane);
    return undefined;
  }

  /** Answers the callers of a flush that turned out to be committed. */
  answerFound(found: Sealed): void {
    this.#report(found, found.verdicts);
  }

  /** Its batch of this round. The lane must be open. `room` is shared with the participant's other lanes. */
  begin(room: RoundRoom): Batch {
    this.#batch = new Batch(this.#parts, { lane: this.#openLane(), room }, this.#onEnd);
    return this.#batch;
  }

  /** Notes that its lane could be read, and what was to be written was. */
  isWell(): void {
    this.#trouble = undefined;
  }

  /**
   * Runs `work` in a transaction of the store, for handlers that want one; not where the engine has stopped
   * meanwhile.
   */
  transact(work: (scope: TransactScope) => Promise<FlushResult>): Promise<FlushResult> {
    return this.#options.store.transact((scope) =>
      this.#isAbandoned ? Promise.resolve("overtaken") : work(scope),
    );
  }

  /** After an error: everything known of the lane may be wrong. */
  fail(error: unknown): void {
    this.#reset();
    this.#parts.cache.clear();
    const { participant } = this;
    const message = error instanceof Error ? error.message : String(error);
    if (message !== this.#trouble) this.#options.ambient.log({ level: "error", message, participant });
    this.#trouble = message;
    if (!isQuadrilleError(error) || error.code !== "Q_CONTRACT_SUPERSEDED") return;
    this.#parts.commands.rejectAll(false, error);
    this.#options.onSuperseded();
  }

  /** Whether its batches are smaller than usual, to find the message whose rows are refused. */
  get isNarrow(): boolean {
    return this.#parts.size.isNarrow;
  }

  /** How long until time alone brings work, in the machine's milliseconds. */
  untilDueMs(): number {
    return this.#lane?.untilDueMs(this.#options.ambient) ?? 0;
  }

  /** The earliest deadline that is known, in business time; infinite when none is. */
  get deadlineAt(): number {
    return this.#lane?.deadlineAt ?? Number.POSITIVE_INFINITY;
  }

  /** Business time has moved: a deadline may be due. */
  wake(): void {
    this.#isLate = true;
    this.#onWork();
  }

  /** Drops a command whose caller has given up. In the present batch, it still takes effect. */
  forget(command: Waiting): void {
    this.#parts.commands.forget(command);
  }

  /** Reads its lane again with the next round: it has not worked for a while. */
  renew(): void {
    this.#reset();
    this.#onWork();
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
  async giveUp(): Promise<{ readonly found: Sealed | undefined; readonly commands: readonly Waiting[] }> {
    this.holdCalls();
    const found = this.#inDoubt === undefined ? undefined : await this.#recover();
    if (found !== undefined) this.answerFound(found);
    this.#reset();
    await this.#parts.activities.stop();
    return { found, commands: this.#parts.commands.handOver() };
  }

  /** Ends its activities and rejects the commands that wait. */
  async stop(): Promise<void> {
    await this.#parts.activities.stop();
    this.abandon();
  }

  /** Rejects the commands that wait, though a round may still be under way. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#parts.commands.rejectAll(this.#mayBeWritten);
  }

  /**
   * Whether another process has written to the lane: an operator who redrove something, or an engine that
   * left behind a deadline, a call or a parked message and is gone. To be asked between rounds: in a round,
   * it may be its own flush.
   */
  #isOvertaken(): boolean {
    if (this.#lane === undefined || this.#seenTurn <= this.#lane.turn) return false;
    // Two processes that write in turn would do nothing but read.
    return this.#options.ambient.clock.steady() - this.#loadedAt > this.#options.limits.renewMs;
  }

  #intakeOf(source: string): Intake | undefined {
    return this.#lane?.intakes.find((one) => one.source === source);
  }

  #openLane(): Lane {
    invariant(this.#lane !== undefined, `the lane of ${this.participant} was not opened`);
    return this.#lane;
  }

  /**
   * Updates the lane after a batch's end. A flush that may have been written is kept until the lane is
   * recovered.
   */
  async #ended(end: BatchEnd): Promise<void> {
    this.#batch = undefined;
    switch (end.is) {
      case "committed":
        this.#turn = this.#openLane().turn;
        return this.#report(end.sealed, end.verdicts);
      case "withdrawn":
        this.#inDoubt = end.sealed ?? this.#inDoubt;
        return this.#reset();
      case "unknown":
        this.#inDoubt = end.sealed ?? this.#inDoubt;
        return this.fail(end.error);
      case "rejected":
        return this.#rejected(end.why);
    }
  }

  /** What was gathered comes again, and the lane is read again. */
  async #rejected(why: Rejection): Promise<void> {
    const commands = this.#parts.commands.taken;
    this.#reset();
    if (why === "overtaken") this.#parts.cache.clear();
    // The others are left for the next batch.
    if (why === "repeated")
      this.#parts.commands.conclude(await verdictsOfRepeats(this.#options.store, commands));
  }

  #reset(): void {
    if (this.#lane !== undefined) {
      this.#count.keep(this.#lane.parking);
      this.#parts.loader.forget(this.#lane.parking);
    }
    this.#lane = undefined;
    if (this.#options.isShared) this.#parts.requests.markStale();
    this.#parts.commands.putBack(this.#mayBeWritten);
  }

  get #mayBeWritten(): boolean {
    return this.#inDoubt !== undefined || this.#batch !== undefined;
  }

  #report({ flush, writes }: Sealed, verdicts: readonly Verdict[]): void {
    this.#reactions += flush.journal.length;
    if (writes) this.#commits += 1;
    logDeadLetters(this.#options.ambient, this.participant, flush.parked);
    if (flush.parked.length > 0) this.#count.warn(this.#openLane().parking);
    this.#parts.commands.conclude(verdicts);
  }

  async #recover(): Promise<Sealed | undefined> {
    const { store, lane: number, sources, limits, generation } = this.#options;
    // A flush whose answer was lost may commit at any moment. From here on it has, or never will.
    if (this.#inDoubt !== undefined) await store.skipTurn(number);
    const opened = { number, store, sources, limits, generation, census: this.#count.last };
    const lane = await openLane(opened);
    await this.#count.renew(lane.parking);
    // Another process has written. The fence is up to date now and would accept decisions made from an old
    // entity.
    if (this.#turn !== undefined && this.#turn !== lane.turn) this.#parts.cache.clear();
    this.#lane = lane;
    this.#turn = lane.turn;
    if (this.#options.isShared) this.#parts.requests.markStale();
    this.#loadedAt = this.#options.ambient.clock.steady();
    await startUnfinished(this.#unfinished, lane);
    // Last of all: it is found once. If the store does not answer here either, the question stays open.
    const lost = this.#inDoubt;
    const found = await findLost(store, lane, lost);
    this.#inDoubt = undefined;
    const inbox = new Map(lane.intakes.map(({ source, written }) => [source, written]));
    this.#options.onRecovered({ participant: this.participant, lane: number, inbox, lost });
    return found;
  }
}
