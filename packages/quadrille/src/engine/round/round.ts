// One round: every worker of a crew takes what is at hand, hears in memory what the others have just decided, and one
// transaction writes the flushes of all of them. So a saga needs a commit for each time it goes outside, and not one
// for each of its reactions.
import type { Ambient } from "../../ambient/ambient.ts";
import type { Database, Flush, FlushResult, RoundResult } from "../../store/store.ts";
import type { Decided } from "./processor.ts";
import type { Worker } from "./worker.ts";

/** A flush that was committed, and by whom. */
export interface Committed {
  readonly participant: string;
  readonly flush: Flush;
}

/** What a round needs besides its crew. */
export interface RoundOptions {
  readonly database: Pick<Database, "flush">;
  readonly ambient: Ambient;
  /** Called after each commit with what it wrote; `informed` know of it already. */
  readonly onCommit: (committed: readonly Committed[], informed: ReadonlySet<Worker>) => void;
  /** Called with a flush whose answer was lost and that seems to have been committed; the tables know. */
  readonly onFound: (found: Committed) => void;
}

/** Whether there was anything to do, and because of whom some of it came to nothing. */
export interface RoundOutcome {
  readonly hasWorked: boolean;
  readonly blamed: readonly Worker[];
  /** It failed, and the next one has a better chance, with a smaller batch. */
  readonly isNarrowed?: boolean;
}

/** A worker's batch, ready to be written. */
interface Sealed {
  readonly worker: Worker;
  readonly decided: Decided;
}

/** A round of a crew, to be run once. */
export class Round {
  readonly #crew: readonly Worker[];
  readonly #options: RoundOptions;
  /** The worker whose own doing goes on right now: an error is its trouble alone. */
  #acting: Worker | undefined;

  constructor(crew: readonly Worker[], options: RoundOptions) {
    this.#crew = crew;
    this.#options = options;
  }

  /** Runs it. What goes wrong is dealt with and told; it never rejects. */
  async run(): Promise<RoundOutcome> {
    try {
      for (const worker of this.#crew) await this.#open(worker);
      const [first] = this.#crew;
      return first?.transacts === true ? await this.#transact(first) : await this.#work();
    } catch (error) {
      return this.#fail(error);
    }
  }

  async #open(worker: Worker): Promise<void> {
    this.#acting = worker;
    const found = await worker.open();
    this.#acting = undefined;
    if (found === undefined) return;
    this.#options.onFound({ participant: worker.participant, flush: found.flush });
    worker.answerFound(found);
  }

  async #work(): Promise<RoundOutcome> {
    await this.#decide();
    const sealed = this.#seal();
    if (sealed.length === 0) return { hasWorked: false, blamed: [] };
    await this.#options.ambient.failpoint("batch-decided");
    return this.#settle(sealed, await this.#write(sealed));
  }

  /**
   * Has everybody take what is at hand, until nobody finds anything more. It comes to an end because a batch is limited.
   * Consumers in the crew hear of the rows at once: they are committed together with what is made of them.
   */
  async #decide(): Promise<void> {
    for (let isMoving = true; isMoving; ) {
      isMoving = false;
      for (const worker of this.#crew) isMoving = (await this.#decideOne(worker)) || isMoving;
    }
  }

  async #decideOne(worker: Worker): Promise<boolean> {
    this.#acting = worker;
    const gathered = await worker.gather();
    const rows = gathered === undefined ? [] : await worker.decide(gathered);
    this.#acting = undefined;
    if (rows.length > 0) {
      for (const consumer of this.#crew) consumer.handOver(worker.participant, rows);
    }
    return gathered !== undefined;
  }

  #seal(): readonly Sealed[] {
    return this.#crew.flatMap((worker) => {
      const decided = worker.seal();
      return decided === undefined ? [] : [{ worker, decided }];
    });
  }

  async #write(sealed: readonly Sealed[]): Promise<RoundResult> {
    const writing = writtenBy(sealed);
    if (writing.length === 0) return { result: "committed" };
    return this.#options.database.flush(
      new Map(writing.map(({ participant, flush }) => [participant, flush])),
    );
  }

  /** A participant whose handlers want the transaction decides within it, and alone. */
  async #transact(worker: Worker): Promise<RoundOutcome> {
    const gathered = await worker.gather();
    if (gathered === undefined) return { hasWorked: false, blamed: [] };
    let sealed: readonly Sealed[] = [];
    const result: FlushResult = await worker.transact(async (scope) => {
      await worker.decide(gathered, scope);
      sealed = this.#seal();
      await this.#options.ambient.failpoint("batch-decided");
      const [writing] = writtenBy(sealed);
      return writing === undefined ? "committed" : scope.flush(writing.flush);
    });
    const { participant } = worker;
    return this.#settle(sealed, result === "committed" ? { result } : { result, participant });
  }

  async #settle(sealed: readonly Sealed[], result: RoundResult): Promise<RoundOutcome> {
    await this.#options.ambient.failpoint("flush-committed");
    if (result.result === "committed") return this.#conclude(sealed);
    const cause = this.#crew.filter(({ participant }) => participant === result.participant);
    for (const worker of this.#crew) {
      this.#acting = worker;
      await worker.refuse(cause.includes(worker) ? result.result : "with others");
    }
    // A repeat has got its answer: no reason to work alone.
    return { hasWorked: true, blamed: result.result === "overtaken" ? cause : [] };
  }

  /** What is committed is passed on, whoever fails at the end: its callers are answered once it has found its flush. */
  async #conclude(sealed: readonly Sealed[]): Promise<RoundOutcome> {
    const committed = writtenBy(sealed);
    const blamed: Worker[] = [];
    // Before callers get their answers: whoever asks then for the saga's end is not told of the one before.
    this.#options.onCommit(committed, new Set(this.#crew));
    for (const { worker, decided } of sealed) {
      if (!(await this.#concludeOne(worker, decided))) blamed.push(worker);
    }
    for (const { participant, flush } of committed) {
      for (const worker of this.#crew) worker.reached(participant, flush.head);
    }
    return { hasWorked: true, blamed };
  }

  async #concludeOne(worker: Worker, decided: Decided): Promise<boolean> {
    try {
      if (await worker.conclude(decided)) return true;
      await worker.refuse("overtaken");
    } catch (error) {
      worker.fail(error);
    }
    return false;
  }

  /**
   * Where it was one worker's own doing, nothing was written, and the others are well. Otherwise the database did not say
   * whose flush it was, or whether it was committed: each one has to find out by itself.
   */
  #fail(error: unknown): RoundOutcome {
    const acting = this.#acting;
    let isNarrowed = false;
    for (const worker of this.#crew) {
      if (acting !== undefined && worker !== acting) worker.withdraw();
      // Of several it is not known whose rows were refused: each one tries alone.
      else if (this.#crew.length === 1 || acting !== undefined)
        isNarrowed = worker.narrow(error) || isNarrowed;
      else worker.fail(error);
    }
    return { hasWorked: true, blamed: acting === undefined ? this.#crew : [acting], isNarrowed };
  }
}

function writtenBy(sealed: readonly Sealed[]): readonly Committed[] {
  return sealed
    .filter(({ decided }) => decided.writes)
    .map(({ worker, decided }) => ({ participant: worker.participant, flush: decided.flush }));
}
