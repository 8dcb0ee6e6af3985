// The port of a database that holds participants' stores.
import type { Sql } from "./own-sql.ts";
import type { Clock } from "../ambient/ambient.ts";
import type { Notices } from "./notices.ts";
import type { Owners } from "./owners.ts";
import type { TimeStore } from "./time-store.ts";
import type { Recovery, Flush, FlushResult, Inspection, Store } from "./store.ts";

/** The flushes of one round: by participant, one for each lane that is written. */
export type RoundFlushes = ReadonlyMap<string, readonly Flush[]>;

/**
 * How a round ended. If it was not committed: which participant's flush was stale or repeated, and of which
 * lanes. Where a round has several lanes of that participant and the database does not say which, all of them
 * are named.
 */
export type RoundResult =
  | { readonly result: "committed" }
  | {
      readonly result: Exclude<FlushResult, "committed">;
      readonly participant: string;
      readonly lanes: readonly number[];
    };

/** A database that holds participants' stores. */
export interface Database extends AsyncDisposable {
  /** What it is, without secrets, for messages: `PGlite at .quadrille/db`. */
  readonly label: string;
  /** False where `transact` handlers find no SQL. */
  readonly hasSql?: boolean;
  /** Whether it has a single connection: while a transaction is open, everything else waits for its end. */
  readonly hasOneConnection?: boolean;
  /**
   * For the services' own tables: each statement is a transaction of its own. Absent where there is no SQL.
   */
  readonly sql?: Sql;
  /**
   * Opens the participant's store, making or migrating its tables first. Rejects with a `QuadrilleError` when
   * the tables are newer than this version (`Q_SCHEMA_NEWER`), have drifted, or were made for another number
   * of lanes.
   */
  open(participant: ParticipantSetup): Promise<Store>;
  /**
   * Looks at a participant's tables: makes and migrates nothing. Rejects with `Q_SCHEMA_MISSING` when there
   * are none, and when they have drifted.
   */
  inspect(participant: ParticipantPlace): Promise<Inspection>;
  /**
   * Commits the flushes of participants that were opened or inspected here, all of them or none. The promise:
   * positions of a lane become visible in their order without gaps; of two flushes that know the same turn of
   * a lane at most one commits; two rounds never deadlock. Where a lane's turn
   * has changed, that lane is named, and the others of the round are not. Operating errors (connection lost,
   * disk full) reject with a `QuadrilleError`; the round may then have committed, commit later, or never:
   * `skipTurn` settles it, and `reactions` shows which.
   */
  flush(round: RoundFlushes): Promise<RoundResult>;
  /** Where the lanes of all participants opened here stand, by participant and lane. */
  look(): Promise<Marks>;
  /** Where the engines of this database notify each other of commits. */
  readonly notices: Notices;
  /** Who owns the lanes; absent where one process has the database, and owns them all. */
  readonly owners?: Owners;
  /**
   * The lanes that a participant's tables were made with, also by an earlier version of the program;
   * `undefined` where there are none.
   */
  lanesMade(participant: ParticipantPlace): Promise<number | undefined>;
  /**
   * The lanes that new tables get where a program does not say how many: several where processes can share
   * the work; one unless given.
   */
  readonly lanesAtFirst?: number;
  /** Business time, where it is another one than the machine's. */
  readonly businessTime: TimeStore;
  /**
   * The time for all who use the database, in milliseconds since 1970: that of its server. A database inside
   * a process has no server, and keeps to the first clock it was asked with.
   */
  time(own: Pick<Clock, "now" | "steady">): Promise<number>;
}

/** PGlite or PostgreSQL: a database in memory has none. */
export interface SqlDatabase extends Database {
  readonly sql: Sql;
}

/** Where a lane stands. */
export interface LaneMark extends Pick<Recovery, "turn" | "head"> {
  /** Whether commands of other processes wait for its owner. */
  readonly hasRequests: boolean;
}

/** Where lanes stand, by participant and lane. */
export type Marks = ReadonlyMap<string, ReadonlyMap<number, LaneMark>>;

/** Where a participant's tables are. */
export interface ParticipantPlace {
  readonly name: string;
  /** The schema's name; what `schemaName` makes of the participant's unless given. */
  readonly schema?: string;
}

/** What a store has to know of its participant. */
export interface ParticipantSetup extends ParticipantPlace {
  /** Partitions of the journal. */
  readonly lanes: number;
  /** Participants whose journals it reads, each with a position 0 in each lane; an engine enrols its own. */
  readonly sources?: readonly string[];
}
