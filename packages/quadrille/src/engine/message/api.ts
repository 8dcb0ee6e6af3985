// The engine's API for programs: send commands, wait for ends, watch it, stop it.
import type { Choreography } from "../../contract/choreography.ts";
import type { OneOrSeveral } from "../../contract/system.ts";
import type { Service } from "../../contract/handler.ts";
import type { CommandType } from "../../contract/trigger.ts";
import type { Ambient } from "../../ambient/ambient.ts";
import type { Database } from "../../store/database.ts";
import type { Transport } from "../../transport/transport.ts";
import type { BusinessTime } from "../../ambient/business-time.ts";
import type { Limits } from "./limits.ts";

/** What an engine is made of. */
export type EngineOptions = EngineParts & OneOrSeveral;

/** What an engine is made of besides its choreographies. */
export interface EngineParts {
  /** The participants that run in this process, with their code; the others run elsewhere. */
  readonly services: readonly Service[];
  readonly database: Database;
  /** How journals reach their consumers; by default they are read from the database. */
  readonly transport?: Transport;
  /** Clock, randomness, ids and log; by default the real ones. */
  readonly ambient?: Ambient;
  /** Business time; by default the machine's, or the one that another process of the database keeps. */
  readonly businessTime?: BusinessTime;
  readonly limits?: Partial<Limits>;
  /**
   * Partitions of every participant's journal; fixed once the tables are made. Unless given, as they were
   * made. New tables get 16 on PostgreSQL, where processes can share the work, and one elsewhere and where
   * the choreographies need one.
   */
  readonly lanes?: number;
}

/** Options of a command. */
export interface SendOptions {
  /** The saga to which the command belongs; a new one, named by a UUID, unless given. 1 to 200 characters. */
  readonly sagaId?: string;
  /**
   * A repeat with the same key gets the first answer and has no second effect. The key stands for one
   * request: with another command, saga or payload it is refused with `Q_IDEMPOTENCY_KEY_REUSED`. 1 to 200
   * characters.
   */
  readonly idempotencyKey?: string;
  /**
   * What the idempotency key stands for instead of the payload: for a caller that adds to the payload what
   * differs from one repeat to the next, such as the time.
   */
  readonly idempotencyFingerprint?: string;
  /**
   * When it takes place in stepped business time, in milliseconds since 1970: now, where that is later. What
   * comes of it takes place then or later. So commands of many sagas run together, each at its own time,
   * before time is moved over all of them. Rejects with `Q_TIME_NOT_STEPPED` where time is not stepped, or
   * where a deadline of the entity comes first.
   */
  readonly at?: number;
  /** W3C `traceparent`, carried along by every message of the saga. */
  readonly trace?: string;
  /**
   * Stops waiting: the promise rejects with the signal's reason. A command that is already being written
   * still takes effect; send it again with the same idempotency key to get its answer.
   */
  readonly signal?: AbortSignal;
}

/**
 * What follows the command in {@link Engine.send}: its data, unless it has no schema and so carries none, and
 * the options.
 */
export type SendArguments<Data> = [Data] extends [undefined]
  ? readonly [options?: SendOptions]
  : unknown extends Data
    ? readonly [data?: Data, options?: SendOptions]
    : readonly [data: Data, options?: SendOptions];

/** The answer to a command, given after its commit. */
export type Answer = Accepted | Refused;

/** The command had its effect, now or (`repeated`) when it first came. */
export interface Accepted {
  readonly status: "accepted";
  readonly sagaId: string;
  /** The entity that took it; the saga's id unless the entity is shared. */
  readonly key: string;
  /** The entity's state after the command. */
  readonly state: string;
  /** The name of the outcome; empty where the reaction has only one. */
  readonly outcome: string;
  /** Whether it had its effect before, under the same idempotency key. */
  readonly repeated: boolean;
}

/** The entity's state does not take the command; nothing was written. */
export interface Refused {
  readonly status: "refused";
  readonly sagaId: string;
  readonly key: string;
  /** The entity's state, in which it is still. */
  readonly state: string;
  /** What holds the command up: a semantic lock, a parked message, or a state that never takes it. */
  readonly heldBy: "lock" | "parked" | "state";
  /** A sentence that names the entity, its state and what is in the way. */
  readonly reason: string;
}

/** A saga that came to a declared end. */
export interface SagaEnd {
  readonly sagaId: string;
  /** The name of its choreography. */
  readonly choreography: string;
  /** The end's name in the choreography. */
  readonly end: string;
  /** The state of each participant's entity, by the participant's name. */
  readonly states: Readonly<Record<string, string>>;
  /** The time from the first command to this end, if both happened in this process. */
  readonly durationMs: number | undefined;
}

/** An activity whose calls fail in a row, as long as there are calls to be made. */
export interface Outage {
  readonly activity: string;
  /** What the last call failed with. */
  readonly error: string;
  /** Calls that wait in memory for its end. */
  readonly waiting: number;
}

/** The status of a running participant. */
export interface ParticipantStatus {
  readonly name: string;
  /** Reactions journalled since the start. */
  readonly reactions: number;
  /** Batches written since the start. */
  readonly commits: number;
  /** Messages in memory that are not yet taken. */
  readonly waiting: number;
  /** Parked messages, by reason. */
  readonly parked: Readonly<Record<"deferred" | "retrying" | "waiting" | "dead", number>>;
  /** Calls that have not ended, including those past their time limit. */
  readonly activitiesRunning: number;
  /** Activities whose other side seems to be away: one call tries, the others wait. */
  readonly outages: readonly Outage[];
  /** The last operating error, if the participant is not working now. */
  readonly trouble: string | undefined;
}

/** The engine's business time. */
export interface EngineTime {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Moves stepped time on to `at`, a time in milliseconds since 1970, and stops at every deadline before it.
   * Each step is taken when nothing is pending, and so is the return. Rejects with `Q_TIME_NOT_STEPPED`,
   * with `Q_ARGUMENT_INVALID` where `at` is no time, and with the signal's reason.
   */
  moveTo(at: number, options?: WaitOptions): Promise<void>;
}

/** How long to wait. */
export interface WaitOptions {
  /**
   * Gives up waiting when it aborts: `AbortSignal.timeout(5_000)`. Without one it is waited for as long as it
   * takes.
   */
  readonly signal?: AbortSignal;
}

/** How long a stopping engine lets its work go on. */
export interface DrainOptions {
  /** Milliseconds; the limit `drainMs` unless given. */
  readonly withinMs?: number;
}

/** A saga to wait for. */
export interface RunningSaga {
  /**
   * Resolves when the saga has come to a declared end (also one reached earlier); `undefined` if the signal
   * aborts first, or the engine stops.
   */
  ended(options?: WaitOptions): Promise<SagaEnd | undefined>;
}

/** A running engine. Disposing of it stops it at once, without losing anything. */
export interface Engine extends AsyncDisposable {
  readonly choreographies: readonly Choreography[];
  readonly time: EngineTime;
  /**
   * Sends a command and answers after the commit. A command that the entity's state does not take is answered
   * as refused, and not rejected. Rejects, without an effect, with `Q_UNKNOWN_COMMAND`, `Q_PAYLOAD_INVALID`
   * or `Q_PAYLOAD_TOO_LARGE` (a mistake), `Q_IDEMPOTENCY_KEY_REUSED`, `Q_TIME_NOT_STEPPED`, `Q_OVERLOADED`
   * and `Q_STOPPING` (send it again); with `Q_IN_DOUBT` where it may have taken effect; and with the signal's
   * reason.
   */
  send<Data>(command: CommandType<string, Data>, ...rest: SendArguments<NoInfer<Data>>): Promise<Answer>;
  /** A saga to wait for; it need not be known yet. */
  saga(sagaId: string): RunningSaga;
  /** Calls the listener with every saga that ends in this process. Returns the function that stops it. */
  onEnd(listener: (end: SagaEnd) => void): () => void;
  /** What each participant of this process is doing; read from memory, so it may be asked often. */
  status(): readonly ParticipantStatus[];
  /** Resolves when no message is pending in this process and no activity runs, or when the signal aborts. */
  idle(options?: WaitOptions): Promise<void>;
  /** Takes no more commands, lets pending work go on for a while, then stops. */
  drain(options?: DrainOptions): Promise<void>;
}
