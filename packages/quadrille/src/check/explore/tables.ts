// The shape of a compiled world: the integer tables that the explorer runs.
import type { Field, Layout, Queue } from "./layout.ts";
import type { Step } from "./step.ts";
import type { World } from "../model/world.ts";

/** A world ready to run. */
export interface Program {
  readonly world: World;
  readonly layout: Layout;
  readonly steps: readonly Step[];
  readonly words: number;
  /** Word, shift, mask and first range of every instance: its commands, deadlines and activities. */
  readonly instances: Int32Array;
  /** By word: the bits that count messages. */
  readonly messageMasks: Int32Array;
  /** By word * 32 + bit: the source whose counter holds the bit. */
  readonly sourceOfBit: Int32Array;
  /** Mask, word of the state, its shift, its mask and first range of every source of messages. */
  readonly sources: Int32Array;
  /** Word, shift, mask of the oldest message once shifted, and source of code zero of every queue. */
  readonly queues: Int32Array;
  /** First step of every (instance, state) and (source, state); the next entry ends it. */
  readonly ranges: Int32Array;
  readonly table: Int32Array;
  /** The lists to which the table points. */
  readonly lists: Int32Array;
  /** {@link stepClasses} of every step. */
  readonly classes: Uint8Array;
  /**
   * The field of every entry of checks, and the queue of every message to enqueue, by their positions in the
   * lists.
   */
  readonly checked: ReadonlyMap<number, Field>;
  readonly queued: ReadonlyMap<number, Queue>;
  /** The largest number of successors of a state. */
  readonly branchMax: number;
}
