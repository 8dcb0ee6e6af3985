// The messages of one batch: takes them in order, parks what cannot be taken, offers again what may be now.
// Nothing here writes; the outcome is a flush, and the verdicts for callers once that has committed.
import type { GivenUp } from "../../contract/trigger.ts";
import { QuadrilleError } from "../../errors.ts";
import { sentenceFor } from "../../transition/transition.ts";
import type { AnswerRecord, EntityRecord, ParkedError, ParkedHead } from "../../store/records.ts";
import type { Answer } from "../message/api.ts";
import type { CallRules } from "../call/call-policy.ts";
import { recordOf } from "../lane/call-record.ts";
import { repeated, type Verdict, type Waiting } from "../message/commands.ts";
import { decide, type DecideContext, type Decision } from "./decide.ts";
import { awaits, callId, dropLeft } from "../lane/deadlines-and-calls.ts";
import type { Incoming } from "../message/incoming.ts";
import { incomingOf } from "../lane/offered.ts";
import { type Backoff, backoffMs, type Kept, type Parking } from "../lane/parking.ts";

/** What the messages of a batch are decided with. */
export interface DispatchOptions extends DecideContext {
  readonly parking: Parking;
  /** Takes one message alone, without those that waited for it. */
  readonly isAlone: boolean;
  readonly random: () => number;
  /** When the earliest cause among the messages in line for the key took place, as the table has them. */
  readonly earliestCause: (key: string) => Promise<number | undefined>;
  /** The entity as the store has it; one that does not exist in the initial state at version 0. */
  readonly stored: (key: string, sagaId: string) => EntityRecord;
}

type Failed = Extract<Decision, { readonly kind: "failed" }>;

/** A failed attempt of a call: its number, and the call's policy. */
export interface FailedCall {
  readonly attempt: number;
  readonly error: ParkedError;
  readonly retryable: boolean;
  /** Whether it could not begin, because the entity's data cannot be read. */
  readonly notMade?: boolean | undefined;
  readonly rules: CallRules;
}

/** The entity that a message is decided for, and how often it was tried, this time included. */
interface Attempt {
  readonly entity: EntityRecord;
  readonly attempts: number;
}

/** Why a message is parked, after how many attempts, and how long until the next one. */
interface Setback {
  readonly attempts: number;
  readonly error: ParkedError;
  readonly backoff: Backoff | undefined;
}

/**
 * Decides the messages of one batch: at once, without a promise for each step of each message, where no
 * `transact` handler is asked.
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #verdicts: Verdict[] = [];
  readonly #passedOver = new Set<string>();
  /** Keys whose line this batch has offered again: their deadlines may have waited for it. */
  readonly #offered = new Set<string>();
  /** Answers of this batch by idempotency key, for a repeat within the same batch. */
  readonly #answers = new Map<string, AnswerRecord>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  get verdicts(): readonly Verdict[] {
    return this.#verdicts;
  }

  /**
   * Sagas of which a message was taken without effect (ignored, or too late): it may have been the last one
   * under way before their end.
   */
  get passedOver(): ReadonlySet<string> {
    return this.#passedOver;
  }

  /** Whether a command of this batch has answered for the idempotency key. */
  hasAnswered(idempotencyKey: string | undefined): boolean {
    return idempotencyKey !== undefined && this.#answers.has(idempotencyKey);
  }

  /** Takes an event, or queues it behind the message, or the deadline, that goes first. */
  event(message: Incoming): Promise<void> | undefined {
    const { parking, staging } = this.#options;
    const isSecond = this.#offered.has(message.key) && this.#waitsForDeadline(message, message.notBefore);
    if (!isSecond && !parking.blocks(message.key)) return this.#attempt(message, 0);
    staging.originate(message);
    const { version } = this.#entity(message);
    parking.park(
      message,
      { reason: "waiting", attempts: 0, nextAt: undefined, version, error: undefined },
      staging.machineNow,
    );
    return undefined;
  }

  /**
   * Offers a parked message again; if it is taken, those behind it follow. A deferred one waits for another
   * version.
   */
  async again(head: ParkedHead): Promise<void> {
    const { parking } = this.#options;
    const parked = parking.find(head);
    if (parked === undefined) return;
    if (parked.reason === "deferred") {
      parking.rest(parked);
      return this.#reoffer(parked.key);
    }
    this.#offered.add(parked.key);
    if (parking.blocker(parked.key) !== parked || (await this.#restsForDeadline(parked)))
      return parking.rest(parked);
    await this.#attempt(incomingOf(parked), parked.attempts);
    await this.#catchUp(parked.key);
  }

  /**
   * Takes a call's result or a deadline, unless the state that waited for it was left. What has waited for
   * the deadline follows.
   */
  async call(message: Incoming, attempts = 0): Promise<void> {
    if (this.awaits(message)) await this.#attempt(message, attempts);
    else this.#passOver(message);
    if (!this.#options.parking.isEmpty) await this.#catchUp(message.key);
  }

  /** Whether the entity still waits for its call or its deadline. */
  awaits(message: Incoming): boolean {
    return awaits(this.#entity(message), message, this.#options.staging.now);
  }

  /**
   * Parks a failed call, to be made again, unless the state that waited for it was left. One that is given up
   * takes the outcome that its contract declares for that; where there is none, or the call was not made, it
   * is dead.
   */
  async callFailed(message: Incoming, failed: FailedCall): Promise<void> {
    const { attempt: attempts, error, rules } = failed;
    if (!this.awaits(message)) return this.#passOver(message);
    if (!this.#isGivenUp(message, failed))
      return this.#park({ ...message, data: undefined }, { attempts, error, backoff: rules });
    const data: GivenUp = { attempts, error: this.#shortened(error) };
    const givenUp = { ...message, data, isRecorded: true, isGivenUp: true };
    const entity = this.#entity(message);
    const asked = { kind: message.kind, name: message.trigger, isGivenUp: true };
    if (failed.notMade !== true && sentenceFor(this.#options.code.table, entity, asked) !== undefined)
      return this.#attempt(givenUp, 0);
    this.#park({ ...message, data: undefined }, { attempts, error, backoff: undefined });
  }

  #isGivenUp(message: Incoming, { attempt, retryable, rules }: FailedCall): boolean {
    const { parking, staging } = this.#options;
    const before = parking.call(message);
    const failedForMs =
      before === undefined || before.attempts === 0 ? 0 : staging.machineNow - before.parkedAt;
    return !retryable || attempt >= rules.attemptsMax || failedForMs >= rules.giveUpMs;
  }

  /** Takes a command: an effect or a refusal, never a queue. */
  async command(waiting: Waiting): Promise<void> {
    const { message, idempotencyKey } = waiting;
    const known = waiting.first;
    const first = known ?? (idempotencyKey === undefined ? undefined : this.#answers.get(idempotencyKey));
    if (first !== undefined) {
      this.#answer(waiting, repeated(first, waiting));
      return;
    }
    const blocker = this.#options.parking.blocker(message.key);
    const entity = this.#entity(message);
    if (blocker !== undefined) {
      const reason = `${blocker.trigger} (${blocker.id}) is parked for ${message.key} and must be taken first`;
      this.#answer(waiting, { ...refusal(message, entity), heldBy: "parked", reason });
      return;
    }
    const tooLate = deadlineBefore(message, entity);
    if (tooLate !== undefined) {
      this.#answer(waiting, { status: "failed", error: tooLate });
      return;
    }
    const decided = decide(this.#options, message, entity);
    const decision = decided instanceof Promise ? await decided : decided;
    if (decision.kind === "taken") {
      this.#leave(entity, decision.entity);
      this.#accept(waiting, decision);
      if (!this.#options.parking.isEmpty) await this.#reoffer(message.key);
    } else {
      this.#answer(waiting, this.#refuse(message, entity, decision));
    }
  }

  #accept(waiting: Waiting, { entity, outcome }: Extract<Decision, { readonly kind: "taken" }>): void {
    const { message, idempotencyKey, digest } = waiting;
    const given = { sagaId: message.sagaId, key: entity.key, state: entity.state, outcome };
    this.#answer(waiting, { status: "accepted", ...given, repeated: false });
    if (idempotencyKey === undefined) return;
    const { at: time } = this.#options.staging;
    const record = { ...given, idempotencyKey, digest, command: message.trigger, time };
    this.#answers.set(idempotencyKey, record);
    this.#options.staging.answer(record);
  }

  #refuse(message: Incoming, entity: EntityRecord, decision: Decision): Verdict["answer"] {
    if (decision.kind === "failed" && decision.error.code !== "Q_NOT_HANDLED") {
      return { status: "failed", error: decision.cause };
    }
    const { table } = this.#options.code;
    const locked = table.states.get(entity.state)?.lock === true;
    const refused = `${table.entity} ${entity.key} is ${entity.state}, which does not take ${message.trigger}`;
    const reason = entity.version > 0 ? refused : `${refused}: ${untouched}`;
    return { ...refusal(message, entity), heldBy: locked ? "lock" : "state", reason };
  }

  #answer(command: Waiting, answer: Answer | { readonly status: "failed"; readonly error: unknown }): void {
    this.#verdicts.push({ command, answer });
  }

  #attempt(message: Incoming, attempts: number): Promise<void> | undefined {
    const attempt = { entity: this.#entity(message), attempts: attempts + 1 };
    const decided = decide(this.#options, message, attempt.entity);
    return decided instanceof Promise
      ? this.#concludeLater(message, attempt, decided)
      : this.#conclude(message, attempt, decided);
  }

  async #concludeLater(message: Incoming, attempt: Attempt, deciding: Promise<Decision>): Promise<void> {
    await this.#conclude(message, attempt, await deciding);
  }

  #conclude(message: Incoming, { entity, attempts }: Attempt, decision: Decision): Promise<void> | undefined {
    const { parking, staging } = this.#options;
    if (decision.kind !== "ignored") staging.originate(message);
    switch (decision.kind) {
      case "taken":
        parking.unpark(message);
        this.#leave(entity, decision.entity);
        return parking.isEmpty ? undefined : this.#reoffer(message.key);
      case "ignored":
        this.#passOver(message);
        return undefined;
      case "deferred":
        parking.park(
          message,
          { reason: "deferred", attempts: 0, nextAt: undefined, version: entity.version, error: undefined },
          staging.machineNow,
        );
        return undefined;
      case "failed":
        this.#failed(decision, attempts);
        return undefined;
    }
  }

  #passOver(message: Incoming): void {
    this.#passedOver.add(message.sagaId);
    this.#options.parking.unpark(message);
  }

  #failed({ message, error, retryable }: Failed, attempts: number): void {
    const { limits, staging, payloads } = this.#options;
    // The result of a call is kept: the handler is tried again, and not the call.
    const isCall = message.kind === "activity";
    const record = isCall ? recordOf(payloads, message) : undefined;
    const kept = isCall ? { ...message, data: record, notBefore: staging.now } : message;
    // What cannot be kept could only be had by calling again: that is for an operator to decide.
    const isLost = isCall && record === undefined;
    const backoff = retryable && !isLost && attempts < limits.attemptsMax ? limits : undefined;
    this.#park(kept, { attempts, error, backoff });
  }

  #leave(before: EntityRecord, after: EntityRecord): void {
    const { parking, code } = this.#options;
    if (!parking.isEmpty && before.since !== after.since) dropLeft(parking, code.table.name, before);
  }

  /** Without a backoff it is a dead letter. */
  #park(message: Incoming, { attempts, error, backoff }: Setback): void {
    const { parking, random, staging, condemned } = this.#options;
    const isWithoutPayload = condemned(message.id)?.isWithoutPayload === true;
    parking.park(
      isWithoutPayload ? { ...message, data: undefined } : message,
      {
        reason: backoff === undefined ? "dead" : "retrying",
        attempts,
        nextAt: backoff === undefined ? undefined : staging.machineNow + backoffMs(backoff, attempts, random),
        version: this.#entity(message).version,
        error: this.#shortened(error),
      },
      staging.machineNow,
    );
  }

  #shortened({ code, message }: ParkedError): ParkedError {
    return { code, message: message.slice(0, this.#options.limits.errorCharactersMax) };
  }

  /**
   * Offers the deferred messages of a key whose entity has just changed, oldest first, until none is taken or
   * the next payload is not in memory; the next batch continues there.
   */
  async #reoffer(key: string): Promise<void> {
    const { parking, staging } = this.#options;
    const next = parking.deferred(key).find((record) => record.version !== this.#entity(record).version);
    if (next === undefined || parking.blocks(key)) return;
    if (next.payload === undefined || this.#options.isAlone)
      return parking.postpone(next, staging.machineNow);
    await this.#attempt(incomingOf(next), 0);
    await this.#reoffer(key);
  }

  /**
   * Takes the messages that queued behind one that has now been taken; those not in memory are left for the
   * next batch.
   */
  async #catchUp(key: string): Promise<void> {
    const { parking, staging } = this.#options;
    for (let next = parking.blocker(key); next?.reason === "waiting"; next = parking.blocker(key)) {
      if (await this.#restsForDeadline(next)) return;
      if (!isInMemory(parking, next) || this.#options.isAlone)
        return parking.postpone(next, staging.machineNow);
      await this.#attempt(incomingOf(next), 0);
    }
    await this.#reoffer(key);
  }

  /**
   * Whether the entity's deadline has come and goes first: it was there before the message, and before
   * everything in line. Once it is parked itself, it holds nothing up.
   */
  #waitsForDeadline(message: Pick<Incoming, "key" | "sagaId">, causeTime = 0): boolean {
    const { parking, staging, code } = this.#options;
    const { key } = message;
    const entity = this.#entity(message);
    const { deadline } = entity;
    if (deadline === undefined || deadline.at > staging.now || causeTime <= deadline.at) return false;
    const isParked = parking.call({ key, id: callId("deadline", code.table.name, entity) }) !== undefined;
    return !isParked && parking.inLine(key).every((one) => (one.causeTime ?? 0) > deadline.at);
  }

  /** The same of a parked message: where its line was read in part, the rest of the line is asked for. */
  async #restsForDeadline(parked: Kept): Promise<boolean> {
    const { parking, earliestCause } = this.#options;
    if (!this.#waitsForDeadline(parked, parked.causeTime)) return false;
    const behind = parking.behindCut(parked.key);
    if (behind === undefined) return true;
    const earliest = Math.min(behind, (await earliestCause(parked.key)) ?? behind);
    return earliest > (this.#entity(parked).deadline?.at ?? earliest);
  }

  #entity({ key, sagaId }: Pick<Incoming, "key" | "sagaId">): EntityRecord {
    return this.#options.staging.entity(key) ?? this.#options.stored(key, sagaId);
  }
}

/** The last known one of a long line stays, so that the rest of the line can be found behind it. */
function isInMemory(parking: Parking, next: Kept): boolean {
  return next.payload !== undefined && !parking.isLastKnown(next);
}

/**
 * A command with a time of its own cannot pass over a deadline that has not come: the deadline may change its
 * answer. Such a command is refused with `Q_TIME_NOT_STEPPED`.
 */
function deadlineBefore(
  { notBefore, trigger }: Incoming,
  { key, deadline }: EntityRecord,
): QuadrilleError | undefined {
  if (notBefore === undefined || deadline === undefined || notBefore < deadline.at) return undefined;
  const [then, first] = [notBefore, deadline.at].map((at) => new Date(at).toISOString());
  const message = `${trigger} was sent for ${then ?? ""}, and the deadline ${deadline.name} of ${key} comes first, at ${first ?? ""}: move time there, then send it.`;
  return new QuadrilleError("Q_TIME_NOT_STEPPED", message);
}

/** Said of an entity that does not exist: most often the saga was not named. */
const untouched =
  "nothing has happened to it yet. A command for a saga that has begun is sent with its { sagaId }";

function refusal(
  message: Incoming,
  entity: EntityRecord,
): Omit<Extract<Answer, { status: "refused" }>, "heldBy" | "reason"> {
  return { status: "refused", sagaId: message.sagaId, key: message.key, state: entity.state };
}
