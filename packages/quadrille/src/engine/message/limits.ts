// The limits that can be set when an engine is started, each with its unit and its reason. A limit that does
// not depend on the load is a constant in the file that uses it.

/** All limits; each can be set when an engine is started. */
export interface Limits {
  /** Messages in one batch. More makes no commit cheaper and lets one slow handler hold up more. */
  readonly batchMessagesMax: number;
  /**
   * Bytes of payloads that one batch takes in, and that it puts out, as JSON: each is over it by one message
   * at most. It also bounds what is read from a journal at once, and what is kept in memory of what is
   * parked.
   */
  readonly batchBytesMax: number;
  /** Journal rows read from a source at once. */
  readonly readRowsMax: number;
  /**
   * Rows handed over in memory and not yet taken, per source; beyond, the consumer reads the journal instead.
   */
  readonly handoverRowsMax: number;
  /** Commands waiting for their batch; beyond, a command is refused with `Q_OVERLOADED`. */
  readonly commandsWaitingMax: number;
  /**
   * Bytes of the payloads of commands waiting for their batch, per participant and lane; beyond, as above.
   */
  readonly commandBytesWaitingMax: number;
  /** Bytes of entities kept in memory per participant, and of those whose calls wait per lane. */
  readonly cachedBytesMax: number;
  /** Entities kept in memory per participant. */
  readonly entitiesCachedMax: number;
  /** Bytes of one payload as JSON; one message must not make a batch too large for a statement. */
  readonly payloadBytesMax: number;
  /** Characters of an error's message kept with a parked message. */
  readonly errorCharactersMax: number;
  /** Attempts of a handler before the message is a dead letter. */
  readonly attemptsMax: number;
  /** Failed attempts of a call before it is given up, where its contract gives no number. */
  readonly callAttemptsMax: number;
  /**
   * How long after its first failure a failing call is given up, where its contract gives no time. No outage
   * is expected to last a day.
   */
  readonly callGiveUpMs: number;
  /** The wait after the first failed attempt; it doubles with each one. */
  readonly backoffMs: number;
  /** The longest wait between attempts. */
  readonly backoffMsMax: number;
  /**
   * Calls of one activity that are under way at once in this process. Each counts until it has ended, aborted
   * or not.
   */
  readonly activitiesRunningMax: number;
  /**
   * How long a `transact` handler may take, or a `transactAll` handler for a set; what it had written is
   * undone then, and the attempt counts.
   */
  readonly transactMsMax: number;
  /** How long an attempt of a call may take, where its contract gives no limit. */
  readonly activityMsMax: number;
  /**
   * Different calls of an activity that fail in a row before only one at a time tries: a few may fail by
   * themselves.
   */
  readonly outageFailures: number;
  /** The longest pause between two tries during an outage: how late its end is noticed. */
  readonly probeMsMax: number;
  /** Parked messages per participant and lane, beyond which the log warns. It has no other effect. */
  readonly parkedMax: number;
  /**
   * How often a process looks at what other processes and operators have written, with one statement for all
   * participants. Usually a notice comes before.
   */
  readonly pollMs: number;
  /**
   * How often the engine reads again what other processes may have changed: a lane that they have written to,
   * and the end of a saga for which a caller waits. Usually a notice comes before.
   */
  readonly renewMs: number;
  /** How often the database's clock is read; in between it is counted on. */
  readonly clockReadMs: number;
  /** The longest pause after an operating error or after being overtaken. */
  readonly pauseMsMax: number;
  /** How long a drain takes at most. */
  readonly drainMs: number;
  /** How long an engine that stops waits for a database that does not answer; a drain includes it. */
  readonly stopMs: number;
  /** Sagas whose way to an end is followed in memory. */
  readonly sagasTrackedMax: number;
}

/** The limits of an engine that is given none. */
export const defaultLimits: Limits = {
  batchMessagesMax: 512,
  batchBytesMax: 8 * 1_024 * 1_024,
  readRowsMax: 1_024,
  handoverRowsMax: 4_096,
  commandsWaitingMax: 10_000,
  commandBytesWaitingMax: 256 * 1_024 * 1_024,
  cachedBytesMax: 32 * 1_024 * 1_024,
  entitiesCachedMax: 20_000,
  payloadBytesMax: 256 * 1_024,
  errorCharactersMax: 2_000,
  attemptsMax: 8,
  callAttemptsMax: Number.POSITIVE_INFINITY,
  callGiveUpMs: 86_400_000,
  backoffMs: 50,
  backoffMsMax: 60_000,
  activitiesRunningMax: 128,
  transactMsMax: 5_000,
  activityMsMax: 10_000,
  outageFailures: 5,
  probeMsMax: 5_000,
  parkedMax: 50_000,
  pollMs: 500,
  renewMs: 2_000,
  clockReadMs: 60_000,
  pauseMsMax: 2_000,
  drainMs: 10_000,
  stopMs: 1_000,
  sagasTrackedMax: 100_000,
};
