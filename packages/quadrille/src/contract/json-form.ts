// The JSON form of a choreography: the interchange between repositories, languages, the checker and its exports.
// It is plain data with joins of few events written out as partial states.

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
  /** The deadline of the state is set anew, also where the state is kept. */
  readonly rearm?: true;
}

/** The name of the outcome of a call that was given up, unless its author gives another. */
export const GAVE_UP = "gave up";

/** One state of a participant's entity, with a disposition for every trigger it knows in this state. */
export interface StateJson {
  /** A semantic lock: the state must be left before the saga ends. */
  readonly lock?: boolean;
  readonly on?: Readonly<Record<string, DispositionJson>>;
  readonly commands?: Readonly<Record<string, DispositionJson>>;
  /** Business time: armed while the state holds, it surely comes. */
  readonly deadlines?: Readonly<Record<string, DispositionJson>>;
  /** Deadlines that stand in for a partner's answer: without them the choreography has to be as sound (P14). */
  readonly timeouts?: Readonly<Record<string, DispositionJson>>;
  readonly activities?: Readonly<Record<string, DispositionJson>>;
  /** Deadlines and timeouts of this state that are computed from the entity's data, and not a delay; there may be none then. */
  readonly fromData?: readonly string[];
  readonly join?: JoinJson;
}

/**
 * A join of many events. One of few events is written out, a state for each set of facts seen; of sixteen facts these would be 65,535 states, so
 * that it stays what it is.
 */
export interface JoinJson {
  /** The events, in any order; while the join is not complete each may come once. */
  readonly facts: readonly string[];
  /** How many of them complete it; all unless said. */
  readonly atLeast?: number;
  readonly outcomes: readonly OutcomeJson[];
  /** Events that cannot come any more once all facts of one of these sets have been seen. */
  readonly never?: Readonly<Record<string, readonly (readonly string[])[]>>;
}

/** What holds for an event that a participant takes, in a state that says nothing about it: it cannot come, or it was forgotten. */
export type Otherwise = "never" | "omission";

/** One participant: its states and the one in which an entity is before anything happened. */
export interface ParticipantJson {
  readonly initial: string;
  /** Whether its entity is keyed by something else than the saga, so that sagas share it. */
  readonly keyed?: boolean;
  /** Of a keyed participant, the events and commands whose payload brings the key; all of them where it is absent. */
  readonly keys?: readonly string[];
  /** What holds for an event about which a state says nothing; "never" where it is absent. */
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

/** What is known of a tally. One that is kept `inside` a participant is no call to the outside, so that nothing need be isolated for it (P16). */
export interface TallyJson {
  readonly inside?: true;
}

/** A combination of states that must not be reachable. */
export interface InvariantJson {
  readonly name: string;
  readonly never: Readonly<Record<string, string | readonly string[]>>;
}

/** A public event of another choreography that is taken here. */
export interface TakenJson {
  /** The name of the choreography that lists it as public. */
  readonly from: string;
  /** Whether its payload names the saga that it belongs to; unless it does, each one starts a saga. */
  readonly joins?: true;
  /** How often it may come within one saga; once where nothing is said. */
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
  readonly invariants: readonly InvariantJson[];
  /** Tallies of which more is known than that outcomes change them, by name. */
  readonly tallies?: Readonly<Record<string, TallyJson>>;
}
