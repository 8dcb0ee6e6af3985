// An operator's view of a running choreography: sagas, timelines, parked messages, and what can be done about
// them.
import type { Cause, JournalRecord, ParkedRecord, SagaOfChoreography } from "../store/records.ts";

/** A saga in a list. */
export interface SagaSummary {
  readonly sagaId: string;
  /** The name of its choreography. */
  readonly choreography: string;
  /** The state of each participant's entity; the initial state where it has none yet. */
  readonly states: Readonly<Record<string, string>>;
  /** The declared end that these states make; none while a message of the saga is under way. */
  readonly end: string | undefined;
  /**
   * When its first entity came to be, in milliseconds since 1970; 0 where that was before times were kept.
   */
  readonly beganAt: number;
  /** When one of its entities last entered a state, likewise. */
  readonly enteredAt: number;
}

/** Which sagas to list. All that is given must fit. */
export interface SagaQuery {
  readonly limit: number;
  /** The last saga of the page before. */
  readonly before?: string;
  /** Only sagas of this one, by its name. */
  readonly choreography?: string;
  /** At this declared end. */
  readonly end?: string;
  /** At no declared end. */
  readonly underWay?: boolean;
  /** With an entity in a lock. */
  readonly locked?: boolean;
  /** With an entity of this participant. */
  readonly participant?: string;
  /** With an entity in this state. */
  readonly state?: string;
  /** In which no state was entered after this time; milliseconds since 1970. */
  readonly idleSince?: number;
}

/** One line of a timeline. */
export interface TimelineEntry extends JournalRecord {
  readonly participant: string;
}

/**
 * Something that a saga waits for: an event published and not yet taken, a call under way, an armed deadline,
 * a parked message or, if a lock waits for none of these, the answer that would release it.
 */
export interface Expected {
  readonly kind: "event" | "activity" | "deadline" | "parked" | "answer";
  /** The event, activity or deadline, or the events of which one should come. */
  readonly what: readonly string[];
  /** The participant that has to act. */
  readonly from: readonly string[];
  /** The participant that waits. */
  readonly to: string;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
  /** When it is due, where that is known: a deadline, the next attempt. Milliseconds since 1970. */
  readonly dueAt: number | undefined;
  /** Where the message is, in words: `Order/0/17/0`, or why it is parked. */
  readonly where: string | undefined;
}

/** A public event that links two sagas, and the saga at its other end. */
export interface Causation extends SagaOfChoreography {
  readonly event: string;
  /** The participant that published it, and where in its journal. */
  readonly cause: Cause;
  /** The participant that took it. */
  readonly takenBy: string;
}

/** Whose time sagas go by, and which time that is now. */
export interface OperationsTime {
  /** Business time: what timelines and deadlines go by. Milliseconds since 1970. */
  readonly now: number;
  /** The machine's; or of the orders, a test or a show, moved step by step or running faster. */
  readonly kind: "machine" | "stepped" | "lapse";
}

/** A saga with everything known about it. */
export interface SagaReport extends SagaSummary {
  /** When the report was made, in the time that the saga goes by. */
  readonly time: OperationsTime;
  /** What started it, or came to it, from other choreographies. */
  readonly causedBy: readonly Causation[];
  /** What it has started or sent to in other choreographies. */
  readonly caused: readonly Causation[];
  readonly timeline: readonly TimelineEntry[];
  readonly expected: readonly Expected[];
}

/** A parked message and whose it is. */
export interface ParkedEntry extends ParkedRecord {
  readonly participant: string;
}

/** Which messages are redriven together: those that fit all of it. */
export interface RedriveFilter {
  /** Of one participant; of all unless given. */
  readonly participant?: string;
  /** Both unless given. */
  readonly reason?: "dead" | "retrying";
  /** Of one event, deadline or activity. */
  readonly trigger?: string;
  /** With this error: `Q_ACTIVITY_FAILED`. */
  readonly code?: string;
  /** Whether activities are called once more that came back, and whose handler failed. */
  readonly callAgain?: boolean;
}

/** The operator's requests. The promise: nothing here can lose a message or make one take effect twice. */
export interface Operations {
  /**
   * The newest first. Rejects with `Q_QUERY_UNKNOWN` for an end, a participant or a state that no contract
   * has.
   */
  sagas(query: SagaQuery): Promise<readonly SagaSummary[]>;
  /** The time that sagas go by. */
  time(): Promise<OperationsTime>;
  /**
   * The ids that begin with `prefix`, in the order of their bytes, at most `limit`. An id that is `prefix`
   * itself is the first.
   */
  sagaIds(prefix: string, limit: number): Promise<readonly string[]>;
  /** The saga's states, its timeline and what it waits for; `undefined` when no participant knows it. */
  saga(sagaId: string): Promise<SagaReport | undefined>;
  /**
   * Parked messages, the oldest first, at most `limit`; without a reason also the discarded ones. Rejects
   * with `Q_PARKED_UNKNOWN` where there is no such participant.
   */
  parked(query: {
    readonly participant?: string;
    readonly reason?: ParkedRecord["reason"];
    readonly limit: number;
  }): Promise<readonly ParkedEntry[]>;
  /**
   * Offers a dead or retrying message again, ahead of the later ones of its key. Rejects with
   * `Q_PARKED_UNKNOWN`, `Q_PARKED_REFUSED`.
   */
  redrive(participant: string, id: string, options?: Pick<RedriveFilter, "callAgain">): Promise<void>;
  /**
   * Redrives all that fit. Gives how many they were. Rejects with `Q_PARKED_UNKNOWN` where there is no such
   * participant.
   */
  redriveAll(filter: RedriveFilter): Promise<number>;
  /**
   * Gives a message up for good, with the reason recorded; the later ones of its key go on. A call that its
   * entity waits for takes the gave-up outcome of its contract. Rejects with `Q_PARKED_UNKNOWN`,
   * `Q_PARKED_REFUSED`.
   */
  discard(participant: string, id: string, reason: string): Promise<void>;
}
