// What a worker is made of.
import type { Ambient } from "../../ambient/ambient.ts";
import type { Store } from "../../store/store.ts";
import type { CallQueues } from "../call/call-queue.ts";
import type { HandlersDatabase } from "../dispatch/walls.ts";
import type { OwnGeneration } from "../generation/own-generation.ts";
import type { EntityCache, FreshSagas } from "../lane/entity-cache.ts";
import type { Source } from "../lane/lane.ts";
import type { ParkedLog } from "../lane/parked-log.ts";
import type { Runnable } from "../message/code.ts";
import type { Limits } from "../message/limits.ts";
import type { PayloadChecker } from "../message/payload.ts";
import type { Sealed } from "./sealed.ts";

/** What a lane that was read again shows beside what its worker has seen of its own flushes. */
export interface Recovered {
  readonly participant: string;
  readonly lane: number;
  /** The positions taken, by source. */
  readonly inbox: ReadonlyMap<string, number>;
  /** A flush whose answer was lost: it has committed, or never will. */
  readonly lost: Sealed | undefined;
}

/** The parts of a worker, shared by the lanes of a participant but for its lane and sources. */
export interface WorkerOptions {
  readonly code: Runnable;
  readonly database: HandlersDatabase;
  readonly store: Store;
  readonly lane: number;
  /** The journals this participant reads, by source. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly generation: OwnGeneration;
  readonly ambient: Ambient;
  readonly limits: Limits;
  readonly payloads: PayloadChecker;
  readonly fresh: FreshSagas;
  /** What is known of the participant's entities. */
  readonly cache: EntityCache;
  /** The queues of its activities, shared by the lanes of the participant. */
  readonly queues: CallQueues;
  /** Where its parked messages are logged. */
  readonly parkedLog: ParkedLog;
  /** Whether commands come from other processes too. */
  readonly isShared: boolean;
  /** Called when a later contract has taken the tables. */
  readonly onSuperseded: () => void;
  /** Called when the lane was read again. */
  readonly onRecovered: (recovered: Recovered) => void;
}
