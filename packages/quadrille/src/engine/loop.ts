// The loop of the participants that share a lane number and a database in this process. It works in rounds: every
// participant takes what is at hand, hears in memory what the others have just decided, and one transaction commits the
// flushes of all of them. So a saga needs a commit for each time it goes outside, and not one for each of its reactions.
import type { Ambient } from "../ambient/ambient.ts";
import type { Database, Flush, FlushResult, RoundResult } from "../store/store.ts";
import { bell, type Bell } from "./bell.ts";
import type { Limits } from "./limits.ts";
import { backoffMs } from "./parking.ts";
import type { Decided } from "./processor.ts";
import type { Worker } from "./worker.ts";

/** A flush that was committed, and by whom. */
export interface Committed {
  readonly participant: string;
  readonly flush: Flush;
}

/** What a loop is made of. */
export interface LoopOptions {
  readonly workers: readonly Worker[];
  readonly database: Pick<Database, "flush">;
  readonly ambient: Ambient;
  readonly limits: Limits;
  /** Called after each commit with what it wrote; `informed` know of it already. */
  readonly onCommit: (committed: readonly Committed[], informed: ReadonlySet<Worker>) => void;
  /** Called with a flush whose answer was lost and that seems to have been committed; the tables know. */
  readonly onFound: (found: Committed) => void;
  /** Called when nothing is at hand. */
  readonly onRest: () => void;
}

/** A worker and how it fares. One in trouble works alone, so that it holds up nobody else. */
interface Member {
  readonly worker: Worker;
  /** Rounds in a row that came to nothing because of it. */
  failures: number;
  /** When it may try again, on the steady clock. */
  resumeAt: number;
}

/** A worker's batch, ready to be written. */
interface Sealed {
  readonly worker: Worker;
  readonly decided: Decided;
}

/** Works until it is told to stop. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #members: readonly Member[];
  readonly #bell: Bell;
  #resting = false;
  /** The worker whose own doing goes on right now: an error is its trouble alone. */
  #acting: Worker | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#members = options.workers.map((worker) => ({ worker, failures: 0, resumeAt: 0 }));
    this.#bell = bell(options.ambient.clock);
    for (const { worker } of this.#members) worker.onWork(() => this.#wake());
  }

  /** Nothing at hand, nothing under way. */
  get idle(): boolean {
    return this.#resting && this.#members.every(({ worker }) => worker.isCaughtUp);
  }

  /** Works until `stop` aborts, then ends the round at hand and the activities. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      let hasWorked = false;
      for (const crew of this.#crews()) {
        if (!stop.aborted) hasWorked = (await this.#try(crew)) || hasWorked;
      }
      if (!hasWorked && !stop.aborted) await this.#rest(stop);
    }
    await Promise.all(this.#members.map(({ worker }) => worker.stop()));
  }

  #wake(): void {
    this.#resting = false;
    this.#bell.ring();
  }

  /** Who takes part in the next rounds: all that are well together, each of the others alone when its time has come. */
  #crews(): readonly (readonly Member[])[] {
    const now = this.#options.ambient.clock.steady();
    const well = this.#members.filter(({ failures }) => failures === 0);
    const others = this.#members.filter(({ failures, resumeAt }) => failures > 0 && resumeAt <= now);
    return [...(well.length > 0 ? [well] : []), ...others.map((member) => [member])];
  }

  /** Runs a round, and notes who was the cause if it came to nothing. */
  async #try(crew: readonly Member[]): Promise<boolean> {
    const workers = crew.map(({ worker }) => worker);
    try {
      const result = await this.#round(workers);
      if (result !== "nothing" && result.result === "overtaken") {
        this.#blame(crew.filter(({ worker }) => worker.participant === result.participant));
      } else {
        for (const member of crew) member.failures = 0;
      }
      return result !== "nothing";
    } catch (error) {
      const acting = crew.filter(({ worker }) => worker === this.#acting);
      this.#acting = undefined;
      // Where the database did not say whose flush it was, each one shows by itself whether it can be written.
      const blamed = acting.length === 0 ? crew : acting;
      for (const member of crew) {
        if (blamed.includes(member)) member.worker.fail(error);
        else member.worker.withdraw();
      }
      this.#blame(blamed);
      return true;
    }
  }

  /** Two processes on one lane overtake each other: from the second time on, each steps aside for another while. */
  #blame(members: readonly Member[]): void {
    const { ambient, limits } = this.#options;
    for (const member of members) {
      member.failures += 1;
      const limited = { ...limits, backoffMsMax: limits.pauseMsMax };
      const pauseMs =
        member.failures > 1 ? backoffMs(limited, member.failures - 1, () => ambient.random()) : 0;
      member.resumeAt = ambient.clock.steady() + pauseMs;
    }
  }

  async #round(crew: readonly Worker[]): Promise<RoundResult | "nothing"> {
    for (const worker of crew) await this.#open(worker);
    const [first] = crew;
    if (first?.transacts === true) return this.#transact(first);
    await this.#decide(crew);
    const sealed = this.#seal(crew);
    if (sealed.length === 0) return "nothing";
    await this.#options.ambient.failpoint("batch-decided");
    return this.#settle(crew, sealed, await this.#write(sealed));
  }

  async #open(worker: Worker): Promise<void> {
    this.#acting = worker;
    const flush = await worker.open();
    this.#acting = undefined;
    if (flush !== undefined) this.#options.onFound({ participant: worker.participant, flush });
  }

  /**
   * Has everybody take what is at hand, until nobody finds anything more. It comes to an end because a batch is limited.
   * Consumers in the crew hear of the rows at once: they are committed together with what is made of them.
   */
  async #decide(crew: readonly Worker[]): Promise<void> {
    for (let isMoving = true; isMoving; ) {
      isMoving = false;
      for (const worker of crew) {
        this.#acting = worker;
        const gathered = await worker.gather();
        if (gathered === undefined) continue;
        isMoving = true;
        const rows = await worker.decide(gathered);
        if (rows.length === 0) continue;
        for (const consumer of crew) consumer.handOver(worker.participant, rows);
      }
    }
    this.#acting = undefined;
  }

  #seal(crew: readonly Worker[]): readonly Sealed[] {
    return crew.flatMap((worker) => {
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
  async #transact(worker: Worker): Promise<RoundResult | "nothing"> {
    const gathered = await worker.gather();
    if (gathered === undefined) return "nothing";
    let sealed: readonly Sealed[] = [];
    const result: FlushResult = await worker.transact(async (scope) => {
      await worker.decide(gathered, scope);
      sealed = this.#seal([worker]);
      await this.#options.ambient.failpoint("batch-decided");
      const [writing] = writtenBy(sealed);
      return writing === undefined ? "committed" : scope.flush(writing.flush);
    });
    const { participant } = worker;
    return this.#settle([worker], sealed, result === "committed" ? { result } : { result, participant });
  }

  async #settle(
    crew: readonly Worker[],
    sealed: readonly Sealed[],
    result: RoundResult,
  ): Promise<RoundResult> {
    await this.#options.ambient.failpoint("flush-committed");
    if (result.result === "committed") return this.#conclude(crew, sealed);
    for (const worker of crew) {
      await worker.refuse(worker.participant === result.participant ? result.result : "with others");
    }
    return result;
  }

  /** What is committed is passed on, whoever fails at the end: its callers are answered once it has found its flush. */
  async #conclude(crew: readonly Worker[], sealed: readonly Sealed[]): Promise<RoundResult> {
    const committed = writtenBy(sealed);
    const old: Worker[] = [];
    for (const { worker, decided } of sealed) {
      try {
        if (await worker.conclude(decided)) continue;
        await worker.refuse("overtaken");
      } catch (error) {
        worker.fail(error);
      }
      old.push(worker);
    }
    for (const { participant, flush } of committed) {
      for (const worker of crew) worker.reached(participant, flush.head);
    }
    this.#options.onCommit(committed, new Set(crew));
    const [first] = old;
    return first === undefined
      ? { result: "committed" }
      : { result: "overtaken", participant: first.participant };
  }

  async #rest(stop: AbortSignal): Promise<void> {
    const { ambient, limits, onRest } = this.#options;
    this.#resting = true;
    onRest();
    const now = ambient.clock.now();
    const steady = ambient.clock.steady();
    const waits = this.#members.map(({ worker, failures, resumeAt }) =>
      failures > 0 ? resumeAt - steady : worker.nextDue() - now,
    );
    await this.#bell.wait(Math.max(0, Math.min(limits.pollMs, ...waits)), stop);
    this.#resting = false;
  }
}

function writtenBy(sealed: readonly Sealed[]): readonly Committed[] {
  return sealed
    .filter(({ decided }) => decided.writes)
    .map(({ worker, decided }) => ({ participant: worker.participant, flush: decided.flush }));
}
