// A running engine: takes commands, passes committed rows on, reports ends, and stops in good order.
import type { Ambient } from "../ambient/ambient.ts";
import { businessOf } from "../ambient/business-clock.ts";
import type { Choreography } from "../contract/choreography.ts";
import type { System } from "../contract/system.ts";
import type { Table } from "../contract/table.ts";
import type { CommandType } from "../contract/trigger.ts";
import { invariant, QuadrilleError } from "../errors.ts";
import { noNotice, type Notice, type Announcer } from "../store/notices.ts";
import type { Database } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import type { DirectTransport } from "../transport/direct.ts";
import type { Transport } from "../transport/transport.ts";
import type {
  Answer,
  DrainOptions,
  Engine,
  ParticipantStatus,
  RunningSaga,
  SagaEnd,
  SendArguments,
  WaitOptions,
} from "./message/api.ts";
import { sentOf } from "./message/sent.ts";
import type { FreshSagas } from "./lane/entity-cache.ts";
import { untilAborted, withinMs } from "./message/waiting.ts";
import { endOf } from "./saga/end-of.ts";
import { laneOf } from "./message/lane-of.ts";
import type { Limits } from "./message/limits.ts";
import { statusByName } from "./message/status.ts";
import { keepLookout } from "./round/lookout.ts";
import { Loop } from "./round/loop.ts";
import type { PayloadChecker } from "./message/payload.ts";
import { checkCommand, commandOfCaller } from "./message/new-command.ts";
import type { Committed } from "./round/round.ts";
import type { KeptTime } from "./kept-time.ts";
import { OwnTime } from "./own-time.ts";
import type { SharedClock } from "./shared-clock.ts";
import { noticeOf } from "./round/notice-of.ts";
import { refuseSendInside } from "./dispatch/walls.ts";
import type { Trackers } from "./saga/trackers.ts";
import { loopGroups, OwnLane } from "./owner/own-lane.ts";
import { sendCommand } from "./owner/send-command.ts";
import { NewSagas } from "./owner/new-sagas.ts";
import { Ownership } from "./owner/ownership.ts";
import { SentRequests } from "./owner/requests.ts";
import type { Worker } from "./round/worker.ts";

/** What a running engine is made of. */
export interface RunningEngineOptions {
  readonly system: System;
  readonly stores: ReadonlyMap<string, Store>;
  readonly database: Database;
  readonly tracker: Trackers;
  readonly fresh: FreshSagas;
  readonly ambient: Ambient;
  /** Business time, where it is not the machine's. */
  readonly kept: KeptTime | undefined;
  readonly clock: SharedClock;
  readonly limits: Limits;
  readonly payloads: PayloadChecker;
  readonly lanes: number;
}

/** How journals reach their readers here. */
export interface Journals {
  readonly transport: Transport;
  /**
   * The transport that reads them from the database; the same as `transport`, unless the program gives
   * another.
   */
  readonly direct: DirectTransport;
  /** All participants. */
  readonly sources: readonly string[];
}

/** A lane of a participant that may be worked on here. */
export interface LanePart {
  readonly table: Table;
  readonly store: Store;
  readonly lane: number;
  readonly transacts: boolean;
  readonly makeWorker: (onSuperseded: () => void) => Worker;
}

/** A participant that takes commands. */
interface OwnEntry {
  readonly table: Table;
  readonly lanes: readonly OwnLane[];
  readonly newSagas: NewSagas;
}

/** The signal of a caller without a limit. */
const forever: AbortSignal = new AbortController().signal;

/** The engine behind {@link Engine}. */
export class RunningEngine implements Engine {
  readonly choreographies: readonly Choreography[];
  readonly time: OwnTime;
  readonly #options: RunningEngineOptions;
  readonly #lanes: readonly OwnLane[];
  /** The participants, each with its lanes by their numbers. */
  readonly #entries: readonly OwnEntry[];
  /** Commands for lanes that other processes own, by participant. */
  readonly #requests: ReadonlyMap<string, SentRequests>;
  readonly #ownership: Ownership | undefined;
  readonly #loops: readonly Loop[];
  readonly #stop = new AbortController();
  readonly #restListeners = new Set<() => void>();
  readonly #unwatch: (() => void)[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #announcer: Announcer | undefined;
  #closed = false;
  #stopping: Promise<void> | undefined;

  constructor(options: RunningEngineOptions, parts: readonly LanePart[]) {
    this.#options = options;
    this.choreographies = options.system.choreographies;
    this.time = this.#ownTime(options);
    this.#requests = new Map(parts.map((part) => [part.table.name, this.#requestsOf(part)]));
    this.#lanes = parts.map((part) => this.#laneOf(part));
    this.#entries = Array.from(
      Map.groupBy(this.#lanes, ({ table }) => table),
      ([table, lanes]) => {
        return { table, lanes, newSagas: new NewSagas({ lanes, ambient: options.ambient }) };
      },
    );
    this.#loops = loopGroups(this.#lanes).map((lanes) => this.#loopOf(lanes));
    this.#ownership = this.#ownershipOf();
  }

  /** Resolves when it works on the free lanes; if it cannot be known which are free, after a while. */
  async start({ transport, direct, sources }: Journals): Promise<void> {
    await this.time.begin();
    for (const source of sources) {
      this.#unwatch.push(
        transport.watch(source, () => {
          for (const { lane, worker } of this.#lanes)
            if (!this.#owns(source, lane)) worker?.inputs.look(source);
        }),
      );
    }
    const { database, clock, limits } = this.#options;
    this.#announcer = database.notices.join((notice) => this.#hear(notice, direct));
    const { signal } = this.#stop;
    const workers = (): readonly Worker[] => this.#workers();
    const lookout = { database, workers, clock, pollMs: limits.pollMs, isDirect: transport === direct };
    const ownership = this.#ownership;
    const first = ownership?.first() ?? Promise.all(this.#lanes.map((lane) => lane.begin()));
    const loops = this.#loops.map((loop) => loop.run(signal));
    this.#running = Promise.all([
      ...loops,
      this.#keepTime(),
      this.time.follow(),
      keepLookout(lookout, signal),
      ownership?.run(signal),
    ]);
    await withinMs(clock, first, firstLookMsMax);
  }

  /** Rejects with `Q_STOPPING`, `Q_UNKNOWN_COMMAND`, and as {@link Engine.send} says. */
  async send<Data>(
    command: CommandType<string, Data>,
    ...rest: SendArguments<NoInfer<Data>>
  ): Promise<Answer> {
    const { data, options } = sentOf(command, rest);
    if (this.#closed) {
      throw new QuadrilleError("Q_STOPPING", "The engine is stopping; send the command later.", {
        retryable: true,
      });
    }
    options.signal?.throwIfAborted();
    const { ambient, payloads, lanes, fresh, tracker } = this.#options;
    const entry = this.#entries.find(({ table }) => table.commands.has(command.name));
    if (entry === undefined) {
      const message = `No participant in this process takes the command ${command.name}.`;
      throw new QuadrilleError("Q_UNKNOWN_COMMAND", message);
    }
    const { table, newSagas } = entry;
    this.time.checkSentFor(command.name, options.at);
    const sent = checkCommand(table, payloads, { name: command.name, data, options });
    const sagaId = options.sagaId ?? newSagas.id();
    const lane = laneOf(sagaId, lanes);
    const own = entry.lanes[lane];
    if (options.sagaId === undefined && own?.worker !== undefined) {
      fresh.add(sagaId);
      tracker.begin(sagaId, table.name);
    }
    refuseSendInside(this.#options.database, { participant: table.name, transacts: own?.transacts === true });
    return sendCommand(options.signal, own, commandOfCaller(table, ambient, { ...sent, sagaId, lane }));
  }

  saga(sagaId: string): RunningSaga {
    const { tracker, ambient, limits } = this.#options;
    const own = { sagaId, tracker, ambient, limits, stopped: this.#stop.signal };
    const isAlone = (): boolean => tracker.isWhole && this.#ownership?.hasOthers !== true;
    return { ended: ({ signal } = {}) => endOf({ ...own, isAlone: isAlone() }, signal) };
  }

  onEnd(listener: (end: SagaEnd) => void): () => void {
    return this.#options.tracker.onEnd(listener);
  }

  status(): readonly ParticipantStatus[] {
    return statusByName(this.#lanes.map((lane) => lane.status()));
  }

  async idle({ signal: given = forever }: WaitOptions = {}): Promise<void> {
    const signal = AbortSignal.any([given, this.#stop.signal]);
    if (signal.aborted) return;
    const gaveUp = Promise.withResolvers<void>();
    const rested = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#isIdle()) rested.resolve();
    };
    const giveUp = (): void => gaveUp.resolve();
    this.#restListeners.add(look);
    signal.addEventListener("abort", giveUp);
    look();
    const settled = rested.promise.then(() => this.#options.tracker.settled());
    // A store that does not answer is waited for no longer than the signal says.
    await Promise.race([settled, gaveUp.promise]);
    this.#restListeners.delete(look);
    signal.removeEventListener("abort", giveUp);
  }

  async drain({ withinMs: drainMs = this.#options.limits.drainMs }: DrainOptions = {}): Promise<void> {
    this.#closed = true;
    const done = new AbortController();
    const { clock, limits } = this.#options;
    const late = clock.sleep(Math.max(0, drainMs - limits.stopMs), done.signal).then(() => done.abort());
    // Other processes go on with what is pending.
    if (this.#ownership?.hasOthers === true) await untilAborted(this.#ownership.leaveAll(), done.signal);
    await this.idle({ signal: done.signal });
    done.abort();
    await late;
    await this[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#stopping ??= this.#stopAll());
  }

  async #stopAll(): Promise<void> {
    this.#closed = true;
    for (const unwatch of this.#unwatch.splice(0)) unwatch();
    this.#announcer?.leave();
    this.#stop.abort();
    const { clock, limits, tracker } = this.#options;
    const stopped = new AbortController();
    const ended = this.#running
      .then(() => this.#end())
      .then(() => Promise.all([tracker.settled(), this.time.end()]));
    await Promise.race([ended.then(() => stopped.abort()), clock.sleep(limits.stopMs, stopped.signal)]);
    if (stopped.signal.aborted) return;
    // The database does not answer. What is under way ends with its connections; callers are not kept until
    // then.
    for (const worker of this.#workers()) worker.leaving.abandon();
    for (const requests of this.#requests.values()) requests.abandon();
  }

  /** After the last round. */
  async #end(): Promise<void> {
    await Promise.all(this.#workers().map((worker) => worker.leaving.stop()));
    await this.#ownership?.end();
    await Promise.all(Array.from(this.#requests.values(), (requests) => requests.stop()));
  }

  /** Whether no other process writes the lane: its rows are handed over in memory. */
  #owns(participant: string, lane: number): boolean {
    const isOwn = (one: OwnLane): boolean =>
      one.lane === lane && one.table.name === participant && one.state === "owned";
    return this.#ownership !== undefined && this.#lanes.some(isOwn);
  }

  #workers(): readonly Worker[] {
    return this.#lanes.flatMap(({ worker }) => worker ?? []);
  }

  /** Follows the database's clock: steady clocks of two machines drift apart by seconds a day. */
  async #keepTime(): Promise<void> {
    const { clock, limits } = this.#options;
    while (clock.isVirtual !== true && !this.#stop.signal.aborted) {
      await clock.sleep(limits.clockReadMs, this.#stop.signal);
      if (!this.#stop.signal.aborted) await clock.renew();
    }
  }

  #ownTime(options: RunningEngineOptions): OwnTime {
    return new OwnTime({
      ...options,
      business: businessOf(options.ambient),
      pollMs: options.limits.pollMs,
      workers: () => this.#workers(),
      idle: (signal) => this.idle({ signal }),
      announce: (participants) => this.#announcer?.announce({ ...noNotice, participants }),
      stopped: this.#stop.signal,
    });
  }

  #isIdle(): boolean {
    const isWaiting = this.#requests.values().some(({ waiting }) => waiting > 0);
    return (
      !isWaiting && this.#loops.every((loop) => loop.idle) && this.#lanes.every((lane) => lane.isCaughtUp)
    );
  }

  #requestsOf({ table, store }: LanePart): SentRequests {
    const { ambient, limits } = this.#options;
    const onLeft = (): void => this.#announcer?.announce({ ...noNotice, requested: [table.name] });
    return new SentRequests({ store, ambient, limits, onLeft });
  }

  #laneOf({ table, lane, transacts, makeWorker }: LanePart): OwnLane {
    const requests = this.#requests.get(table.name);
    invariant(requests !== undefined, `${table.name} has no requests`);
    const make = (): Worker => makeWorker(() => this.#ownership?.retire(table.name));
    return new OwnLane({ table, lane, transacts, make, requests, clock: this.#options.clock });
  }

  #ownershipOf(): Ownership | undefined {
    const { database, fresh, clock, limits, ambient } = this.#options;
    if (database.owners === undefined) return undefined;
    const onSweep = (): void => {
      for (const worker of this.#workers()) worker.commands.sweepRequests();
    };
    const warn = (message: string): void => ambient.log({ level: "warn", message });
    return new Ownership({
      owners: database.owners,
      lanes: this.#lanes,
      fresh,
      clock,
      limits,
      onSweep,
      warn,
    });
  }

  #loopOf(lanes: readonly OwnLane[]): Loop {
    const { database, tracker, ambient, limits } = this.#options;
    const loop = new Loop({
      database,
      ambient,
      limits,
      onCommit: (committed, alreadyNotified) => this.#passOn(committed, alreadyNotified),
      onFound: (found) => this.#lookAt(found),
      onRest: () => {
        tracker.lookAgain();
        for (const listener of this.#restListeners) listener();
      },
    });
    for (const lane of lanes) lane.join(loop, (found) => this.#lookAt(found));
    return loop;
  }

  /**
   * After a commit: passes its rows to the other consumers in this process, and its states to callers that
   * wait for an end.
   */
  #passOn(committed: readonly Committed[], alreadyNotified: ReadonlySet<Worker>): void {
    const others = this.#workers().filter((worker) => !alreadyNotified.has(worker));
    for (const { participant, flush } of committed) {
      if (flush.journal.length === 0) continue;
      for (const worker of others)
        if (worker.lane === flush.lane) worker.inputs.offer(participant, flush.journal);
    }
    this.#options.tracker.observe(committed);
    const notice = noticeOf(committed);
    if (notice !== noNotice) this.#announcer?.announce(notice);
    for (const participant of notice.answered) this.#requests.get(participant)?.hear();
  }

  /**
   * Another process has committed something: wakes its readers here, and callers that wait for the saga's
   * end.
   */
  #hear(notice: Notice, direct: DirectTransport): void {
    const { participants, sagaIds, isShortened, requested, answered } = notice;
    for (const participant of participants) direct.announce(participant);
    this.time.hear();
    if (isShortened || sagaIds.length > 0) this.#options.tracker.hear(isShortened ? undefined : sagaIds);
    for (const participant of answered) this.#requests.get(participant)?.hear();
    if (requested.length === 0) return;
    for (const worker of this.#workers())
      if (requested.includes(worker.participant)) worker.commands.lookForRequests();
  }

  /**
   * After a lost answer: another process may have committed an identical batch instead, and only this part of
   * the round is known. So nothing is passed on from memory; consumers and callers get it from the tables.
   */
  #lookAt(found: Committed): void {
    for (const worker of this.#workers()) worker.inputs.look(found.participant);
    const sagaIds = new Set(found.flush.journal.map(({ sagaId }) => sagaId));
    this.#options.tracker.invalidate([...sagaIds], found.participant);
  }
}

/** The longest that a start waits until it is known which lanes are free. */
const firstLookMsMax = 3_000;
