// The JSON form of a choreography: the interchange between repositories, languages, the checker and its
// exports. It is plain data; joins of few events are expanded into partial states.

import type { CallPolicy } from "./call-policy.ts";

/** What happens when a trigger meets a state: a list of outcomes, or one of three words. */
export type DispositionJson = "ignore" | "defer" | "never" | readonly OutcomeJson[];

/** One named result of a reaction: the next state, the events emitted in order, the changes of tallies. */
export interface OutcomeJson {
  readonly to: string;
  readonly emit?: readonly string[];
  /** The outcome's name; absent where a reaction has a single outcome that needs none. */
  readonly choice?: string;
  /** For activities: what happens where the call is given up. Absent for an answer of the other side. */
  readonly gaveUp?: true;
  readonly tally?: Readonly<Record<string, number>>;
  /** The deadline of the state is set again, also where the state is kept. */
  readonly rearm?: true;
  /** For a shared entity: the outcome is for the saga that entered its state alone, or for the others. */
  readonly saga?: ForSaga;
}

/** The saga that entered the present state of a shared entity, or any other one. */
export type ForSaga = "own" | "other";

/** The name of the outcome of a call that was given up, unless its author gives another. */
export const gaveUpChoice = "gave up";

/** One state of a participant's entity, with a disposition for every trigger it knows in this state. */
export interface StateJson {
  /** A semantic lock: the state must be left before the saga ends. */
  readonly lock?: boolean;
  readonly on?: Readonly<Record<string, DispositionJson>>;
  readonly commands?: Readonly<Record<string, DispositionJson>>;
  /** Deadlines in business time: armed while the state holds, each one always comes. */
  readonly deadlines?: Readonly<Record<string, DispositionJson>>;
  /**
   * Deadlines that replace a partner's missing answer: the choreography has to be sound without them (P14).
   */
  readonly timeouts?: Readonly<Record<string, DispositionJson>>;
  readonly activities?: Readonly<Record<string, DispositionJson>>;
  /**
   * Deadlines and timeouts of this state that are computed from the entity's data, and not a delay; there may
   * be none then.
   */
  readonly fromData?: readonly string[];
  readonly join?: JoinJson;
}

/**
 * A join of many events. A join of few events is expanded, with a state for each set of facts seen; for
 * sixteen facts that would be 65,535 states, so such a join is kept as it is.
 */
export interface JoinJson {
  /** The events, in any order; while the join is not complete each may come once. */
  readonly facts: readonly string[];
  /** How many of them complete it; all by default. */
  readonly atLeast?: number;
  /** Whether an end that has the state has it also with some of the facts seen. */
  readonly rests?: true;
  readonly outcomes: readonly OutcomeJson[];
  /** Events that cannot come once all facts of one of these sets have been seen. */
  readonly never?: Readonly<Record<string, readonly (readonly string[])[]>>;
}

/**
 * The meaning of an event that a participant takes, in a state without a sentence about it: it cannot come,
 * or it was forgotten.
 */
export type Otherwise = "never" | "omission";

/** One participant: its states and the one in which an entity is before anything happened. */
export interface ParticipantJson {
  readonly initial: string;
  /** Whether its entity is keyed by something other than the saga, so that sagas share it. */
  readonly keyed?: boolean;
  /**
   * For a keyed participant: the events and commands whose payload contains the key; all of them if absent.
   */
  readonly keys?: readonly string[];
  /**
   * Events that it takes from the beginning of what was published; it takes the others from when it begins
   * to.
   */
  readonly fromBeginning?: readonly string[];
  /** How its activities are attempted, by name; the engine's limits apply to what is absent. */
  readonly policies?: Readonly<Record<string, CallPolicy>>;
  /** The meaning of an event without a sentence in a state; "never" if absent. */
  readonly otherwise?: Otherwise;
  readonly states: Readonly<Record<string, StateJson>>;
}

/** How often a command may come within one saga. */
export type CommandBudget = number | "unbounded";

/** A declared combination of final states. A participant that is not named may be in any state. */
export interface EndJson {
  readonly name: string;
  readonly states: Readonly<Record<string, string | readonly string[]>>;
  readonly tally?: Readonly<Record<string, number>>;
}

/**
 * What is known of a tally. A tally kept `inside` a participant is not a call to the outside, so its changes
 * need no isolation (P16).
 */
export interface TallyJson {
  readonly inside?: true;
}

/** A combination of states that must not be reachable. */
export interface ForbiddenJson {
  readonly name: string;
  readonly states: Readonly<Record<string, string | readonly string[]>>;
}

/** A public event of another choreography that is taken here. */
export interface TakenJson {
  /** The name of the choreography that lists it as public. */
  readonly from: string;
  /** Whether its payload names the saga that it belongs to; otherwise each event starts a saga. */
  readonly joins?: true;
  /** How often it may come within one saga; once by default. */
  readonly budget?: CommandBudget;
}

/** A whole choreography as data. */
export interface ChoreographyJson {
  readonly name: string;
  readonly description?: string;
  readonly participants: Readonly<Record<string, ParticipantJson>>;
  readonly commands: Readonly<Record<string, CommandBudget>>;
  /** Events that need no subscriber. */
  readonly publicEvents: readonly string[];
  /** Public events of other choreographies that are taken here, by the event's name. */
  readonly takes?: Readonly<Record<string, TakenJson>>;
  readonly ends: readonly EndJson[];
  readonly forbidden: readonly ForbiddenJson[];
  /** What is known of tallies, besides the changes by outcomes; by name. */
  readonly tallies?: Readonly<Record<string, TallyJson>>;
}
