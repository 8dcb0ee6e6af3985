// One lane of one participant: what it knows, what is at hand, and what becomes of it. The loop says when.
import type { Ambient } from "../../ambient/ambient.ts";
import { invariant, isQuadrilleError } from "../../errors.ts";
import type { EntityRecord } from "../../store/records.ts";
import type { FlushResult, Marks, Store, TransactScope } from "../../store/store.ts";
import { Activities, type Returned } from "../call/activities.ts";
import type { ParticipantStatus } from "../message/api.ts";
import { callRules } from "../call/call-policy.ts";
import type { CallQueues } from "../call/call-queue.ts";
import { hasTransact, type Runnable } from "../message/code.ts";
import { BatchSize } from "../lane/batch-size.ts";
import { Commands, repeated, type Verdict, type Waiting } from "../message/commands.ts";
import { EntityCache, type FreshSagas } from "../lane/entity-cache.ts";
import { type Gathered, gatherEvents, sizeOf } from "../dispatch/gather.ts";
import type { HandedRow } from "../message/incoming.ts";
import type { Intake } from "../lane/intake.ts";
import { openLane, type Lane, type Source } from "../lane/lane.ts";
import { logDead } from "../lane/log-dead.ts";
import { ParkedCount } from "../lane/parked-count.ts";
import { ParkedLoader } from "../lane/parked-loader.ts";
import type { Limits } from "../message/limits.ts";
import type { Payloads } from "../message/payload.ts";
import type { OwnGeneration } from "../generation/own-generation.ts";
import { noteStrangers } from "./strangers.ts";
import { Processor, type Decided } from "./processor.ts";
import { startUnfinished, type Unfinished } from "./unfinished.ts";

/** What a worker is made of. */
export interface WorkerOptions {
  readonly code: Runnable;
  readonly store: Store;
  readonly lane: number;
  /** The journals this participant reads, by source. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly generation: OwnGeneration;
  readonly ambient: Ambient;
  readonly limits: Limits;
  readonly payloads: Payloads;
  readonly fresh: FreshSagas;
  /** The queues of its activities, shared by the lanes of the participant. */
  readonly queues: CallQueues;
}

/** Works on one lane of one participant, as its loop says. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #commands: Commands;
  readonly #cache: EntityCache;
  readonly #activities: Activities;
  readonly #processor: Processor;
  readonly #loader: ParkedLoader;
  readonly #count: ParkedCount;
  readonly #batchSize: BatchSize;
  readonly #unfinished: Unfinished;
  #onWork: () => void = () => undefined;
  #lane: Lane | undefined;
  /** The lane's turn as last known here. */
  #turn: number | undefined;
  /** Messages in the batch at hand. */
  #size = 0;
  /** Results of calls in the batch at hand. */
  #returned: Returned[] = [];
  /** The lane's turn as somebody has seen it in the database. */
  #seenTurn = 0;
  #loadedAt = 0;
  #reactions = 0;
  #commits = 0;
  #trouble: string | undefined;

  constructor(options: WorkerOptions) {
    const { ambient, limits, payloads, code, store } = options;
    this.#options = options;
    this.#commands = new Commands(limits);
    this.#cache = new EntityCache(limits, options.fresh);
    this.#activities = new Activities({
      participant: code.table.name,
      activities: code.service.activities,
      queues: options.queues,
      bytesMax: limits.cachedBytesMax,
      timeLimitMs: (activity) => callRules(code.table.policies.get(activity), limits).timeLimitMs,
      ambient,
      onReturn: () => this.#onWork(),
      hasLeft: (entity) => this.#cache.hasLeft(entity),
    });
    this.#batchSize = new BatchSize(limits.batchMessagesMax);
    this.#loader = new ParkedLoader({ store, limits, fresh: options.fresh });
    this.#count = new ParkedCount({ ...options, participant: code.table.name });
    const own = { cache: this.#cache, activities: this.#activities, loader: this.#loader };
    const parts = { ...own, code, store, ambient, limits, payloads, batchSize: this.#batchSize };
    this.#processor = new Processor(parts);
    this.#unfinished = { ...parts, participant: code.table.name };
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

  /** No message at hand, no call under way, as far as is known. */
  get isCaughtUp(): boolean {
    const caughtUp = this.#lane?.intakes.every((intake) => !intake.behind && intake.waiting === 0) ?? false;
    return caughtUp && this.#commands.waiting === 0 && this.#activities.isCalm;
  }

  /** Calls `listener` whenever there is something to do. */
  onWork(listener: () => void): void {
    this.#onWork = listener;
  }

  /** Queues a command. Throws `Q_OVERLOADED`. */
  send(waiting: Waiting): void {
    this.#commands.add(waiting);
    this.#onWork();
  }

  /** Hands over rows that a source in this process has committed. */
  offer(source: string, rows: readonly HandedRow[]): void {
    this.handOver(source, rows);
    this.#onWork();
  }

  /** Hands over rows of the round in which this worker takes part. */
  handOver(source: string, rows: readonly HandedRow[]): void {
    this.#intakeOf(source)?.offer(rows);
  }

  /** Looks into the source's journal soon, or into all: they may have grown by another process's hand. */
  look(source?: string): void {
    for (const intake of this.#lane?.intakes ?? [])
      if (source === undefined || intake.source === source) intake.suspect();
    this.#onWork();
  }

  /** Says where the lanes of the database stand: other processes may have written. */
  noticed(marks: Marks): void {
    const { lane } = this.#options;
    this.#seenTurn = Math.max(this.#seenTurn, marks.get(this.participant)?.get(lane)?.turn ?? 0);
    for (const intake of this.#lane?.intakes ?? []) {
      intake.reached(marks.get(intake.source)?.get(lane)?.head ?? 0);
    }
    if (this.#isOvertaken() || this.#lane?.intakes.some(({ behind }) => behind) === true) this.#onWork();
  }

  /** Says that the source has committed up to `head`. */
  reached(source: string, head: number): void {
    this.#intakeOf(source)?.reached(head);
  }

  status(): ParticipantStatus {
    return {
      name: this.participant,
      reactions: this.#reactions,
      commits: this.#commits,
      waiting: (this.#lane?.waiting ?? 0) + this.#commands.waiting,
      parked: this.#lane?.parking.census() ?? this.#count.last,
      activitiesRunning: this.#activities.running,
      outages: this.#options.queues.outages(),
      trouble: this.#trouble,
    };
  }

  /**
   * Makes ready for a round: reads the lane where it is not known, or where another process has written to it. Gives the
   * flush of a lost answer that turned out to be committed.
   */
  async open(): Promise<Decided | undefined> {
    const lane = this.#isOvertaken() ? undefined : this.#lane;
    if (lane === undefined) return this.#recover();
    await this.#count.renew(lane.parking);
    if (this.#activities.takeOverflow()) await startUnfinished(this.#unfinished, lane);
    return undefined;
  }

  /** Answers the callers of a flush that turned out to be committed. */
  answerFound(found: Decided): void {
    this.#told(found, found.verdicts);
  }

  /** Takes what is at hand and fits into the batch; nothing where there is nothing. */
  async gather(): Promise<Gathered | undefined> {
    const { ambient, limits, code } = this.#options;
    const lane = this.#openLane();
    const most = this.#batchSize.messages - this.#size;
    const bytes = limits.batchBytesMax - this.#processor.weight;
    if (most <= 0 || bytes <= 0) return undefined;
    const now = ambient.clock.now();
    for (const intake of lane.intakes) {
      if (lane.deadlineAt <= now && intake.takenUntil < lane.deadlineAt) intake.suspect();
      await intake.fill(now);
    }
    // Once a round: the table does not know yet what the round has done about them.
    const isFirst = this.#size === 0;
    if (isFirst) this.#loader.trim(lane);
    const due = isFirst ? await this.#due(lane, { now, most }) : [];
    const again = isFirst ? await this.#loader.due(lane, { now, most: most - due.length }) : [];
    const rest = most - due.length - again.length;
    const returned = this.#activities.takeReturned(rest);
    this.#returned.push(...returned);
    const commands = this.#commands.take({ messages: rest - returned.length, bytes });
    const rows = rest - returned.length - commands.length;
    if (!this.#batchSize.isNarrow) this.#trouble = undefined;
    // A flood of others does not keep events waiting.
    const atLeast = this.#batchSize.isAlone ? 0 : 1;
    const events = gatherEvents(code.table, lane.intakes, { rows: Math.max(atLeast, rows), bytes });
    await noteStrangers(lane, this.participant, this.#options);
    const gathered = { again, commands, returned, due, ...events };
    const size = sizeOf(gathered);
    this.#size += size;
    if (size === 0) return undefined;
    await this.#processor.load(lane, gathered);
    return gathered;
  }

  /** Decides what was gathered, and gives the journal rows that came of it. */
  async decide(gathered: Gathered, scope?: TransactScope): Promise<readonly HandedRow[]> {
    await this.#processor.decide(this.#openLane(), scope === undefined ? { gathered } : { gathered, scope });
    return this.#processor.takeDecidedRows();
  }

  /** Ends the batch, if there is one; what becomes of it must be told by `conclude`, `refuse` or `fail`. */
  seal(): Decided | undefined {
    return this.#processor.seal(this.#openLane());
  }

  /** Runs `work` in a transaction of the store, for handlers that want one. */
  transact(work: (scope: TransactScope) => Promise<FlushResult>): Promise<FlushResult> {
    return this.#options.store.transact(work);
  }

  /** After the commit: answers callers and starts calls. False where it turned out to be decided from something old. */
  async conclude(decided: Decided): Promise<boolean> {
    const { ids, weight } = this.#processor.last;
    const lane = this.#openLane();
    const verdicts = await this.#processor.conclude(lane, decided);
    if (verdicts === undefined) return false;
    this.#turn = lane.turn;
    this.#returned = [];
    this.#size = 0;
    this.#batchSize.grow(ids, weight > this.#options.limits.batchBytesMax / 2);
    this.#told(decided, verdicts);
    return true;
  }

  /** After a flush that was not written: what was gathered comes again, and the lane is read anew. */
  async refuse(why: "overtaken" | "repeated" | "with others"): Promise<void> {
    const commands = this.#commands.taken;
    this.#processor.refuse();
    this.#reset();
    if (why === "overtaken") this.#cache.clear();
    if (why === "repeated") await this.#answerRepeats(commands);
  }

  /** After a round that came to nothing before it was written, for the trouble of another one in it. */
  withdraw(): void {
    this.#processor.abandon();
    this.#reset();
  }

  /** After an error: whatever was known may be wrong now, and what was sealed may have been written or not. */
  fail(error: unknown): void {
    this.#processor.abandon();
    this.#reset();
    this.#cache.clear();
    const { participant } = this;
    const message = error instanceof Error ? error.message : String(error);
    if (message !== this.#trouble) this.#options.ambient.log({ level: "error", message, participant });
    this.#trouble = message;
    if (isQuadrilleError(error) && error.code === "Q_CONTRACT_SUPERSEDED")
      this.#commands.rejectAll(false, error);
  }

  /** After an error of a batch of its own. Whether the next batch, a smaller one, has a better chance. */
  narrow(error: unknown): boolean {
    const { ids } = this.#processor.last;
    const isNarrowed = this.#batchSize.shrink(error, ids);
    if (isNarrowed) this.#processor.refuse();
    if (isNarrowed) this.#reset();
    else this.fail(error);
    return isNarrowed;
  }

  /** Whether its batches are smaller than usual, to find the message whose rows are refused. */
  get isNarrow(): boolean {
    return this.#batchSize.isNarrow;
  }

  /** When time alone will bring work, in milliseconds since 1970. */
  nextDue(): number {
    return this.#lane?.nextDue() ?? this.#options.ambient.clock.now();
  }

  /** Forgets a command whose caller has given up. In the batch at hand, it takes effect all the same. */
  forget(command: Waiting): void {
    this.#commands.forget(command);
  }

  /** Ends its activities and rejects the commands that wait. */
  async stop(): Promise<void> {
    await this.#activities.stop();
    this.abandon();
  }

  /** Rejects the commands that wait, though a round may still be under way. */
  abandon(): void {
    this.#commands.rejectAll(this.#processor.isInDoubt);
  }

  /**
   * Whether another process has written to the lane: an operator who redrove something, or an engine that left behind a
   * deadline, a call or a message set aside and is gone. To be asked between rounds: in a round, it may be its own flush.
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

  #reset(): void {
    if (this.#lane !== undefined) {
      this.#count.keep(this.#lane.parking);
      this.#loader.forget(this.#lane.parking);
    }
    this.#lane = undefined;
    this.#size = 0;
    this.#commands.putBack(this.#processor.isInDoubt);
    this.#activities.putBack(this.#returned);
    this.#returned = [];
  }

  #told({ flush, writes }: Decided, verdicts: readonly Verdict[]): void {
    this.#reactions += flush.journal.length;
    if (writes) this.#commits += 1;
    logDead(this.#options.ambient, this.participant, flush.parked);
    if (flush.parked.length > 0) this.#count.warn(this.#openLane().parking);
    this.#commands.conclude(verdicts);
  }

  /** Gives the commands that came before their first answers, and leaves the others for the next batch. */
  async #answerRepeats(commands: readonly Waiting[]): Promise<void> {
    const keys = commands.flatMap(({ idempotencyKey }) =>
      idempotencyKey === undefined ? [] : [idempotencyKey],
    );
    const answers = await this.#options.store.answers(keys);
    const verdicts = commands.flatMap((command) => {
      const first = answers.get(command.idempotencyKey ?? "");
      return first === undefined ? [] : [{ command, answer: repeated(first, command) }];
    });
    this.#commands.conclude(verdicts);
  }

  async #recover(): Promise<Decided | undefined> {
    const { store, lane: number, sources, limits, generation } = this.#options;
    // A flush whose answer was lost may commit at any moment. From here on it has, or never will.
    if (this.#processor.isInDoubt) await store.skipTurn(number);
    const opened = { number, store, sources, limits, generation, census: this.#count.last };
    const lane = await openLane(opened);
    await this.#count.renew(lane.parking);
    // Somebody else has written: the fence is up to date now, and would let through what was decided from an old entity.
    if (this.#turn !== undefined && this.#turn !== lane.turn) this.#cache.clear();
    this.#lane = lane;
    this.#turn = lane.turn;
    this.#loadedAt = this.#options.ambient.clock.steady();
    await startUnfinished(this.#unfinished, lane);
    // Last of all: it is found once.
    return await this.#processor.settle(lane);
  }

  /**
   * Entities whose deadline has come and was not beaten by an event that is still to be taken. When none is due, learns of
   * the earliest deadline.
   */
  async #due(
    lane: Lane,
    { now, most }: { readonly now: number; readonly most: number },
  ): Promise<readonly EntityRecord[]> {
    const { store } = this.#options;
    const fair = lane.takenUntil(now);
    if (fair < lane.deadlineAt) return [];
    const due = await store.due(lane.number, fair, most);
    if (due.length === 0) lane.deadlineAt = (await store.nextDue(lane.number)) ?? Number.POSITIVE_INFINITY;
    return due;
  }
}
