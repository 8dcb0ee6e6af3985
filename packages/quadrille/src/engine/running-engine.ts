// An engine at work: takes commands, passes committed rows on, tells of ends, and stops in good order.
import type { Ambient } from "../ambient/ambient.ts";
import type { Choreography } from "../contract/choreography.ts";
import { triggerKey, type Table } from "../contract/table.ts";
import type { CommandType } from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import type { Notice, Teller } from "../store/news.ts";
import type { Database } from "../store/store.ts";
import type { DirectTransport } from "../transport/direct.ts";
import type { Transport } from "../transport/transport.ts";
import type { Answer, Engine, ParticipantStatus, SagaEnd, SendOptions } from "./message/api.ts";
import { bell } from "./round/bell.ts";
import type { Waiting } from "./message/commands.ts";
import type { FreshSagas } from "./lane/entity-cache.ts";
import { type Incoming, keyIn } from "./message/incoming.ts";
import { isKeyText } from "./message/key-text.ts";
import { laneOf } from "./message/lane-of.ts";
import type { Limits } from "./message/limits.ts";
import { keepLookout } from "./round/lookout.ts";
import { Loop } from "./round/loop.ts";
import type { Payloads } from "./message/payload.ts";
import { copyPlain } from "./message/plain.ts";
import { requestDigest } from "./message/request-digest.ts";
import type { Committed } from "./round/round.ts";
import type { SharedClock } from "./shared-clock.ts";
import { weigh } from "./message/weigh.ts";
import { refuseSendInside } from "./dispatch/walls.ts";
import type { Trackers } from "./saga/trackers.ts";
import type { Worker } from "./round/worker.ts";

/** What a running engine is made of. */
export interface RunningEngineOptions {
  readonly choreographies: readonly Choreography[];
  readonly database: Database;
  readonly tracker: Trackers;
  readonly fresh: FreshSagas;
  readonly ambient: Ambient;
  readonly clock: SharedClock;
  readonly limits: Limits;
  readonly payloads: Payloads;
  readonly lanes: number;
}

/** How journals reach their readers here. */
export interface Journals {
  readonly transport: Transport;
  /** The one that reads them from the database; also `transport`, unless the program has another. */
  readonly direct: DirectTransport;
  /** All participants. */
  readonly sources: readonly string[];
}

/** A worker and the table of its participant. */
export interface Member {
  readonly worker: Worker;
  readonly table: Table;
}

/** The engine behind {@link Engine}. */
export class RunningEngine implements Engine {
  readonly choreographies: readonly Choreography[];
  readonly #options: RunningEngineOptions;
  readonly #members: readonly Member[];
  readonly #loops: readonly Loop[];
  readonly #stop = new AbortController();
  readonly #restListeners = new Set<() => void>();
  readonly #unwatch: (() => void)[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #teller: Teller | undefined;
  #closed = false;
  #stopping: Promise<void> | undefined;

  constructor(options: RunningEngineOptions, members: readonly Member[]) {
    this.#options = options;
    this.choreographies = options.choreographies;
    this.#members = members;
    this.#loops = loopGroups(members).map((workers) => this.#loopOf(workers));
  }

  start({ transport, direct, sources }: Journals): void {
    for (const source of sources) {
      this.#unwatch.push(
        transport.watch(source, () => {
          for (const { worker } of this.#members) worker.look(source);
        }),
      );
    }
    const { database, clock, limits } = this.#options;
    this.#teller = database.news.join((notice) => this.#hear(notice, direct));
    const { signal } = this.#stop;
    const workers = this.#members.map(({ worker }) => worker);
    const lookout = { database, workers, clock, pollMs: limits.pollMs, isDirect: transport === direct };
    const loops = this.#loops.map((loop) => loop.run(signal));
    this.#running = Promise.all([...loops, this.#keepTime(), keepLookout(lookout, signal)]);
  }

  async send<Data>(
    command: CommandType<string, Data>,
    data: Data,
    options: SendOptions = {},
  ): Promise<Answer> {
    if (this.#closed) {
      throw new QuadrilleError("Q_STOPPING", "The engine is stopping; send the command later.", {
        retryable: true,
      });
    }
    options.signal?.throwIfAborted();
    const { ambient, payloads, lanes, fresh, tracker } = this.#options;
    const table = this.#members.find((member) => member.table.commands.has(command.name))?.table;
    if (table === undefined) {
      const message = `No participant in this process takes the command ${command.name}.`;
      throw new QuadrilleError("Q_UNKNOWN_COMMAND", message);
    }
    const schema = table.schemas.get(triggerKey("command", command.name));
    const checked = payloads.enter(schema, { what: command.name, data: copyPlain(data) });
    checkText("an idempotency key", options.idempotencyKey);
    checkText("a saga id", options.sagaId);
    checkText("a trace", options.trace);
    const sagaId = options.sagaId ?? ambient.id();
    if (options.sagaId === undefined) {
      fresh.add(sagaId);
      tracker.begin(sagaId, table.name);
    }
    const lane = laneOf(sagaId, lanes);
    refuseSendInside(table.name, lane);
    const message: Incoming = {
      id: `command/${ambient.id()}`,
      kind: "command",
      trigger: command.name,
      sagaId,
      key: keyIn(table, { kind: "command", trigger: command.name, data: checked }) ?? sagaId,
      data: checked,
      cause: { source: "command", lane, position: commandNumber(ambient) },
      trace: options.trace,
      isChecked: true,
    };
    const { idempotencyKey } = options;
    const content = options.idempotencyFingerprint ?? checked;
    const request = { command: command.name, sagaId: options.sagaId, content };
    const digest = idempotencyKey === undefined ? undefined : requestDigest(request);
    const worker = this.#members.find((one) => one.table === table && one.worker.lane === lane)?.worker;
    return heeding(options.signal, worker, { message, idempotencyKey, digest, weight: weigh(checked) });
  }

  async ended(sagaId: string, signal: AbortSignal): Promise<SagaEnd | undefined> {
    const { tracker, ambient, limits } = this.#options;
    const news = bell(ambient.clock);
    const leave = tracker.wait(sagaId, news);
    try {
      for (;;) {
        const end = await heeded(tracker.endOf(sagaId), signal);
        if (end !== undefined || signal.aborted) return end;
        await news.wait(limits.renewMs, signal);
        // Participants that run in other processes are not heard here.
        if ((await heeded(tracker.endOf(sagaId), signal)) === undefined && !signal.aborted)
          await heeded(tracker.renew(sagaId), signal);
      }
    } finally {
      leave();
    }
  }

  onEnd(listener: (end: SagaEnd) => void): () => void {
    return this.#options.tracker.onEnd(listener);
  }

  status(): readonly ParticipantStatus[] {
    const byName = new Map<string, ParticipantStatus>();
    for (const { worker } of this.#members) {
      const status = worker.status();
      const before = byName.get(status.name);
      byName.set(status.name, before === undefined ? status : sum(before, status));
    }
    return [...byName.values()];
  }

  async idle(given: AbortSignal): Promise<void> {
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

  async drain(drainMs: number = this.#options.limits.drainMs): Promise<void> {
    this.#closed = true;
    const done = new AbortController();
    const { clock, limits } = this.#options;
    const late = clock.sleep(Math.max(0, drainMs - limits.stopMs), done.signal).then(() => done.abort());
    await this.idle(done.signal);
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
    this.#teller?.leave();
    this.#stop.abort();
    const { clock, limits, tracker } = this.#options;
    const stopped = new AbortController();
    const ended = this.#running.then(() => tracker.settled()).then(() => stopped.abort());
    await Promise.race([ended, clock.sleep(limits.stopMs, stopped.signal)]);
    // The database does not answer. What is under way ends with its connections; callers are not kept until then.
    if (!stopped.signal.aborted) for (const { worker } of this.#members) worker.abandon();
  }

  /** Follows the database's clock: steady clocks of two machines drift apart by seconds a day. */
  async #keepTime(): Promise<void> {
    const { clock, limits } = this.#options;
    while (clock.isVirtual !== true && !this.#stop.signal.aborted) {
      await clock.sleep(limits.clockReadMs, this.#stop.signal);
      if (!this.#stop.signal.aborted) await clock.renew();
    }
  }

  #isIdle(): boolean {
    return this.#loops.every((loop) => loop.idle);
  }

  #loopOf(workers: readonly Worker[]): Loop {
    const { database, tracker, ambient, limits } = this.#options;
    return new Loop({
      workers,
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
  }

  /** After a commit: its rows go to the other consumers in this process, its states to whoever waits for an end. */
  #passOn(committed: readonly Committed[], alreadyNotified: ReadonlySet<Worker>): void {
    for (const { participant, flush } of committed) {
      if (flush.journal.length === 0) continue;
      for (const { worker } of this.#members) {
        if (worker.lane === flush.lane && !alreadyNotified.has(worker))
          worker.offer(participant, flush.journal);
      }
    }
    this.#options.tracker.observe(committed);
    const journals = committed.filter(({ flush }) => flush.journal.length > 0);
    if (journals.length > 0) this.#teller?.tell(noticeOf(journals));
  }

  /** Another process has committed something: its readers here look, and who waits for the saga's end. */
  #hear({ participants, sagaIds, isShortened }: Notice, direct: DirectTransport): void {
    for (const participant of participants) direct.announce(participant);
    this.#options.tracker.hear(isShortened ? undefined : sagaIds);
  }

  /**
   * After a lost answer: another process may have written the like in its place, and of the round to which it belonged
   * only this much is known. So nothing is passed on from memory; consumers and ends are told by the tables.
   */
  #lookAt(found: Committed): void {
    for (const { worker } of this.#members) worker.look(found.participant);
    const sagaIds = new Set(found.flush.journal.map(({ sagaId }) => sagaId));
    this.#options.tracker.invalidate([...sagaIds], found.participant);
  }
}

function noticeOf(committed: readonly Committed[]): Notice {
  const participants = committed.map(({ participant }) => participant);
  const sagaIds = new Set(committed.flatMap(({ flush }) => flush.journal.map(({ sagaId }) => sagaId)));
  return { participants, sagaIds: [...sagaIds], isShortened: false };
}

/** Those of a lane work together, except those whose handlers want a transaction: their statements take their time. */
function loopGroups(members: readonly Member[]): readonly (readonly Worker[])[] {
  const workers = members.map(({ worker }) => worker);
  const together = Map.groupBy(
    workers.filter((worker) => !worker.transacts),
    ({ lane }) => lane,
  );
  return [...together.values(), ...workers.filter((worker) => worker.transacts).map((worker) => [worker])];
}

function sum(a: ParticipantStatus, b: ParticipantStatus): ParticipantStatus {
  return {
    name: a.name,
    reactions: a.reactions + b.reactions,
    commits: a.commits + b.commits,
    waiting: a.waiting + b.waiting,
    parked: {
      deferred: a.parked.deferred + b.parked.deferred,
      retrying: a.parked.retrying + b.parked.retrying,
      waiting: a.parked.waiting + b.parked.waiting,
      dead: a.parked.dead + b.parked.dead,
    },
    activitiesRunning: a.activitiesRunning + b.activitiesRunning,
    // The lanes of a participant share the queues of its activities.
    outages: a.outages,
    trouble: a.trouble ?? b.trouble,
  };
}

/** Queues a command; the caller may give up waiting. */
function heeding(
  signal: AbortSignal | undefined,
  worker: Worker | undefined,
  command: Omit<Waiting, "resolve" | "reject">,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const waiting = { ...command, resolve, reject };
  worker?.send(waiting);
  if (signal === undefined) return promise;
  const giveUp = (): void => {
    worker?.forget(waiting);
    reject(signal.reason);
  };
  signal.addEventListener("abort", giveUp);
  return promise.finally(() => signal.removeEventListener("abort", giveUp));
}

/** Waits for no longer than until `signal` aborts: the stores may not answer. */
async function heeded<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const giveUp = (): void => resolve(undefined);
  signal.addEventListener("abort", giveUp);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Tells a command from all others, also in the journal: 53 random bits. */
function commandNumber(ambient: Ambient): number {
  return Math.floor(ambient.random() * 2 ** 53);
}

function checkText(what: string, text: string | undefined): void {
  if (text === undefined || isKeyText(text)) return;
  const message = `${what} has 1 to 200 characters, none of them a NUL or half a surrogate pair.`;
  throw new QuadrilleError("Q_PAYLOAD_INVALID", message);
}
