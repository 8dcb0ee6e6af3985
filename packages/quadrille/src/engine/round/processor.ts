// Turns what is gathered into one flush: load what is not known, decide every message in order; and once it is written,
// take it over into memory.
import type { Ambient } from "../../ambient/ambient.ts";
import type { EntityRecord, ParkedHead } from "../../store/records.ts";
import type { Flush, Store, TransactScope } from "../../store/store.ts";
import type { Activities, Returned } from "../call/activities.ts";
import { Batch } from "../dispatch/batch.ts";
import { type BatchSize, BatchTooLarge } from "../lane/batch-size.ts";
import type { Runnable } from "../message/code.ts";
import { callRules } from "../call/call-policy.ts";
import { callRecordOf } from "../lane/call-record.ts";
import { repeated, type Verdict } from "../message/commands.ts";
import type { EntityCache } from "../lane/entity-cache.ts";
import { callMessage, keysOf, type Gathered } from "../dispatch/gather.ts";
import { blank, isSame, presentCall, written } from "../lane/decided.ts";
import type { HandedRow } from "../message/incoming.ts";
import type { Intake } from "../lane/intake.ts";
import type { Lane } from "../lane/lane.ts";
import type { Limits } from "../message/limits.ts";
import type { Payloads } from "../message/payload.ts";
import type { ParkedLoader } from "../lane/parked-loader.ts";
import { incomingOf } from "../lane/offered.ts";
import { Staging } from "../dispatch/staging.ts";

/** What a processor is made of. */
export interface ProcessorOptions {
  readonly code: Runnable;
  readonly store: Store;
  readonly ambient: Ambient;
  readonly limits: Limits;
  readonly payloads: Payloads;
  readonly cache: EntityCache;
  readonly activities: Activities;
  readonly loader: ParkedLoader;
  readonly batchSize: BatchSize;
}

/** A decided batch. */
export interface Decided {
  readonly flush: Flush;
  /** Whether there is anything to flush. */
  readonly writes: boolean;
  /** Failed calls to be made once more, after the commit. */
  readonly calls: readonly Again[];
  /** The answers to callers, to be given once the flush has committed. */
  readonly verdicts: readonly Verdict[];
  /** The entities that it was decided from, as they were before. */
  readonly known: ReadonlyMap<string, EntityRecord>;
}

/** A call to be made once more. */
interface Again {
  readonly entity: EntityRecord;
  readonly attempt: number;
}

/** The batch at hand: what has been decided in this round, and how far it has read. */
interface Open {
  readonly staging: Staging;
  readonly batch: Batch;
  readonly inbox: Map<string, number>;
  readonly calls: Again[];
  /** The messages decided, by their ids. */
  readonly ids: string[];
  events: number;
  /** Journal rows that were asked for. */
  shown: number;
}

/** What is decided next. */
interface Deciding {
  readonly gathered: Gathered;
  /** The transaction for `transact` handlers. */
  readonly scope?: TransactScope;
}

/** Decides the batches of one lane, and knows what they mean once they are written. */
export class Processor {
  readonly #options: ProcessorOptions;
  #open: Open | undefined;
  /** The entities of the batch at hand; apart from the cache, which may be smaller than a batch. */
  #known = new Map<string, EntityRecord>();
  /** Sealed, and not known to be written or not. */
  #unanswered: Decided | undefined;
  #sealed: Processor["last"] = { ids: [], weight: 0 };

  constructor(options: ProcessorOptions) {
    this.#options = options;
  }

  /** Decides what was gathered, on top of what the batch at hand has decided before. The entities must be loaded. */
  async decide(lane: Lane, { gathered, scope }: Deciding): Promise<void> {
    const open = (this.#open ??= this.#begin(lane, scope));
    const { batch, staging } = open;
    staging.goOn(this.#options.ambient.clock.now());
    for (const parked of gathered.again) {
      await this.#again(lane, batch, parked);
      this.#noteDecided(open, parked.id);
    }
    for (const command of gathered.commands) {
      await batch.command(command);
      this.#noteDecided(open, command.message.id);
    }
    for (const returned of gathered.returned) {
      await this.#returned(batch, returned);
      this.#noteDecided(open, returned.id);
    }
    for (const entity of gathered.due) await this.#deadline(open, entity);
    for (const event of gathered.events) {
      await batch.event(event);
      this.#noteDecided(open, event.id);
    }
    open.calls.push(...this.#callsAgain(lane, open, gathered));
    open.events += gathered.events.length;
    for (const [source, position] of gathered.inbox) open.inbox.set(source, position);
  }

  /** About the bytes that the batch at hand puts out so far. */
  get weight(): number {
    return this.#open?.staging.weight ?? 0;
  }

  /** The messages of the batch at hand, or else of the one that was sealed last, and about the bytes that it puts out. */
  get last(): { readonly ids: readonly string[]; readonly weight: number } {
    if (this.#open === undefined) return this.#sealed;
    return { ids: this.#open.ids, weight: this.#open.staging.weight };
  }

  /** Throws {@link BatchTooLarge} when the batch puts out far more than fits, unless a single message does. */
  #noteDecided({ staging, ids }: Open, id: string): void {
    ids.push(id);
    const isTooLarge = staging.weight > 2 * this.#options.limits.batchBytesMax;
    if (isTooLarge && ids.length > 1) throw new BatchTooLarge(ids.length - 1);
  }

  /** The journal rows decided since the last time. */
  takeDecidedRows(): readonly HandedRow[] {
    if (this.#open === undefined) return [];
    const rows = this.#open.staging.rowsAfter(this.#open.shown);
    this.#open.shown += rows.length;
    return rows;
  }

  /** Ends the batch at hand. What becomes of it is open until it is remembered, dropped or settled. */
  seal(lane: Lane): Decided | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    const { staging, batch, calls, inbox } = open;
    const flush = {
      lane: lane.number,
      turn: lane.turn,
      head: staging.head,
      inbox,
      ...staging.contents(),
      ...lane.parking.takeChanges(),
    };
    const writes = this.#writes(lane, flush, open.events);
    const again = calls.flatMap((call) => stillAwaited(call, staging));
    this.#unanswered = { flush, writes, calls: again, verdicts: batch.verdicts, known: this.#known };
    this.#sealed = { ids: open.ids, weight: staging.weight };
    this.#open = undefined;
    this.#known = new Map();
    return this.#unanswered;
  }

  /** Forgets the batch at hand. A sealed one may have been written all the same: that is for `settle` to find out. */
  abandon(): void {
    this.#open = undefined;
    this.#known = new Map();
  }

  /** Forgets the batch, which is known not to have been written. */
  refuse(): void {
    this.abandon();
    this.#unanswered = undefined;
  }

  /**
   * After the commit: takes the batch over into memory, and gives the answers to its callers. Gives nothing where the
   * batch had nothing to write and was decided from what is no more; it has to be decided again then.
   */
  async conclude(lane: Lane, decided: Decided): Promise<readonly Verdict[] | undefined> {
    if (await this.#refusedOld(decided)) return undefined;
    const verdicts = await this.#firstAnswers(decided.verdicts);
    this.#unanswered = undefined;
    this.#remember(lane, decided);
    return verdicts;
  }

  /** Whether the fate of a flush is unknown: the lane's turn has to be skipped before anything is read or decided. */
  get isInDoubt(): boolean {
    return this.#unanswered !== undefined;
  }

  /**
   * The batch whose answer was lost, if it was committed after all: its rows then stand in the journal where it put them.
   * To be asked after the lane's turn was skipped and the lane read; before, it might still commit.
   */
  async settle(lane: Lane): Promise<Decided | undefined> {
    const lost = this.#unanswered;
    const stands = lost !== undefined && (await this.#stands(lane, lost.flush));
    const settled = stands ? { ...lost, verdicts: await this.#firstAnswers(lost.verdicts) } : undefined;
    // Only now: if the store does not answer here either, the question stays open.
    this.#unanswered = undefined;
    return settled;
  }

  async #stands(lane: Lane, { head, journal }: Flush): Promise<boolean> {
    if (journal.length === 0 || lane.head < head) return false;
    const rows = await this.#options.store.reactions(lane.number, head - journal.length, journal.length);
    return journal.every((ours, index) => {
      const theirs = rows[index];
      return theirs !== undefined && isSame(ours, theirs);
    });
  }

  /** Looks up the entities that exist among those that are about to be decided on, and what is set aside for them. */
  async load(lane: Lane, gathered: Gathered): Promise<void> {
    const { cache, store, payloads, loader } = this.#options;
    for (const entity of gathered.due) cache.renew(entity);
    const keys = keysOf(gathered);
    await loader.load(lane, { keys, due: gathered.again });
    const unknown: string[] = [];
    for (const [key, sagaId] of keys) {
      if (this.#known.has(key)) continue;
      const record = cache.get(key);
      if (record !== undefined) this.#known.set(key, record);
      else if (!cache.knows(key, sagaId)) unknown.push(key);
    }
    if (unknown.length === 0) return;
    for (const record of (await store.load(unknown)).values()) {
      payloads.trust(record.data);
      payloads.trust(record.facts);
      cache.set(record);
      this.#known.set(record.key, record);
    }
  }

  #begin(lane: Lane, scope: TransactScope | undefined): Open {
    const { code, payloads, limits, ambient, batchSize } = this.#options;
    const known = this.#known;
    const at = { lane: lane.number, head: lane.head, now: ambient.clock.now() };
    const staging = new Staging(code.table, at);
    const batch = new Batch({
      code,
      payloads,
      limits,
      staging,
      scope,
      parking: lane.parking,
      isAlone: batchSize.isAlone,
      walls: {
        participant: code.table.name,
        lane: lane.number,
        clock: ambient.clock,
        transactMsMax: limits.transactMsMax,
      },
      condemned: (id) => batchSize.condemned(id),
      random: () => ambient.random(),
      stored: (key, sagaId) => known.get(key) ?? blank(code, lane.number, { key, sagaId }),
    });
    return { staging, batch, inbox: new Map(), calls: [], ids: [], events: 0, shown: 0 };
  }

  /** A parked event or deadline whose time has come. */
  async #again(lane: Lane, batch: Batch, head: ParkedHead): Promise<void> {
    if (head.kind === "event") return batch.again(head);
    const parked = lane.parking.find(head);
    if (parked !== undefined && (parked.kind === "deadline" || callRecordOf(parked) !== undefined)) {
      await batch.call(incomingOf(parked), parked.cause.position, parked.attempts);
    }
  }

  /** Failed calls whose time has come, unless their state was left, be it by this very batch. */
  #callsAgain(lane: Lane, { batch, staging }: Open, gathered: Gathered): readonly Again[] {
    return gathered.again.flatMap((head) => {
      const parked = head.kind === "activity" ? lane.parking.find(head) : undefined;
      if (parked === undefined || callRecordOf(parked) !== undefined) return [];
      const entity = staging.entity(parked.key) ?? this.#known.get(parked.key);
      if (entity === undefined || !batch.awaits(incomingOf(parked), parked.cause.position)) {
        lane.parking.unpark(parked);
        return [];
      }
      lane.parking.hold(parked);
      return [{ entity, attempt: parked.attempts + 1 }];
    });
  }

  async #returned(batch: Batch, { entity, activity, attempt, result }: Returned): Promise<void> {
    const { code, limits } = this.#options;
    const { name, policies } = code.table;
    const data = result.ok ? result.value : undefined;
    const message = callMessage(name, entity, { kind: "activity", trigger: activity, data });
    if (result.ok) return batch.call(message, entity.since);
    const { error, retryable } = result;
    const rules = callRules(policies.get(activity), limits);
    await batch.callFailed(message, { attempt, error, retryable, rules });
  }

  async #deadline(open: Open, entity: EntityRecord): Promise<void> {
    const { name } = this.#options.code.table;
    const message = callMessage(name, entity, {
      kind: "deadline",
      trigger: entity.deadline?.name ?? "",
      data: undefined,
    });
    await open.batch.call(message, entity.since);
    this.#noteDecided(open, message.id);
  }

  /**
   * Whether a command was refused for what an entity is no more: a flush would have been fenced, and without one nobody
   * says that another process has changed it meanwhile.
   */
  async #refusedOld({ verdicts, writes, known }: Decided): Promise<boolean> {
    if (writes) return false;
    const keys = verdicts.flatMap(({ answer, command }) =>
      answer.status === "accepted" ? [] : [command.message.key],
    );
    if (keys.length === 0) return false;
    const now = await this.#options.store.load(keys);
    return keys.some((key) => now.get(key)?.version !== known.get(key)?.version);
  }

  /**
   * A repeated command may be refused by what its first coming did: it gets the first answer all the same. Asked after the
   * commit: within a handler's transaction it would wait for a second connection, or on PGlite for itself.
   */
  async #firstAnswers(verdicts: readonly Verdict[]): Promise<readonly Verdict[]> {
    const keys = verdicts.flatMap(({ answer, command }) =>
      answer.status === "accepted" || command.idempotencyKey === undefined ? [] : [command.idempotencyKey],
    );
    if (keys.length === 0) return verdicts;
    const answers = await this.#options.store.answers(keys);
    return verdicts.map((verdict) => {
      const first =
        verdict.answer.status === "accepted" ? undefined : answers.get(verdict.command.idempotencyKey ?? "");
      return first === undefined ? verdict : { ...verdict, answer: repeated(first, verdict.command) };
    });
  }

  /**
   * Whether a batch has anything to write. Rows with nothing for this participant only move its inbox; that is written
   * with the next effect, or after many rows, for it costs a commit and saves only reading them again after a restart.
   */
  #writes(lane: Lane, flush: Flush, events: number): boolean {
    if (flush.journal.length + flush.parked.length + flush.unparked.length + events > 0) return true;
    const behind = (intake: Intake): number => (flush.inbox.get(intake.source) ?? 0) - intake.written;
    return lane.intakes.some((intake) => behind(intake) >= this.#options.limits.readRowsMax);
  }

  #remember(lane: Lane, decided: Decided): void {
    const { flush, writes } = decided;
    if (writes) lane.turn += 1;
    lane.head = flush.head;
    for (const intake of lane.intakes) {
      const position = flush.inbox.get(intake.source);
      if (position !== undefined && writes) intake.wrote(position);
    }
    for (const record of written(flush)) {
      this.#options.cache.set(record);
      if (record.deadline !== undefined) lane.deadlineAt = Math.min(lane.deadlineAt, record.deadline.at);
    }
    for (const { nextAt } of flush.parked) lane.parkedAt = Math.min(lane.parkedAt, nextAt ?? lane.parkedAt);
    this.#startCalls(lane, decided);
  }

  /** Starts the calls of the states that this flush has entered, and those to be made once more. */
  #startCalls(lane: Lane, { flush, calls }: Decided): void {
    const { activities, code } = this.#options;
    for (const { entity, attempt } of calls) activities.start(entity, attempt);
    for (const record of written(flush)) {
      // A call that is set aside waits for its time, whatever else happens in its state.
      const aside = lane.parking.call({ key: record.key, id: presentCall(code.table.name, record) });
      if (record.activity !== undefined && aside === undefined) activities.start(record);
    }
  }
}

/** A call to be made once more, unless its state was left later in the batch. */
function stillAwaited({ entity, attempt }: Again, staging: Staging): readonly Again[] {
  const last = staging.entity(entity.key) ?? entity;
  return last.since === entity.since ? [{ entity: last, attempt }] : [];
}
