// Who owns a lane: of the processes that run a participant on one database, the one that works on the lane. The lock only
// keeps processes from overtaking each other; what they write is fenced by the lane's turn.

/** A lane of a participant. */
export interface LaneOf {
  readonly participant: string;
  readonly lane: number;
}

/** Who is there, and who owns what, at one moment. */
export interface Standing {
  /** The name of the process that asks. */
  readonly self: string;
  /** By participant, the processes that run it: also the one that asks. */
  readonly present: ReadonlyMap<string, ReadonlySet<string>>;
  /** By participant, the owners of lanes; a lane without one is free. */
  readonly owners: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

/** What a process that takes part can do. What it owns is lost with its session, or when it leaves. */
export interface Owner {
  /** Who is there now. `undefined` where the session is lost: then nothing is owned, until `look` finds a new one. */
  look(): Promise<Standing | undefined>;
  /** Takes lanes that are free, of participants that it has not retired, and gives those. It never waits for another owner. */
  take(lanes: readonly LaneOf[]): Promise<readonly LaneOf[]>;
  /** Frees lanes, for others to take. */
  free(lanes: readonly LaneOf[]): Promise<void>;
  /** Does not run the participant any more, and frees its lanes. */
  retire(participant: string): Promise<void>;
  /** Takes no part any more. */
  leave(): Promise<void>;
}

/** What a process that takes part wants. */
export interface OwnerSetup {
  /** The participants that it runs, each with the number of its lanes. */
  readonly lanes: ReadonlyMap<string, number>;
  /** Called when its session is lost, with all that it owned. It must not throw. */
  readonly onLost: () => void;
  /** Called when a process has come, gone or freed a lane: a hint to look, which may come late, twice, or not at all. */
  readonly onChange: () => void;
}

/**
 * The owners of the lanes of one database. The promise: a lane has one owner at most, and is free soon after its owner's
 * process has ended, or has been stopped for longer than its session may be silent.
 */
export interface Owners {
  join(setup: OwnerSetup): Owner;
}
