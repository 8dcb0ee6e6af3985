// The loop of one participant's lane: wait, gather what is at hand, have it processed, answer callers, pass on.
import type { Ambient } from "../ambient/ambient.ts";
import type { CarriedRow, EntityRecord } from "../store/records.ts";
import type { Flush, Store } from "../store/store.ts";
import { Activities } from "./activities.ts";
import type { ParticipantStatus } from "./api.ts";
import { bell, type Bell } from "./bell.ts";
import type { Runnable } from "./code.ts";
import { Commands, repeated, type Waiting } from "./commands.ts";
import { EntityCache, type FreshSagas } from "./entity-cache.ts";
import { gatherEvents, isEmpty, type Gathered } from "./gather.ts";
import { callId } from "./incoming.ts";
import type { ReadRows } from "./intake.ts";
import { openLane, type Lane } from "./lane.ts";
import type { Limits } from "./limits.ts";
import { backoffMs } from "./parking.ts";
import type { Payloads } from "./payload.ts";
import { presentCall, Processor, type Decided } from "./processor.ts";

/** What a worker is made of. */
export interface WorkerOptions {
  readonly code: Runnable;
  readonly store: Store;
  readonly lane: number;
  /** The journals this participant reads, by source. */
  readonly sources: ReadonlyMap<string, ReadRows>;
  readonly ambient: Ambient;
  readonly limits: Limits;
  readonly payloads: Payloads;
  readonly fresh: FreshSagas;
  /** Called after each commit with what it wrote. */
  readonly onCommit: (flush: Flush) => void;
  /** Called when nothing is at hand. */
  readonly onRest: () => void;
}

/** Runs one lane of one participant. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #bell: Bell;
  readonly #commands: Commands;
  readonly #cache: EntityCache;
  readonly #activities: Activities;
  readonly #processor: Processor;
  #lane: Lane | undefined;
  /** The lane's turn as last known here. */
  #turn: number | undefined;
  #resting = false;
  #polledAt = 0;
  #lookedAt = 0;
  #reactions = 0;
  #commits = 0;
  #trouble: string | undefined;

  constructor(options: WorkerOptions) {
    const { ambient, limits, payloads, code, store } = options;
    this.#options = options;
    this.#bell = bell(ambient.clock);
    this.#commands = new Commands(limits.commandsWaitingMax);
    this.#cache = new EntityCache(limits.entitiesCachedMax, options.fresh);
    this.#activities = new Activities({
      participant: code.table.name,
      activities: code.service.activities,
      limits,
      ambient,
      onReturn: () => this.#wake(),
      hasLeft: (entity) => this.#cache.hasLeft(entity),
    });
    this.#processor = new Processor({
      code,
      store,
      ambient,
      limits,
      payloads,
      cache: this.#cache,
      activities: this.#activities,
    });
  }

  get participant(): string {
    return this.#options.code.table.name;
  }

  get lane(): number {
    return this.#options.lane;
  }

  /** Nothing at hand, nothing under way. */
  get idle(): boolean {
    const caughtUp = this.#lane?.intakes.every((intake) => !intake.behind && intake.waiting === 0) ?? false;
    return this.#resting && caughtUp && this.#commands.waiting === 0 && this.#activities.size === 0;
  }

  /** Queues a command. Throws `Q_OVERLOADED`. */
  send(waiting: Waiting): void {
    this.#commands.add(waiting);
    this.#wake();
  }

  /** Hands over rows that a source in this process has committed. */
  offer(source: string, rows: readonly CarriedRow[]): void {
    const intake = this.#lane?.intakes.find((one) => one.source === source);
    if (intake === undefined) return;
    intake.offer(rows);
    this.#wake();
  }

  /** Looks into the source's journal soon: it may have grown by another process's hand. */
  look(source: string): void {
    this.#lane?.intakes.find((one) => one.source === source)?.suspect();
    this.#wake();
  }

  status(): ParticipantStatus {
    return {
      name: this.participant,
      reactions: this.#reactions,
      commits: this.#commits,
      waiting: (this.#lane?.waiting ?? 0) + this.#commands.waiting,
      parked: this.#lane?.parking.census() ?? { deferred: 0, retrying: 0, waiting: 0, dead: 0 },
      activitiesRunning: this.#activities.running,
      trouble: this.#trouble,
    };
  }

  /** Works until `stop` aborts, then ends the batch at hand and its activities. */
  async run(stop: AbortSignal): Promise<void> {
    for (let failures = 0; !stop.aborted; ) {
      try {
        const outcome = await this.#cycle();
        failures = outcome === "overtaken" ? failures + 1 : 0;
        if (outcome === "nothing") await this.#rest(stop);
        // Two processes on one lane overtake each other: step aside for a moment, each for another one.
        else if (failures > 1) await this.#pause(failures, stop);
      } catch (error) {
        failures += 1;
        this.#fail(error);
        await this.#pause(failures, stop);
      }
    }
    await this.#activities.stop();
    this.#commands.rejectAll();
  }

  #wake(): void {
    this.#resting = false;
    this.#bell.ring();
  }

  async #cycle(): Promise<"worked" | "nothing" | "overtaken"> {
    const lane = this.#lane ?? (await this.#recover());
    this.#poll(lane);
    for (const intake of lane.intakes) await intake.fill();
    if (this.#activities.takeOverflow()) await this.#startUnfinished(lane);
    const gathered = await this.#gather(lane);
    this.#sayOverfull(this.#overfull(lane));
    if (isEmpty(gathered)) return "nothing";
    try {
      return await this.#process(lane, gathered);
    } catch (error) {
      this.#activities.putBack(gathered.returned);
      throw error;
    }
  }

  async #process(lane: Lane, gathered: Gathered): Promise<"worked" | "overtaken"> {
    const { result, decided } = await this.#processor.process(lane, gathered);
    if (result === "committed") {
      this.#turn = lane.turn;
      this.#conclude(decided);
      return "worked";
    }
    // Nothing was written: the lane is read again, and what was gathered comes again.
    this.#activities.putBack(gathered.returned);
    this.#lane = undefined;
    if (result === "repeated") await this.#answerRepeats(gathered.commands);
    else this.#cache.clear();
    return result === "overtaken" ? "overtaken" : "worked";
  }

  #conclude({ flush, writes, verdicts }: Decided): void {
    this.#reactions += flush.journal.length;
    if (writes) this.#commits += 1;
    this.#commands.conclude(verdicts);
    this.#options.onCommit(flush);
  }

  /** Gives the commands that came before their first answers, and leaves the others for the next batch. */
  async #answerRepeats(commands: readonly Waiting[]): Promise<void> {
    const keys = commands.flatMap(({ idempotencyKey }) =>
      idempotencyKey === undefined ? [] : [idempotencyKey],
    );
    const answers = await this.#options.store.answers(keys);
    const verdicts = commands.flatMap((command) => {
      const first = answers.get(command.idempotencyKey ?? "");
      return first === undefined ? [] : [{ command, answer: repeated(first) }];
    });
    this.#commands.conclude(verdicts);
  }

  async #recover(): Promise<Lane> {
    const { store, lane: number, sources, limits, ambient } = this.#options;
    const lane = await openLane({ number, store, sources, limits });
    const lost = await this.#processor.settle(lane);
    // Somebody else has written: the fence is up to date now, and would let through what was decided from an old entity.
    if (this.#turn !== undefined && this.#turn !== lane.turn) this.#cache.clear();
    this.#lane = lane;
    this.#turn = lane.turn;
    this.#lookedAt = ambient.clock.steady();
    if (lost !== undefined) this.#conclude(lost);
    await this.#startUnfinished(lane);
    return lane;
  }

  /** Starts the calls that the entities' states ask for, except those that are set aside until their time. */
  async #startUnfinished(lane: Lane): Promise<void> {
    const { store, limits } = this.#options;
    for (let after = "", more = true; more; ) {
      const page = await store.unfinished(lane.number, after, limits.readRowsMax);
      for (const entity of page) {
        this.#cache.renew(entity);
        const aside = lane.parking.call(presentCall(this.participant, entity));
        if (aside === undefined) this.#activities.start(entity);
        else if (lane.parking.holds(aside.id)) this.#activities.start(entity, aside.attempts + 1);
      }
      after = page.at(-1)?.key ?? "";
      more = page.length === limits.readRowsMax;
    }
  }

  /** Now and then, looks for what other processes may have written. */
  #poll(lane: Lane): void {
    const now = this.#options.ambient.clock.steady();
    if (now - this.#polledAt < this.#options.limits.pollMs) return;
    this.#polledAt = now;
    for (const intake of lane.intakes) intake.suspect();
  }

  async #gather(lane: Lane): Promise<Gathered> {
    const { ambient, limits, code } = this.#options;
    const now = ambient.clock.now();
    const most = limits.batchMessagesMax;
    const due = lane.deadlineAt <= now ? await this.#due(lane, now) : [];
    const again = lane.parking.due(now, most);
    const commands = this.#commands.peek(most);
    const returned = this.#activities.takeReturned();
    const room = Math.max(1, most - again.length - commands.length - returned.length - due.length);
    const intakes = this.#overfull(lane) === undefined ? lane.intakes : [];
    return { again, commands, returned, due, ...gatherEvents(code.table, intakes, room) };
  }

  #sayOverfull(message: string | undefined): void {
    if (message !== undefined && message !== this.#trouble) {
      this.#options.ambient.log({
        level: "warn",
        code: "Q_PARKED_FULL",
        message,
        participant: this.participant,
      });
    }
    this.#trouble = message;
  }

  #overfull(lane: Lane): string | undefined {
    const { parkedMax } = this.#options.limits;
    if (lane.parking.size < parkedMax) return undefined;
    return `${parkedMax} messages are set aside, so no more are taken; redrive or discard some.`;
  }

  /**
   * Entities whose deadline has come, without those whose deadline is set aside: these stay due in the table. When no
   * other is due, learns of the earliest deadline; if that is one set aside, looks again after a while.
   */
  async #due(lane: Lane, now: number): Promise<readonly EntityRecord[]> {
    const { store, limits } = this.#options;
    const most = limits.batchMessagesMax;
    const aside = ({ key, since }: EntityRecord): boolean =>
      lane.parking.call(callId("deadline", { participant: this.participant, key, since })) !== undefined;
    const page = await store.due(lane.number, now, most + lane.parking.calls);
    const due = page.filter((entity) => !aside(entity)).slice(0, most);
    if (due.length === 0) {
      const next = (await store.nextDue(lane.number)) ?? Number.POSITIVE_INFINITY;
      lane.deadlineAt = next <= now ? now + limits.pollMs : next;
    }
    return due;
  }

  async #rest(stop: AbortSignal): Promise<void> {
    const { ambient, limits, onRest } = this.#options;
    const lane = this.#lane;
    if (lane !== undefined && (await this.#overtaken(lane))) {
      this.#lane = undefined;
      return;
    }
    this.#resting = true;
    onRest();
    const now = ambient.clock.now();
    const untilDue = (lane?.nextDue() ?? now) - now;
    await this.#bell.wait(Math.max(0, Math.min(limits.pollMs, untilDue)), stop);
    this.#resting = false;
  }

  /**
   * Whether another process has written to the lane, asked now and then while at rest: an operator who redrove something,
   * or an engine that left behind a deadline, a call or a message set aside and is gone.
   */
  async #overtaken(lane: Lane): Promise<boolean> {
    const { ambient, limits, store } = this.#options;
    const now = ambient.clock.steady();
    if (now - this.#lookedAt <= limits.laneReloadMs) return false;
    this.#lookedAt = now;
    const { turn } = await store.recover(lane.number);
    return turn !== lane.turn;
  }

  async #pause(failures: number, stop: AbortSignal): Promise<void> {
    const { ambient, limits } = this.#options;
    await ambient.clock.sleep(
      backoffMs({ ...limits, backoffMsMax: limits.pauseMsMax }, failures, () => ambient.random()),
      stop,
    );
  }

  #fail(error: unknown): void {
    // Whatever was known may be wrong now.
    this.#lane = undefined;
    this.#cache.clear();
    const message = error instanceof Error ? error.message : String(error);
    if (message !== this.#trouble) {
      this.#options.ambient.log({ level: "error", message, participant: this.participant });
    }
    this.#trouble = message;
  }
}
