// One round: each worker's batch takes what is pending, gets in memory what the others have just decided, and one transaction
// writes the flushes of all of them. So a saga needs a commit for each time it goes outside, and not one for each of its
// reactions.
import type { Ambient } from "../../ambient/ambient.ts";
import type { Database, Flush, FlushResult, RoundResult } from "../../store/store.ts";
import type { Batch } from "./batch.ts";
import type { Sealed } from "./sealed.ts";
import type { Worker } from "./worker.ts";

/** A flush that was committed, and by whom. */
export interface Committed {
  readonly participant: string;
  readonly flush: Flush;
}

/** What a round needs besides its workers. */
export interface RoundOptions {
  readonly database: Pick<Database, "flush">;
  readonly ambient: Ambient;
  /** Called after each commit with what it wrote; `alreadyNotified` know of it. */
  readonly onCommit: (committed: readonly Committed[], alreadyNotified: ReadonlySet<Worker>) => void;
  /** Called with a flush whose answer was lost and that seems to have been committed; the tables know. */
  readonly onFound: (found: Committed) => void;
}

/** Whether there was anything to do, and which workers failed. */
export interface RoundOutcome {
  readonly hasWorked: boolean;
  /** They work alone from now on, until a round of theirs goes well. */
  readonly failed: readonly Worker[];
  /** It failed, and the next one has a better chance, with a smaller batch. */
  readonly isNarrowed?: boolean;
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
  readonly #batches = new Map<Worker, Batch>();
  /** The worker that an error would be of: it is reading its lane, or deciding. */
  #acting: Worker | undefined;

  constructor(workers: readonly Worker[], options: RoundOptions) {
    this.#workers = workers;
    this.#options = options;
  }

  /** Runs it. Errors are handled and reported; it never rejects. */
  async run(): Promise<RoundOutcome> {
    try {
      for (const worker of this.#workers) await this.#begin(worker);
      const [first] = this.#batches;
      return first?.[0].transacts === true ? await this.#transact(...first) : await this.#work();
    } catch (error) {
      return this.#fail(error);
    }
  }

  async #begin(worker: Worker): Promise<void> {
    this.#acting = worker;
    const found = await worker.open();
    this.#acting = undefined;
    this.#batches.set(worker, worker.begin());
    if (found === undefined) return;
    this.#options.onFound({ participant: worker.participant, flush: found.flush });
    worker.answerFound(found);
  }

  async #work(): Promise<RoundOutcome> {
    await this.#decide();
    const writing = this.#seal();
    if (writing.length === 0) return { hasWorked: false, failed: [] };
    await this.#options.ambient.failpoint("batch-decided");
    return this.#settle(writing, await this.#write(writing));
  }

  /**
   * Lets each worker gather and decide until none has more work; it terminates because batches are bounded. Consumers in the
   * round get the rows at once: they are committed together with what is made of them.
   */
  async #decide(): Promise<void> {
    for (let isMoving = true; isMoving; ) {
      isMoving = false;
      for (const [worker, batch] of this.#batches) {
        this.#acting = worker;
        const rows = await batch.take();
        this.#acting = undefined;
        worker.isWell();
        if (rows === undefined) continue;
        isMoving = true;
        for (const consumer of rows.length === 0 ? [] : this.#workers)
          consumer.handOver(worker.participant, rows);
      }
    }
  }

  #seal(): readonly Writing[] {
    return [...this.#batches].flatMap(([worker, batch]) => {
      const sealed = batch.seal();
      return sealed === undefined ? [] : [{ worker, batch, sealed }];
    });
  }

  async #write(writing: readonly Writing[]): Promise<RoundResult> {
    const flushes = flushesOf(writing);
    if (flushes.length === 0) return { result: "committed" };
    return this.#options.database.flush(
      new Map(flushes.map(({ participant, flush }) => [participant, flush])),
    );
  }

  /** A participant whose handlers want the transaction decides within it, and alone. */
  async #transact(worker: Worker, batch: Batch): Promise<RoundOutcome> {
    this.#acting = worker;
    const gathered = await batch.gather();
    this.#acting = undefined;
    worker.isWell();
    if (gathered === undefined) return { hasWorked: false, failed: [] };
    let writing: readonly Writing[] = [];
    const result: FlushResult = await worker.transact(async (scope) => {
      await batch.decide(gathered, scope);
      writing = this.#seal();
      await this.#options.ambient.failpoint("batch-decided");
      const [first] = flushesOf(writing);
      return first === undefined ? "committed" : scope.flush(first.flush);
    });
    const { participant } = worker;
    return this.#settle(writing, result === "committed" ? { result } : { result, participant });
  }

  async #settle(writing: readonly Writing[], result: RoundResult): Promise<RoundOutcome> {
    await this.#options.ambient.failpoint("flush-committed");
    if (result.result === "committed") return this.#committed(writing);
    const lost = this.#workers.filter(({ participant }) => participant === result.participant);
    for (const [worker, batch] of this.#batches) {
      this.#acting = worker;
      await batch.rejected(lost.includes(worker) ? result.result : "with others");
    }
    // A repeat has got its answer: no reason to work alone.
    return { hasWorked: true, failed: result.result === "overtaken" ? lost : [] };
  }

  /** What is committed is passed on, whichever worker fails at the end: its callers are answered once it has found its flush. */
  async #committed(writing: readonly Writing[]): Promise<RoundOutcome> {
    const flushes = flushesOf(writing);
    const failed: Worker[] = [];
    // Before callers get their answers: a caller that asks then for the saga's end gets the new one.
    this.#options.onCommit(flushes, new Set(this.#workers));
    for (const one of writing) {
      if (!(await conclude(one))) failed.push(one.worker);
    }
    for (const { participant, flush } of flushes) {
      for (const worker of this.#workers) worker.reached(participant, flush.head);
    }
    return { hasWorked: true, failed };
  }

  /**
   * Where one worker failed by itself, nothing was written, and the others are well. Otherwise the database did not say whose
   * flush it was, or whether it was committed: each worker has to find out by itself.
   */
  async #fail(error: unknown): Promise<RoundOutcome> {
    const acting = this.#acting;
    const isAlone = this.#workers.length === 1 || acting !== undefined;
    let isNarrowed = false;
    for (const worker of this.#workers) {
      const batch = this.#batches.get(worker);
      if (acting !== undefined && worker !== acting) await batch?.withdrawn();
      else if (batch === undefined) worker.fail(error);
      else isNarrowed = (await batch.failed(error, isAlone)) || isNarrowed;
    }
    return { hasWorked: true, failed: acting === undefined ? this.#workers : [acting], isNarrowed };
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
    .map(({ worker, sealed }) => ({ participant: worker.participant, flush: sealed.flush }));
}
