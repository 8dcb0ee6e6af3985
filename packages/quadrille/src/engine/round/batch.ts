// What one participant decides in one round: the glossary's batch. It lives for that round, and ends in one
// way:
//
//   open ──▶ deciding ──▶ sealed ──▶ committed
//    │          │            ├─────▶ rejected    not written: its messages come again
//    │          │            └─────▶ unknown     answer lost: kept until the lane is read again
//    └──────────┴──────────────────▶ withdrawn   given up because of another batch of the round
import type { EntityRecord, ParkedHead } from "../../store/records.ts";
import type { Flush, TransactScope } from "../../store/store.ts";
import type { Returned } from "../call/activities.ts";
import { callRules } from "../call/call-policy.ts";
import { comingOf } from "../dispatch/coming.ts";
import { Dispatch } from "../dispatch/dispatch.ts";
import { gather, type Gathered, hasMessages, keysOf, sizeOf } from "../dispatch/gather.ts";
import { readRequests, type RequestIntake } from "../dispatch/request-intake.ts";
import { MessageSets } from "../dispatch/message-sets.ts";
import { Staging, timesNow } from "../dispatch/staging.ts";
import { BatchTooLarge } from "../lane/batch-size.ts";
import { callRecordOf } from "../lane/call-record.ts";
import { messageOf } from "../lane/deadlines-and-calls.ts";
import { blank } from "../lane/decided.ts";
import type { Lane } from "../lane/lane.ts";
import { incomingOf } from "../lane/offered.ts";
import { noteStrangers } from "../lane/strangers.ts";
import type { Verdict } from "../message/commands.ts";
import type { HandedRow, Incoming } from "../message/incoming.ts";
import type { BatchParts } from "./batch-parts.ts";
import {
  answersToRequests,
  type CallAgain,
  endCalls,
  firstAnswers,
  isStale,
  remember,
  type Sealed,
  stillAwaited,
} from "./sealed.ts";

/** What the lanes of a participant may still put into the present round: one statement writes all of it. */
export interface RoundRoom {
  messages: number;
  /** Of what is put out. */
  bytes: number;
}

/** `unknown`: the flush is in doubt until a turn was skipped. */
export type BatchEnd =
  | { readonly is: "committed"; readonly sealed: Sealed; readonly verdicts: readonly Verdict[] }
  | { readonly is: "rejected"; readonly why: Rejection }
  | { readonly is: "withdrawn"; readonly sealed: Sealed | undefined }
  | { readonly is: "unknown"; readonly sealed: Sealed | undefined; readonly error: unknown };

/** Why a flush was not written. `with others`: because another participant's flush of the round was not. */
export type Rejection = "overtaken" | "repeated" | "too large" | "with others";

/** The decisions about its messages; made with the first one. */
interface BatchDecisions {
  readonly staging: Staging;
  readonly dispatch: Dispatch;
  /** Of a batch with a transaction. */
  readonly sets: MessageSets | undefined;
}

/** One participant's part of one round. */
export class Batch {
  readonly #parts: BatchParts;
  readonly #lane: Lane;
  readonly #room: RoundRoom;
  readonly #onEnd: (end: BatchEnd) => Promise<void>;
  /** The entities that it touches; apart from the cache, which may be smaller than a batch. */
  readonly #known = new Map<string, EntityRecord>();
  readonly #inbox = new Map<string, number>();
  readonly #calls: CallAgain[] = [];
  /** The messages decided, by their ids. */
  readonly #ids: string[] = [];
  readonly #returned: Returned[] = [];
  /** Keys of entities that were looked up and did not exist when it began. */
  readonly #absent = new Set<string>();
  #deciding: BatchDecisions | undefined;
  #sealed: Sealed | undefined;
  /** Messages gathered. */
  #gathered = 0;
  #events = 0;
  /** Journal rows handed over to consumers. */
  #shown = 0;

  constructor(
    parts: BatchParts,
    { lane, room }: { readonly lane: Lane; readonly room: RoundRoom },
    onEnd: (end: BatchEnd) => Promise<void>,
  ) {
    this.#parts = parts;
    this.#lane = lane;
    this.#room = room;
    this.#onEnd = onEnd;
  }

  /**
   * Takes the pending messages that fit, decides them, and returns the resulting journal rows; `undefined` if
   * nothing was pending.
   */
  async take(): Promise<readonly HandedRow[] | undefined> {
    const gathered = await this.gather();
    return gathered === undefined ? undefined : this.decide(gathered);
  }

  /** Gathers the pending messages that fit, with their entities; `undefined` if there are none. */
  async gather(): Promise<Gathered | undefined> {
    const { size, limits } = this.#parts;
    const messages = Math.min(size.messages - this.#gathered, this.#room.messages);
    const bytes = Math.min(limits.batchBytesMax - this.#weight, this.#room.bytes);
    if (messages <= 0 || bytes <= 0) return undefined;
    const room = { messages, bytes, eventsMin: size.isAlone ? 0 : 1, isFirst: this.#gathered === 0 };
    const gathered = await gather(this.#parts, this.#lane, room);
    this.#returned.push(...gathered.returned);
    if (this.#lane.intakes.some(({ filter }) => filter.hasStrangers))
      await noteStrangers(this.#lane, this.#parts.code.table.name, this.#parts);
    const count = sizeOf(gathered);
    if (count === 0) return undefined;
    this.#gathered += count;
    this.#room.messages -= count;
    await this.#load(gathered);
    return gathered;
  }

  /** The commands of other processes, where they are to be read now: once a round. */
  get wantedRequests(): RequestIntake | undefined {
    const { requests } = this.#parts;
    return this.#gathered === 0 && requests.isWanted ? requests : undefined;
  }

  /**
   * The keys of commands and events that wait, of which it is not known whether there is an entity. Entities
   * of participants with several lanes have their saga's id as key.
   */
  unknownAhead(): readonly string[] {
    const { commands, code, size } = this.#parts;
    const waiting = [
      ...commands.next(size.messages).map(({ message }) => message.key),
      ...this.#lane.intakes.flatMap((intake) => intake.nextSagas(size.messages, code.table.subscriptions)),
    ];
    return [...new Set(waiting)].filter((key) => !this.#isKnown(key, key));
  }

  /** Notes which of these entities exist. */
  know(keys: readonly string[], records: ReadonlyMap<string, EntityRecord>): void {
    for (const key of keys) {
      const record = records.get(key);
      if (record === undefined) this.#absent.add(key);
      else {
        this.#parts.cache.set(record);
        this.#known.set(key, record);
      }
    }
  }

  /** Reads the commands of other processes for its own lane and others of its participant. */
  readRequests(intakes: readonly RequestIntake[]): Promise<void> {
    return readRequests(this.#parts.store, intakes, this.#room);
  }

  /** The entities of these keys that exist. */
  load(keys: readonly string[]): Promise<ReadonlyMap<string, EntityRecord>> {
    return this.#parts.store.load(keys);
  }

  /**
   * Decides the gathered messages on top of earlier decisions, and returns the new journal rows. `scope` is
   * for `transact` handlers.
   */
  async decide(gathered: Gathered, scope?: TransactScope): Promise<readonly HandedRow[]> {
    for (const [source, position] of gathered.inbox) this.#inbox.set(source, position);
    if (!hasMessages(gathered)) return [];
    const { dispatch, staging, sets } = (this.#deciding ??= this.#begin(scope));
    const before = staging.weight;
    staging.goOn(timesNow(this.#parts.ambient));
    const participant = this.#parts.code.table.name;
    sets?.expect(comingOf(gathered, { participant, dispatch, parking: this.#lane.parking }));
    for (const parked of gathered.again) {
      await this.#again(dispatch, parked);
      this.#note(parked.id);
    }
    for (const command of gathered.commands) {
      await dispatch.command(command);
      this.#note(command.message.id);
    }
    for (const returned of gathered.returned) {
      await this.#return(dispatch, returned);
      this.#note(returned.id);
    }
    for (const entity of gathered.due) await this.#deadline(dispatch, entity);
    for (const event of gathered.events) {
      const later = dispatch.event(event);
      if (later !== undefined) await later;
      this.#note(event.id);
    }
    sets?.finish();
    this.#callAgain({ dispatch, staging, sets }, gathered);
    this.#events += gathered.events.length;
    this.#room.bytes -= staging.weight - before;
    const rows = staging.rowsAfter(this.#shown);
    this.#shown += rows.length;
    return rows;
  }

  /** Closes it. From then on its flush may be written; `undefined` if there is none. */
  seal(): Sealed | undefined {
    if (this.#deciding === undefined && !this.#isFarBehind) return undefined;
    const { staging, dispatch } = (this.#deciding ??= this.#begin(undefined));
    const lane = this.#lane;
    const flush = {
      lane: lane.number,
      turn: lane.turn,
      head: staging.head,
      inbox: this.#inbox,
      ...staging.contents(),
      ...lane.parking.takeChanges(),
      ...answersToRequests(dispatch.verdicts),
    };
    this.#sealed = {
      flush,
      entities: [...staging.entities],
      writes: this.#writes(flush),
      calls: this.#calls.flatMap((call) => stillAwaited(call, staging)),
      verdicts: dispatch.verdicts,
      passedOver: dispatch.passedOver,
      known: this.#known,
    };
    return this.#sealed;
  }

  /**
   * After the commit. False where it had nothing to write and was decided from a stale entity: then it has to
   * be decided again.
   */
  async committed(sealed: Sealed): Promise<boolean> {
    const { store, size, limits, code, cache, activities } = this.#parts;
    if (await isStale(store, sealed)) return false;
    const verdicts = await firstAnswers(store, sealed.verdicts);
    remember({ participant: code.table.name, cache, activities }, this.#lane, sealed);
    endCalls(activities, this.#returned, sealed);
    size.grow(this.#ids, this.#weight > limits.batchBytesMax / 2);
    await this.#onEnd({ is: "committed", sealed, verdicts });
    return true;
  }

  /** After a flush that is known not to be written. */
  async rejected(why: Rejection): Promise<void> {
    this.#giveBack();
    await this.#onEnd({ is: "rejected", why });
  }

  /** When the round was given up because of another participant. */
  async withdrawn(): Promise<void> {
    this.#giveBack();
    await this.#onEnd({ is: "withdrawn", sealed: this.#sealed });
  }

  /**
   * After an error. Whether it was too large or refused, and a smaller batch has a better chance; otherwise
   * what was sealed may have been written or not.
   */
  async failed(error: unknown, isAlone: boolean): Promise<boolean> {
    // Of several batches it is unknown whose rows were refused, so each one tries alone.
    if (isAlone && this.#parts.size.shrink(error, this.#ids)) {
      await this.rejected("too large");
      return true;
    }
    const hasBlamed = this.#parts.size.blame(error, this.#deciding?.sets?.lost ?? []);
    await this.unknown(error);
    return hasBlamed;
  }

  /** After an error that does not show whether the flush was written. */
  async unknown(error: unknown): Promise<void> {
    this.#giveBack();
    await this.#onEnd({ is: "unknown", sealed: this.#sealed, error });
  }

  #giveBack(): void {
    this.#parts.activities.putBack(this.#returned);
  }

  /** The approximate bytes of its output so far. */
  get #weight(): number {
    return this.#deciding?.staging.weight ?? 0;
  }

  /** Throws {@link BatchTooLarge} when it puts out far more than fits, unless a single message does. */
  #note(id: string): void {
    this.#ids.push(id);
    const isTooLarge = this.#weight > 2 * this.#parts.limits.batchBytesMax;
    if (isTooLarge && this.#ids.length > 1) throw new BatchTooLarge(this.#ids.length - 1);
  }

  /**
   * Looks up the entities that exist among those that are about to be decided on, and what is parked for
   * them.
   */
  async #load(gathered: Gathered): Promise<void> {
    const { cache, loader } = this.#parts;
    for (const entity of gathered.due) cache.renew(entity);
    const keys = keysOf(gathered);
    if (!this.#lane.parking.isEmpty) await loader.load(this.#lane, { keys, due: gathered.again });
    const unknown = [...keys].flatMap(([key, sagaId]) => (this.#isKnown(key, sagaId) ? [] : [key]));
    if (unknown.length > 0) this.know(unknown, await this.load(unknown));
  }

  /** Whether the entity is here, or is known not to exist. */
  #isKnown(key: string, sagaId: string): boolean {
    if (this.#known.has(key) || this.#absent.has(key)) return true;
    const record = this.#parts.cache.get(key);
    if (record !== undefined) this.#known.set(key, record);
    return record !== undefined || this.#parts.cache.isAbsent(key, sagaId);
  }

  #begin(scope: TransactScope | undefined): BatchDecisions {
    const { code, database, payloads, limits, ambient, size } = this.#parts;
    const { number, head, parking } = this.#lane;
    const staging = new Staging(code.table, { lane: number, head, times: timesNow(ambient) });
    const stored = (key: string, sagaId: string): EntityRecord =>
      this.#known.get(key) ?? blank(code, number, { key, sagaId });
    const { transactMsMax } = limits;
    const walls = { database, participant: code.table.name, clock: ambient.clock, transactMsMax };
    const context = { code, payloads, staging };
    const entity = ({ key, sagaId }: Incoming): EntityRecord => staging.entity(key) ?? stored(key, sagaId);
    const isCondemned = (id: string): boolean => size.condemned(id) !== undefined;
    const parts = { context, walls, entity, isCondemned };
    const sets = scope === undefined ? undefined : new MessageSets({ ...parts, scope });
    const dispatch = new Dispatch({
      ...context,
      limits,
      sets,
      parking,
      isAlone: size.isAlone,
      condemned: (id) => size.condemned(id),
      random: () => ambient.random(),
      earliestCause: (key) => this.#parts.store.earliestCause(number, key),
      stored,
    });
    return { staging, dispatch, sets };
  }

  /** A parked event or deadline whose time has come. */
  async #again(dispatch: Dispatch, head: ParkedHead): Promise<void> {
    if (head.kind === "event") return dispatch.again(head);
    const parked = this.#lane.parking.find(head);
    if (parked !== undefined && (parked.kind === "deadline" || callRecordOf(parked) !== undefined)) {
      await dispatch.call(incomingOf(parked), parked.attempts);
    }
  }

  /** Failed calls whose time has come, unless their state was left, also by this very batch. */
  #callAgain({ dispatch, staging }: BatchDecisions, gathered: Gathered): void {
    const { parking } = this.#lane;
    for (const head of gathered.again) {
      const parked = head.kind === "activity" ? parking.find(head) : undefined;
      if (parked === undefined || callRecordOf(parked) !== undefined) continue;
      const entity = staging.entity(parked.key) ?? this.#known.get(parked.key);
      if (entity === undefined || !dispatch.awaits(incomingOf(parked))) {
        parking.unpark(parked);
        continue;
      }
      parking.hold(parked);
      this.#calls.push({ entity, attempt: parked.attempts + 1 });
    }
  }

  async #return(dispatch: Dispatch, { entity, activity, attempt, result }: Returned): Promise<void> {
    const { code, limits } = this.#parts;
    const { name, policies } = code.table;
    const data = result.ok ? result.value : undefined;
    const message = messageOf(name, entity, { kind: "activity", trigger: activity, data });
    if (result.ok) return dispatch.call(message);
    const { error, retryable, notMade } = result;
    const rules = callRules(policies.get(activity), limits);
    await dispatch.callFailed(message, { attempt, error, retryable, notMade, rules });
  }

  async #deadline(dispatch: Dispatch, entity: EntityRecord): Promise<void> {
    const trigger = entity.deadline?.name ?? "";
    const { name } = this.#parts.code.table;
    const message = messageOf(name, entity, { kind: "deadline", trigger, data: undefined });
    await dispatch.call(message);
    this.#note(message.id);
  }

  #writes(flush: Flush): boolean {
    const effects = flush.journal.length + flush.parked.length + flush.unparked.length;
    return effects + this.#events > 0 || flush.requests !== undefined || this.#isFarBehind;
  }

  /**
   * Rows without a message for this participant only move its inbox. That is written with the next effect, or
   * after many rows: it costs a commit and only saves reading the rows again after a restart.
   */
  get #isFarBehind(): boolean {
    return this.#lane.rowsUnwritten(this.#inbox) >= this.#parts.limits.readRowsMax;
  }
}
