// The store's ports: what the engine promises to do with a participant's tables, and what these promise the
// engine.
import type { Transaction } from "../contract/handler.ts";
import type {
  AnsweredRequest,
  AnswerRecord,
  CarriedRow,
  EntityRecord,
  GenerationRecord,
  InboxRecord,
  JournalRecord,
  OriginRecord,
  ParkedHead,
  ParkedReason,
  ParkedRecord,
  ReactionOfSaga,
  ReactionRecord,
  RequestRecord,
  SubscriptionRecord,
} from "./records.ts";

/** A lane as its worker reads it before its first batch, and again after it was overtaken. */
export interface Recovery {
  /** Counts the flushes of this lane; the fence. */
  readonly turn: number;
  /** The last position in the lane's journal; 0 when it is empty. */
  readonly head: number;
  /** The generation of the contract that writes the lane; 0 where none was recorded. */
  readonly generation: number;
  /** The last position taken, by source. */
  readonly inbox: ReadonlyMap<string, number>;
  /** From where on each event is taken. */
  readonly subscriptions: readonly SubscriptionRecord[];
  /**
   * The highest `ordinal` of what is parked in this lane; absent when nothing is, discarded messages apart.
   */
  readonly lastOrdinal: number | undefined;
}

/** All effects of a batch. */
export interface Flush {
  readonly lane: number;
  /**
   * The turn as the lane's worker has read it; another one in the database: another process took the lane.
   */
  readonly turn: number;
  /** The lane's last position after this flush. */
  readonly head: number;
  /** Entities that did not exist. */
  readonly created: readonly EntityRecord[];
  /**
   * Entities that did; `record.version` is the new version, `known` the one that was read. `data` only when
   * changed.
   */
  readonly changed: readonly ChangedEntity[];
  /** The reactions, positions rising by one up to `head`. */
  readonly journal: readonly JournalRecord[];
  /** Positions taken, by source. */
  readonly inbox: ReadonlyMap<string, number>;
  /**
   * Parked messages, inserted, or parked again: reason, attempts, times, version, error and note of the row
   * with the same id are replaced. What the message says does not change; what is kept of an activity's call
   * does.
   */
  readonly parked: readonly ParkedRecord[];
  /** Ids of parked messages that were taken after all. */
  readonly unparked: readonly string[];
  /** Answers to commands that brought an idempotency key. */
  readonly answers: readonly AnswerRecord[];
  /**
   * What started sagas here, or joined them, from elsewhere; one that is there already stays. None where
   * absent.
   */
  readonly origins?: readonly OriginRecord[];
  /**
   * Answers to requests. Where one of them has an answer already, or was withdrawn, the flush is overtaken.
   */
  readonly requests?: readonly AnsweredRequest[];
}

/** A change of a known entity. */
export interface ChangedEntity {
  readonly record: EntityRecord;
  readonly known: number;
  readonly dataChanged: boolean;
  /** Whether the entity acts for another saga than before; absent where it does not. */
  readonly sagaChanged?: boolean;
}

/**
 * How a flush ended. `overtaken`: the lane's turn, or an entity's version or existence, has changed;
 * nothing was written. `repeated`: an idempotency key has an answer already, nothing was written.
 */
export type FlushResult = "committed" | "overtaken" | "repeated";

/** What a lane's worker reads of its participant's tables. What it writes goes through `Database.flush`. */
export interface ParticipantStore {
  recover(lane: number): Promise<Recovery>;
  /**
   * Counts a turn without a flush. The promise: when it resolves, a flush that knows an earlier turn has
   * committed, and is seen from now on, or can never commit. Where one is being written, it waits for its
   * end.
   */
  skipTurn(lane: number): Promise<void>;
  /** The latest business time in the lane's journal; nothing where it is empty. */
  latestTime(lane: number): Promise<number | undefined>;
  /** The reactions after a position of the lane's journal, in order, without their payloads. */
  reactions(lane: number, after: number, limit: number): Promise<readonly ReactionRecord[]>;
  /** The entities that exist among `keys`, by key. */
  load(keys: readonly string[]): Promise<ReadonlyMap<string, EntityRecord>>;
}

/**
 * Deadlines and activities, which the entities themselves keep. A deadline that is parked is not among them,
 * nor one that waits: for a message of its entity that was there before it and is tried again. That is the
 * result of a call, or a message in line, as long as that line goes on.
 */
export interface Agenda {
  /** Entities of the lane whose deadline is at or before `now`, earliest first. */
  due(lane: number, now: number, limit: number): Promise<readonly EntityRecord[]>;
  /** The earliest deadline in the lane, in milliseconds since 1970. */
  nextDue(lane: number): Promise<number | undefined>;
  /** Entities of the lane with an activity to run, by key, after `afterKey`. */
  unfinished(lane: number, afterKey: string, limit: number): Promise<readonly EntityRecord[]>;
}

/**
 * What is parked, in the pieces that a worker needs: for the keys of a batch, and what is due. Messages that
 * are not due are never read, however many there are. Discarded messages are never included.
 */
export interface ParkedReader {
  /**
   * What is parked for keys, by `ordinal`: all that is deferred, all calls and deadlines, and of the messages
   * in line (retrying, waiting or dead) the first `inLineMax` of each key.
   */
  parkedFor(lane: number, keys: readonly string[], inLineMax: number): Promise<readonly ParkedHead[]>;
  /**
   * When the earliest cause among all messages in line for the key took place; nothing where none is in line,
   * and 0 for a row from before that was kept.
   */
  earliestCause(lane: number, key: string): Promise<number | undefined>;
  /** Those whose `nextAt` is at or before `now`, earliest first. */
  parkedDue(lane: number, now: number, limit: number): Promise<readonly ParkedHead[]>;
  /** The earliest `nextAt` after `after`, in milliseconds since 1970. */
  nextParkedDue(lane: number, after: number): Promise<number | undefined>;
  /** The payloads of parked messages, by id. */
  payloads(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** How many are parked in the lane, by reason. Reads them all. */
  parkedCensus(lane: number): Promise<ReadonlyMap<ParkedReason, number>>;
}

/** How much to read: rows, and bytes of their payloads as JSON, which the last row may exceed. */
export interface ReadLimit {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * The journal as consumers read it. The promise: rows after `after`, in order, without gaps, only committed
 * ones.
 */
export interface JournalReader {
  read(lane: number, after: number, limit: number | ReadLimit): Promise<readonly CarriedRow[]>;
}

/** First answers to commands. */
export interface Answers {
  /** The answers that exist among `idempotencyKeys`, by key. */
  answers(idempotencyKeys: readonly string[]): Promise<ReadonlyMap<string, AnswerRecord>>;
}

/**
 * Commands for the owner of their lane, left by other processes. The promise: a request has one answer at
 * most, written by the flush that has its effects; one that was withdrawn without an answer has no effect.
 */
export interface Requests {
  /**
   * Leaves requests, all or none. One whose id is there already is left as it is. Rejects with
   * `Q_WRITE_REFUSED` where the database does not take a row.
   */
  leave(requests: readonly RequestRecord[]): Promise<void>;
  /** Those of the lanes without an answer, in their order; the limit is for all lanes together. */
  open(lanes: readonly number[], limit: ReadLimit): Promise<readonly RequestRecord[]>;
  /** The requests that exist among `ids`, with their answers; `undefined` where there is none yet. */
  answers(ids: readonly string[]): Promise<ReadonlyMap<string, object | undefined>>;
  /** Deletes requests, and gives the ids of those that had no answer: they have no effect any more. */
  withdraw(ids: readonly string[]): Promise<readonly string[]>;
  /** Deletes the lane's requests with an answer that were made before a time: their callers are gone. */
  sweep(lane: number, before: number): Promise<void>;
}

/** Work of `transact` handlers, in the transaction in which its flush commits. */
export interface Transacting {
  /**
   * Runs `work` in a transaction and commits it when `work`'s flush was committed; otherwise, and when `work`
   * throws, rolls back. `savepoint` runs a part that may fail alone; parts come one
   * after the other, before the flush.
   */
  transact(work: (scope: TransactScope) => Promise<FlushResult>): Promise<FlushResult>;
}

/** The inside of {@link Transacting}. */
export interface TransactScope {
  readonly transaction: Transaction;
  readonly savepoint: <T>(part: () => Promise<T>) => Promise<T>;
  /**
   * Ends the statement of `transaction` that is under way, which rejects then; to be called again for the
   * next one, and where it goes on all the same. In the end it gives the whole transaction up, which
   * rejects then with `Q_HANDLER_TIMED_OUT`. Absent where a statement is computed in this thread.
   */
  readonly interrupt?: () => Promise<void>;
  readonly flush: (flush: Flush) => Promise<FlushResult>;
}

/** What operators do to parked messages, however busy the lane is. */
export interface Offering {
  /**
   * Offers parked messages again, at once and with all their attempts before them. The promise: with them the
   * lane counts a turn, so that a flush that was decided before can no longer commit. It waits
   * for one that is being written.
   */
  offer(which: OfferQuery): Promise<Offered>;
}

/** Which parked messages of a lane are offered again: those that are dead or retrying, by `ordinal`. */
export interface OfferQuery {
  readonly lane: number;
  /** After this ordinal and up to that one only. */
  readonly after: number;
  readonly until: number;
  readonly limit: number;
  readonly id?: string;
  readonly reason?: "dead" | "retrying";
  /** The event, deadline or activity. */
  readonly trigger?: string;
  /** The code of their error. */
  readonly code?: string;
  /** Whether what calls came back with is forgotten, so that they are made once more. */
  readonly callAgain: boolean;
}

/** How many were offered again, and the last ordinal among them. */
export interface Offered {
  readonly count: number;
  readonly last: number;
}

/** The owner of the tables, and the position from which each event is read. */
export interface Registry {
  /** The contracts that the tables have had, in their order. */
  generations(): Promise<readonly GenerationRecord[]>;
  /** How far each lane's journal goes, and how far each lane has read. */
  reading(): Promise<readonly LaneReading[]>;
  /**
   * Records a contract, or what else is read by the present one, all of it or nothing. With a new generation
   * every lane counts a turn, so that a flush of the earlier contract can no longer commit. False where that
   * generation was recorded by another process, and nothing was written.
   */
  enrol(enrolment: Enrolment): Promise<boolean>;
  /**
   * Notes where events that the contract does not know were first met, where nothing is known of them yet, or
   * all that an earlier contract took of them was taken.
   */
  note(strangers: readonly SubscriptionRecord[]): Promise<void>;
  /** Notes that a process runs the participant by the present contract. */
  markRun(generation: number): Promise<void>;
}

/** How far a lane goes, and how far it has read. */
export interface LaneReading {
  readonly lane: number;
  /** The position before the first row of the journal that is still there; the head when none is. */
  readonly floor: number;
  readonly head: number;
  readonly inbox: ReadonlyMap<string, number>;
  readonly subscriptions: readonly SubscriptionRecord[];
}

/** What {@link Registry.enrol} writes. */
export interface Enrolment {
  readonly generation?: GenerationRecord;
  /** Positions that are made or moved, also back. */
  readonly inbox: readonly InboxRecord[];
  /** Made, or put in the place of what there is for the event. */
  readonly subscriptions: readonly SubscriptionRecord[];
  readonly dropped: readonly Pick<SubscriptionRecord, "lane" | "source" | "event">[];
  /** Parked with a new generation; one whose id is there already stays as it is. None where absent. */
  readonly parked?: readonly ParkedRecord[];
}

/**
 * A participant's tables as they stand, for readers that do not run it: operators, pages, migrations. It
 * needs to know neither lanes nor sources.
 */
export interface Inspection
  extends JournalReader,
    Answers,
    Offering,
    Registry,
    Pick<ParticipantStore, "recover" | "load">,
    Pick<ParkedReader, "parkedFor"> {
  /**
   * By saga, the state in which its last reaction left this participant's entity; sagas without one are
   * absent.
   */
  lastStates(sagaIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Events of other choreographies that came to a saga here, or that a saga elsewhere has sent here, by lane
   * and position.
   */
  origins(query: OriginQuery): Promise<readonly OriginRecord[]>;
  /**
   * The ids of sagas with an entity or a reaction here that begin with `prefix`, in the order of their bytes.
   */
  sagaIds(prefix: string, limit: number): Promise<readonly string[]>;
  /** One saga's reactions in this participant, by time and position. */
  timeline(sagaId: string): Promise<readonly JournalRecord[]>;
  /** The reactions of sagas, without payloads, by lane and position. */
  reactionsOf(sagaIds: readonly string[]): Promise<readonly ReactionOfSaga[]>;
  /** Those of the sagas of which a message is parked; a discarded one does not count. */
  withParked(sagaIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Parked messages, oldest first; everything, also discarded ones, when `reason` is absent. */
  parked(query: ParkedQuery): Promise<readonly ParkedRecord[]>;
  /** How many events are parked, by their names; discarded ones do not count. */
  parkedEvents(): Promise<ReadonlyMap<string, number>>;
  /** Entities, the newest first: by `beganAt` and saga id, both descending, then by key. */
  entities(query: EntityQuery): Promise<readonly EntityRecord[]>;
  /** How many entities are in each state. */
  census(): Promise<ReadonlyMap<string, number>>;
}

/** By the saga here, or by the saga that caused it. */
export type OriginQuery = { readonly sagaId: string } | { readonly causedBy: string };

/** A page of parked messages. */
export interface ParkedQuery {
  /** One is enough: a message is parked for one reason. */
  readonly reason?: ParkedReason | readonly ParkedReason[];
  readonly id?: string;
  readonly sagaId?: string;
  readonly limit: number;
}

/** A page of entities. */
export interface EntityQuery {
  readonly sagaId?: string;
  /** In one of these states only. */
  readonly states?: readonly string[];
  /** In their state since this time or earlier only; milliseconds since 1970. */
  readonly enteredUntil?: number;
  /** Those that come after this place in the list only: the next page. */
  readonly before?: EntityPlace;
  readonly limit: number;
}

/** A place in a list of entities by time. */
export type EntityPlace = Pick<EntityRecord, "beganAt" | "sagaId">;

/** What an engine runs a participant on. Consumers name the part they need. */
export interface Store extends Inspection, ParticipantStore, Agenda, ParkedReader, Transacting {
  readonly requests: Requests;
}
