// One step of the explorer: its guards and its changes.
import type { OutcomeJson } from "../../contract/json-form.ts";
import type { TriggerKind } from "../../contract/trigger-kind.ts";
import type { Fault } from "../model/bound.ts";
import type { Field, Queue } from "./layout.ts";
import type { Instance } from "../model/world.ts";
import type { PlacedSentence } from "../../contract/json/sentences.ts";

/**
 * `stuck` delivers a message that the contract does not handle or says `never` about: the message is taken,
 * its entity stops, the others go on. `held` is not a step: it records that a message is deferred and stays
 * in its channel.
 */
export type StepKind = TriggerKind | "stuck" | "deferred" | "held";

/** One copy of an emitted event, for one subscriber. */
export interface Emission {
  readonly event: string;
  readonly saga: number;
  readonly to: Instance;
  /** Where it is counted; undefined in a queue. */
  readonly field: Field | undefined;
  /** The queue in which it travels, and its code there; undefined where there is no order. */
  readonly queued: { readonly queue: Queue; readonly code: number } | undefined;
}

/** Where a message is taken from. */
export type StepSource =
  | { readonly from: "bag" | "stash"; readonly field: Field }
  | { readonly from: "queue"; readonly queue: Queue; readonly code: number };

/**
 * A condition on a field, or on some of its bits: exactly this value, or any but this one; 0 by default.
 */
export interface Guard {
  readonly field: Field;
  readonly bits?: number;
  readonly equals?: number;
  readonly differs?: number;
}

/** One step of one instance from one state. */
export interface Step {
  readonly kind: StepKind;
  readonly instance: Instance;
  readonly saga: number;
  readonly from: number;
  /** The state before it, as the participant's table names it; in a join, with the facts seen so far. */
  readonly row: string;
  readonly to: number;
  readonly trigger: string;
  /** Absent where the contract says nothing. */
  readonly reaction: PlacedSentence | undefined;
  readonly outcome: OutcomeJson | undefined;
  readonly source: StepSource | undefined;
  /** Whether the message leaves its channel. */
  readonly takes: boolean;
  readonly emits: readonly Emission[];
  readonly guards: readonly Guard[];
  /** Changes of counters besides state and messages. */
  readonly changes: readonly (readonly [field: Field, delta: number])[];
  readonly fault: Fault | undefined;
  /** The facts that it clears: those of the state that it leaves. */
  readonly forgets?: Field;
  /**
   * For a fact of a join: how many were seen before, whether it completes the join, and whether all of its
   * facts are needed.
   */
  readonly fact?: { readonly seen: number; readonly completes: boolean; readonly isOfAll: boolean };
  /** Set where the facts seen decide whether it can be taken, and it takes none for the first time. */
  readonly readsFacts?: true;
  /** For one that takes a fact again: set to its index in the join. */
  readonly againOf?: number;
}

/** A message that may arrive at an instance, and the channel in which it does. */
export interface Arrival {
  readonly event: string;
  readonly saga: number;
  readonly source: StepSource;
}

/**
 * The steps of an instance that one message brings about, or that it takes on its own: a range for each
 * state.
 */
export interface Bundle {
  readonly instance: Instance;
  readonly arrival: Arrival | undefined;
  /** The first of the ranges. */
  readonly first: number;
}
