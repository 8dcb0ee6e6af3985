// The owner of a lane: of the processes that run a participant on one database, the one that works on the
// lane. The lock only keeps processes from overtaking each other; the lane's turn fences what they write.

/** A lane of a participant. */
export interface LaneOf {
  readonly participant: string;
  readonly lane: number;
}

/** The processes and the owners of lanes at one moment. */
export interface Standing {
  /** The name of the process that asks. */
  readonly self: string;
  /** By participant, the processes that run it, including the caller. */
  readonly present: ReadonlyMap<string, ReadonlySet<string>>;
  /** By participant, the owners of lanes; a lane without one is free. */
  readonly owners: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

/** A member process. It loses what it owns with its session, or when it leaves. */
export interface Owner {
  /**
   * The present situation. `undefined` if the session is lost: then nothing is owned, until `look` finds a
   * new session.
   */
  look(): Promise<Standing | undefined>;
  /**
   * Takes free lanes of participants that it has not retired, and returns them. It never waits for another
   * owner.
   */
  take(lanes: readonly LaneOf[]): Promise<readonly LaneOf[]>;
  /** Frees lanes, for others to take. */
  free(lanes: readonly LaneOf[]): Promise<void>;
  /** Does not run the participant any more, and frees its lanes. */
  retire(participant: string): Promise<void>;
  /** Frees all its lanes and takes no more. */
  leave(): Promise<void>;
}

/** The options of a member process. */
export interface OwnerSetup {
  /** The participants that it runs, each with the number of its lanes. */
  readonly lanes: ReadonlyMap<string, number>;
  /** Called when its session is lost, with all that it owned. It must not throw. */
  readonly onLost: () => void;
  /**
   * Called when a process has come, gone or freed a lane: a hint to look, which may come late, twice, or not
   * at all.
   */
  readonly onChange: () => void;
}

/**
 * The owners of the lanes of one database. The promise: a lane has one owner at most, and is free soon after
 * its owner's process has ended, or has been stopped for longer than its session may be silent.
 */
export interface Owners {
  join(setup: OwnerSetup): Owner;
}
