// The rows that a participant's store keeps, as values. `docs/data.md` describes the same tables in SQL.
import type { ContractShape } from "../contract/contract-shape.ts";
import type { TriggerKind } from "../contract/trigger-kind.ts";

/** An event on its way: the payload under the event's name. */
export interface EmittedEvent {
  readonly event: string;
  readonly data: unknown;
  /** The version of the schema that wrote it; 1 when absent. */
  readonly version?: number;
}

/** An entity: one per key. */
export interface EntityRecord {
  readonly key: string;
  /** The saga whose message entered the present state: the activity's call and the deadline act for it. */
  readonly sagaId: string;
  readonly lane: number;
  readonly state: string;
  /** Payloads collected by a join that is not complete, by event. */
  readonly facts: Readonly<Record<string, unknown>> | undefined;
  /** The versions of the schemas that wrote the facts, by event, where they are not the first. */
  readonly factVersions?: Readonly<Record<string, number>>;
  readonly data: unknown;
  /** The version of the schema that wrote the data; 1 when absent. */
  readonly dataVersion?: number;
  /** Counts the reactions that changed it; 1 after the first. */
  readonly version: number;
  /**
   * The version at which the present state was entered: it names the activity's call and the deadline's
   * arming.
   */
  readonly since: number;
  /** When it came to be, in milliseconds since 1970; 0 where that was before times were kept. */
  readonly beganAt: number;
  /** When its state was entered, likewise. */
  readonly enteredAt: number;
  /** The activity to run while the state holds. */
  readonly activity: string | undefined;
  readonly deadline: Deadline | undefined;
}

/** An armed deadline. */
export interface Deadline {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Where a message came from: a position in a participant's journal, or a command, deadline or activity. */
export interface Cause {
  /** The participant's name; `command`, `deadline` and `activity` are reserved. */
  readonly source: string;
  readonly lane: number;
  /**
   * The position in the participant's journal. A command has a random number here, which no other command
   * has; a deadline and an activity have the version at which their state was entered.
   */
  readonly position: number;
}

/** One reaction: the transactional outbox, the audit log and the timeline in one row. */
export interface JournalRecord {
  readonly lane: number;
  /** Grows by one within a lane, in commit order. */
  readonly position: number;
  readonly sagaId: string;
  readonly key: string;
  readonly cause: Cause;
  readonly kind: TriggerKind;
  readonly trigger: string;
  readonly from: string;
  /** The empty name where the reaction has a single outcome. */
  readonly outcome: string;
  readonly to: string;
  readonly emitted: readonly EmittedEvent[];
  /** Business time, in milliseconds since 1970. */
  readonly time: number;
  /** W3C trace context (`traceparent`), where the command brought one. */
  readonly trace: string | undefined;
}

/** A journal row as a consumer needs it: not what happened to the entity, and why. */
export type CarriedRow = Pick<
  JournalRecord,
  "lane" | "position" | "sagaId" | "key" | "emitted" | "time" | "trace"
>;

/** The part of a row that a consumer needs. */
export function carriedOf({ lane, position, sagaId, key, emitted, time, trace }: JournalRecord): CarriedRow {
  return { lane, position, sagaId, key, emitted, time, trace };
}

/** What a journal row says of a reaction, without its payloads: enough to recognise it. */
export type ReactionRecord = Omit<JournalRecord, "emitted" | "trace">;

/** The part of a row that recognises the reaction. */
export function reactionOf({ emitted: _emitted, trace: _trace, ...reaction }: JournalRecord): ReactionRecord {
  return reaction;
}

/** A reaction without its payloads, and the events that it emitted. */
export interface ReactionOfSaga extends ReactionRecord {
  /** Their names, in order. */
  readonly events: readonly string[];
}

/** Every reason for which a message is parked. */
export const parkedReasons = ["deferred", "retrying", "waiting", "dead", "discarded"] as const;

/** Why a message is parked. Only `retrying`, `dead` and `waiting` hold back later messages of their key. */
export type ParkedReason = (typeof parkedReasons)[number];

/** The reasons of messages that are still under way: all but the discarded. */
export const reasonsUnderWay: readonly ParkedReason[] = parkedReasons.filter((one) => one !== "discarded");

/** A message that could not be taken now. */
export interface ParkedRecord {
  /** `source/lane/position/index` of an event, or the activity's call id. */
  readonly id: string;
  readonly lane: number;
  readonly key: string;
  readonly sagaId: string;
  /** Order within a key. */
  readonly ordinal: number;
  readonly kind: TriggerKind;
  readonly trigger: string;
  readonly data: unknown;
  /** The version of the schema that wrote the payload; 1 when absent. */
  readonly dataVersion?: number;
  readonly cause: Cause;
  /**
   * When its cause took place, in business time; what a call came back with, when that was. Absent for a call
   * that is to be made, for a deadline, and in rows from before it was kept.
   */
  readonly causeTime?: number;
  readonly reason: ParkedReason;
  readonly attempts: number;
  /** When it is offered again; absent if that does not depend on time. */
  readonly nextAt: number | undefined;
  /** The entity's version when it was parked: a deferred message waits for another one. */
  readonly version: number;
  readonly error: ParkedError | undefined;
  readonly parkedAt: number;
  readonly trace: string | undefined;
  /** Why an operator discarded it. */
  readonly note: string | undefined;
}

/** A parked message without its payload and its error: what a worker keeps of it in memory. */
export interface ParkedHead extends Omit<ParkedRecord, "data" | "error" | "note"> {
  /** Bytes of the payload as JSON. */
  readonly bytes: number;
}

/** What went wrong, in the words of the error. */
export interface ParkedError {
  readonly code: string;
  readonly message: string;
}

/** A contract that a participant's tables have had. The last one owns them. */
export interface GenerationRecord {
  /** Counts the contracts, from 1. */
  readonly number: number;
  /** Business time, in milliseconds since 1970. */
  readonly time: number;
  /**
   * Whether a process has run the participant by it; if not, another participant's process has announced it.
   */
  readonly isRun: boolean;
  readonly choreography: string;
  readonly participant: string;
  /** SHA-256 of the contract, in hexadecimal. */
  readonly fingerprint: string;
  readonly contract: ContractShape;
}

/**
 * An event of another choreography that started a saga, or that a saga was joined by, and what caused it
 * there.
 */
export interface OriginRecord {
  /** The saga here. */
  readonly sagaId: string;
  readonly event: string;
  /** Where the event stands: a row of the journal of the other choreography's participant. */
  readonly cause: Cause;
  /** The choreography and the saga that published it. */
  readonly causedBy: SagaOfChoreography;
}

/** A saga, named over several choreographies. */
export interface SagaOfChoreography {
  readonly choreography: string;
  readonly sagaId: string;
}

/** The positions between which an event of a source is taken in a lane. */
export interface SubscriptionRecord {
  readonly lane: number;
  readonly source: string;
  readonly event: string;
  /** Only events after this position. */
  readonly after: number;
  /**
   * Only events up to this position: the contract has dropped it since. Where `after` is not before it, all
   * of that was taken.
   */
  readonly until: number | undefined;
  /** The contract does not know the event; a later one that takes it begins here. */
  readonly isUnknown: boolean;
}

/** The last position taken of a source's lane. */
export interface InboxRecord {
  readonly lane: number;
  readonly source: string;
  readonly position: number;
}

/** A command on its way to the process that owns its lane. */
export interface RequestRecord {
  /** The command's id. */
  readonly id: string;
  readonly lane: number;
  /** Business time, in milliseconds since 1970. */
  readonly time: number;
  /** The command as its caller sent it, as JSON. */
  readonly content: unknown;
}

/** The owner's answer to a request. */
export interface AnsweredRequest {
  readonly id: string;
  /** Its answer, as JSON. */
  readonly answer: object;
}

/** The first answer to a command with an idempotency key; a repeat gets it again. */
export interface AnswerRecord {
  readonly idempotencyKey: string;
  /** The digest of the request that the key stands for; absent in rows from before it was kept. */
  readonly digest: string | undefined;
  readonly command: string;
  readonly sagaId: string;
  readonly key: string;
  readonly state: string;
  readonly outcome: string;
  readonly time: number;
}
