// One round: each worker's batch takes its pending messages, receives in memory what the others have just
// decided, and one transaction writes the flushes of all. So a saga needs a commit per call to the outside,
// and not per reaction.
import type { Ambient } from "../../ambient/ambient.ts";
import type { Database, RoundResult } from "../../store/database.ts";
import type { Flush, FlushResult } from "../../store/store.ts";
import type { HandedRow } from "../message/incoming.ts";
import type { Limits } from "../message/limits.ts";
import type { Batch, RoundRoom } from "./batch.ts";
import type { Sealed } from "./sealed.ts";
import type { Worker } from "./worker.ts";

/** A flush that was committed, and by whom. */
export interface Committed {
  readonly participant: string;
  readonly flush: Flush;
  /** Sagas of which it has taken a message without effect. */
  readonly passedOver?: ReadonlySet<string>;
}

/** What a round needs besides its workers. */
export interface RoundOptions {
  readonly database: Pick<Database, "flush">;
  readonly ambient: Ambient;
  readonly limits: Pick<Limits, "batchMessagesMax" | "batchBytesMax">;
  /** Called after each commit with what it wrote; `alreadyNotified` have received it in memory. */
  readonly onCommit: (committed: readonly Committed[], alreadyNotified: ReadonlySet<Worker>) => void;
  /** Called with a flush whose answer was lost and that seems to have been committed; the tables know. */
  readonly onFound: (found: Committed) => void;
}

/** Whether there was anything to do, and which workers failed. */
export interface RoundOutcome {
  readonly hasWorked: boolean;
  /** Workers that work alone until a round of theirs succeeds. */
  readonly failed: readonly Worker[];
  /** It failed, and the next one has a better chance, with a smaller batch. */
  readonly isNarrowed?: boolean;
  /** The lane after which others had to leave work for the next round. */
  readonly fullLane?: number;
}

/** A worker's batch, ready to be written. */
interface Writing {
  readonly worker: Worker;
  readonly batch: Batch;
  readonly sealed: Sealed;
}

/** A round of some workers, to be run once. */
export class Round {
  readonly #workers: readonly Worker[];
  readonly #options: RoundOptions;
  /** The workers of each lane: what one of them decides goes to the others. */
  readonly #byLane: ReadonlyMap<number, readonly Worker[]>;
  /** The workers of each participant, by lane, in the order of this round. */
  readonly #participants: readonly (readonly Worker[])[];
  /** Of the workers that have work. */
  readonly #batches = new Map<Worker, Batch>();
  readonly #rooms = new Map<string, RoundRoom>();
  /** The workers at work, which an error belongs to: they are reading their lanes, or deciding. */
  #acting: readonly Worker[] = [];

  /** The lane after which there was no more room for a participant. */
  #fullLane: number | undefined;

  /** It begins with the lane after `after`: where there is not room for all, each has its turn. */
  constructor(workers: readonly Worker[], options: RoundOptions, after?: number) {
    this.#workers = workers;
    this.#options = options;
    this.#byLane = Map.groupBy(workers, ({ lane }) => lane);
    const lanes = [...this.#byLane.values()];
    const first = lanes.findIndex(([worker]) => worker?.lane === after) + 1;
    const inTurn = [...lanes.slice(first), ...lanes.slice(0, first)].flat();
    this.#participants = [...Map.groupBy(inTurn, ({ participant }) => participant).values()];
  }

  /** Runs it. Errors are handled and reported; it never rejects. */
  async run(): Promise<RoundOutcome> {
    try {
      const failed = await this.#open();
      if (failed.length > 0) return { hasWorked: true, failed };
      const [first] = this.#batches;
      if (first === undefined) return { hasWorked: false, failed: [] };
      return first[0].transacts ? await this.#transact(...first) : await this.#work();
    } catch (error) {
      return this.#fail(error);
    }
  }

  /**
   * Begins the batches of those that have work. Gives those whose lanes could not be read; the others are
   * withdrawn then.
   */
  async #open(): Promise<readonly Worker[]> {
    const opening = this.#workers.filter((worker) => worker.hasWork);
    const opened = await Promise.allSettled(opening.map((worker) => this.#begin(worker)));
    const failed = opening.flatMap((worker, index) => {
      const result = opened[index];
      return result?.status === "rejected" ? [{ worker, error: result.reason as unknown }] : [];
    });
    if (failed.length === 0) return [];
    for (const { worker, error } of failed) worker.fail(error);
    for (const batch of this.#batches.values()) await batch.withdrawn();
    return failed.map(({ worker }) => worker);
  }

  async #begin(worker: Worker): Promise<Batch> {
    const found = await worker.open();
    const batch = worker.begin(this.#roomOf(worker));
    this.#batches.set(worker, batch);
    if (found !== undefined) {
      this.#options.onFound({ participant: worker.participant, flush: found.flush });
      worker.answerFound(found);
    }
    return batch;
  }

  /**
   * Lets each participant gather and decide until none has more work; it terminates because batches are
   * bounded.
   */
  async #work(): Promise<RoundOutcome> {
    let hasWorked = false;
    for (let isMoving = true; isMoving; ) {
      isMoving = false;
      for (const workers of this.#participants) if (await this.#decide(workers)) isMoving = true;
      hasWorked ||= isMoving;
    }
    const writing = this.#seal();
    if (writing.length === 0) return { ...this.#nothing(), hasWorked };
    await this.#options.ambient.failpoint("batch-decided");
    return this.#settle(writing, await this.#write(writing));
  }

  /** Lets a participant decide what is there, lane by lane. False where nothing was pending. */
  async #decide(workers: readonly Worker[]): Promise<boolean> {
    const busy = workers.filter((worker) => worker.hasWork);
    await this.#readRequests(busy);
    if (busy.length > 1) await this.#lookAhead(busy);
    let isMoving = false;
    for (const worker of busy) {
      const batch = await this.#batchOf(worker);
      const rows = await batch.take();
      if (rows === undefined) continue;
      isMoving = true;
      this.#taking(worker);
      await this.#handOver(worker, rows);
    }
    this.#acting = [];
    return isMoving;
  }

  /** One statement reads the commands that other processes have left for all lanes. */
  async #readRequests(workers: readonly Worker[]): Promise<void> {
    const reading = workers.flatMap((worker) => {
      const batch = this.#batches.get(worker);
      const intake = batch?.wantedRequests;
      return batch === undefined || intake === undefined ? [] : [{ worker, batch, intake }];
    });
    const [first] = reading;
    if (first === undefined) return;
    this.#acting = reading.map(({ worker }) => worker);
    await first.batch.readRequests(reading.map(({ intake }) => intake));
  }

  /** One statement looks up the entities of all lanes; one for each lane would be most of their cost. */
  async #lookAhead(workers: readonly Worker[]): Promise<void> {
    const asking: { readonly worker: Worker; readonly batch: Batch; readonly keys: readonly string[] }[] = [];
    for (const worker of workers) {
      const batch = await this.#batchOf(worker);
      const keys = batch.unknownAhead();
      if (keys.length > 0) asking.push({ worker, batch, keys });
    }
    const [first] = asking;
    if (first === undefined) return;
    this.#acting = asking.map(({ worker }) => worker);
    const records = await first.batch.load(asking.flatMap(({ keys }) => keys));
    for (const { batch, keys } of asking) batch.know(keys, records);
  }

  /** Notes the first lane that has filled its participant's room. */
  #taking(worker: Worker): void {
    const { messages, bytes } = this.#roomOf(worker);
    if (messages <= 0 || bytes <= 0) this.#fullLane ??= worker.lane;
  }

  /**
   * Consumers in the round get the rows at once: they are committed together with their effects. A worker
   * that is handed rows has a batch: so it forgets the rows when the round is rolled back.
   */
  async #handOver({ participant, lane }: Worker, rows: readonly HandedRow[]): Promise<void> {
    if (rows.length === 0) return;
    for (const consumer of this.#byLane.get(lane) ?? []) {
      if (!consumer.inputs.reads(participant)) continue;
      // Most have one; to wait for nothing, for each lane and each consumer, was a large part of a round.
      if (!this.#batches.has(consumer)) await this.#batchOf(consumer);
      consumer.inputs.handOver(participant, rows);
    }
  }

  /** A worker's batch of this round, begun where it has none yet. */
  async #batchOf(worker: Worker): Promise<Batch> {
    this.#acting = [worker];
    return this.#batches.get(worker) ?? this.#begin(worker);
  }

  #roomOf({ participant }: Worker): RoundRoom {
    const { batchMessagesMax: messages, batchBytesMax: bytes } = this.#options.limits;
    const room = this.#rooms.get(participant) ?? { messages, bytes };
    this.#rooms.set(participant, room);
    return room;
  }

  #seal(): readonly Writing[] {
    return this.#workers.flatMap((worker) => {
      const batch = this.#batches.get(worker);
      const sealed = batch?.seal();
      return batch === undefined || sealed === undefined ? [] : [{ worker, batch, sealed }];
    });
  }

  async #write(writing: readonly Writing[]): Promise<RoundResult> {
    const flushes = flushesOf(writing);
    if (flushes.length === 0) return { result: "committed" };
    const byParticipant = Map.groupBy(flushes, ({ participant }) => participant);
    return this.#options.database.flush(
      new Map(Array.from(byParticipant, ([name, written]) => [name, written.map(({ flush }) => flush)])),
    );
  }

  /** A participant whose handlers want the transaction decides within it, and alone. */
  async #transact(worker: Worker, batch: Batch): Promise<RoundOutcome> {
    await this.#readRequests([worker]);
    this.#acting = [worker];
    const gathered = await batch.gather();
    this.#acting = [];
    if (gathered === undefined) return this.#nothing();
    let writing: readonly Writing[] = [];
    const result: FlushResult = await worker.transact(async (scope) => {
      await batch.decide(gathered, scope);
      writing = this.#seal();
      await this.#options.ambient.failpoint("batch-decided");
      const [first] = flushesOf(writing);
      return first === undefined ? "committed" : scope.flush(first.flush);
    });
    const { participant, lane } = worker;
    return this.#settle(
      writing,
      result === "committed" ? { result } : { result, participant, lanes: [lane] },
    );
  }

  /** All could be read, and there was nothing to write. */
  #nothing(): RoundOutcome {
    for (const worker of this.#batches.keys()) worker.succeeded();
    return { hasWorked: false, failed: [] };
  }

  async #settle(writing: readonly Writing[], result: RoundResult): Promise<RoundOutcome> {
    await this.#options.ambient.failpoint("flush-committed");
    if (result.result === "committed") return this.#committed(writing);
    const lost = this.#workers.filter(
      ({ participant, lane }) => participant === result.participant && result.lanes.includes(lane),
    );
    for (const [worker, batch] of this.#batches) {
      this.#acting = [worker];
      await batch.rejected(lost.includes(worker) ? result.result : "with others");
    }
    // A repeat has its answer: no reason to work alone, unless it came to two lanes in this very round.
    const isAnswered = result.result === "repeated" && lost.length === 1;
    return { hasWorked: true, failed: isAnswered ? [] : lost };
  }

  /**
   * Committed rows are passed on even if a worker fails at the end: its callers are answered once it has
   * found its flush.
   */
  async #committed(writing: readonly Writing[]): Promise<RoundOutcome> {
    const flushes = flushesOf(writing);
    const failed: Worker[] = [];
    // Before callers get their answers: a caller that asks then for the saga's end gets the new one.
    this.#options.onCommit(flushes, new Set(this.#workers));
    for (const one of writing) {
      if (!(await conclude(one))) failed.push(one.worker);
    }
    for (const { participant, flush } of flushes) {
      for (const worker of this.#byLane.get(flush.lane) ?? []) worker.inputs.reached(participant, flush.head);
    }
    for (const worker of this.#batches.keys()) if (!failed.includes(worker)) worker.succeeded();
    const fullLane = this.#fullLane;
    return { hasWorked: true, failed, ...(fullLane === undefined ? {} : { fullLane }) };
  }

  /**
   * If workers failed by themselves, nothing was written and the others can go on. Otherwise it is unknown
   * whose flush failed, or whether it was committed, so each worker has to find out by itself.
   */
  async #fail(error: unknown): Promise<RoundOutcome> {
    const acting = this.#acting;
    const isAlone = this.#workers.length === 1 || acting.length === 1;
    let isNarrowed = false;
    for (const worker of this.#workers) {
      const batch = this.#batches.get(worker);
      const isActing = acting.includes(worker);
      if (batch === undefined) {
        if (isActing) worker.fail(error);
      } else if (acting.length > 0 && !isActing) await batch.withdrawn();
      else isNarrowed = (await batch.failed(error, isAlone)) || isNarrowed;
    }
    return {
      hasWorked: true,
      failed: acting.length === 0 ? [...this.#batches.keys()] : acting,
      isNarrowed,
    };
  }
}

/** Ends a batch that was committed. False where its worker has to find out by itself. */
async function conclude({ batch, sealed }: Writing): Promise<boolean> {
  try {
    if (await batch.committed(sealed)) return true;
    await batch.rejected("overtaken");
  } catch (error) {
    await batch.unknown(error);
  }
  return false;
}

function flushesOf(writing: readonly Writing[]): readonly Committed[] {
  return writing
    .filter(({ sealed }) => sealed.writes)
    .map(({ worker: { participant }, sealed: { flush, passedOver } }) => ({
      participant,
      flush,
      passedOver,
    }));
}
