// An exploration under way.
import type { Field, Queue } from "./layout.ts";
import type { Overflow } from "./overflow.ts";
import type { Space } from "./space.ts";
import type { Chooser } from "./stubborn.ts";

/** An exploration under way. */
export interface Run {
  readonly space: Space;
  readonly overflows: Map<string, Overflow>;
  /** Chooses among the enabled steps; absent where all of them are taken. */
  readonly chooser: Chooser | undefined;
  /** Full channels that are not known to grow for ever, with the number of searches for a loop so far. */
  readonly looks: Map<Field | Queue, number>;
  /**
   * Channels that are filled again and again, but only as business deadlines come; with the searches since.
   */
  readonly paced: Map<Field | Queue, number>;
  /** Set when a channel has to be widened: the run is then discarded and begins again. */
  tooNarrow: Field | Queue | undefined;
}
