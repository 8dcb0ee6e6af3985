// What an example of a rule of well-formedness is: the contract that breaks it, its twin, and what it makes a
// system with.
import type { Choreography } from "../src/contract/choreography.ts";

/** A contract that breaks a rule. */
export interface WellFormedExample {
  /** The finding's message. */
  readonly says: string;
  readonly broken: Choreography;
  /** The dinner itself unless given. */
  readonly clean?: Choreography;
  /** The choreographies with which it makes a system. */
  readonly beside?: readonly Choreography[];
}

/** At least one. */
export type Examples = readonly [WellFormedExample, ...WellFormedExample[]];
