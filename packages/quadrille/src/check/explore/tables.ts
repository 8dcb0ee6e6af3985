// The shape of a compiled world: the integer tables that the explorer runs. They grow as steps are listed.
import type { Field, Layout, Queue } from "./layout.ts";
import type { Bundle, Emission, Step } from "./step.ts";
import type { World } from "../model/world.ts";

/**
 * A world ready to run. Its steps are listed when a message first meets the state of its entity: of all that
 * could, a third ever does.
 */
export interface Program {
  readonly world: World;
  readonly layout: Layout;
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
  readonly bundles: readonly Bundle[];
  /** By range: its bundle. */
  readonly bundleOf: Int32Array;
  /** First step of every range and the one after its last; the first is -1 as long as they are not listed. */
  readonly ranges: Int32Array;
  /** The steps listed so far, those of a range in a row. */
  readonly steps: Step[];
  table: Int32Array;
  /** The lists to which the table points, and how many integers are in use. */
  lists: Int32Array;
  listsEnd: number;
  /** By step: its class. */
  classes: Uint8Array;
  /**
   * The field of every entry of checks, and the queue of every message to enqueue, by their positions in the
   * lists.
   */
  readonly checked: Map<number, Field>;
  readonly queued: Map<number, Queue>;
  /** By instance and event: the copies that it emits in each saga, once they were asked for. */
  readonly copies: Map<string, Emission[][]>[];
}
