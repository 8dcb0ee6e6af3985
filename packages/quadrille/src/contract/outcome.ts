// A named result of a reaction: the next state, the events emitted, the changes of tallies.
import type { ForSaga } from "./json-form.ts";
import type { EventType } from "./trigger.ts";

/** An outcome. Each method returns a new one. */
export interface Outcome<
  To extends string = string,
  Emits extends readonly EventType[] = readonly EventType[],
> {
  readonly to: To;
  readonly emit: Emits;
  readonly tally: Readonly<Record<string, number>>;
  /** Whether the deadline of the state is set again, where the state is kept. */
  readonly rearm: boolean;
  /** For a shared entity: which sagas it is for; all where undefined. */
  readonly saga: ForSaga | undefined;
  /** Adds events, emitted in this order when the outcome is chosen. */
  emits<const More extends readonly EventType[]>(...more: More): Outcome<To, readonly [...Emits, ...More]>;
  /** Adds to tallies: something outside that is counted, such as `held` money. Ends fix their values. */
  tallies(changes: Readonly<Record<string, number>>): Outcome<To, Emits>;
  /**
   * Sets the deadline of the state again, also where the entity stays in it: by its data as they are then.
   */
  rearms(): Outcome<To, Emits>;
  /** Says that the outcome is only for the saga whose message entered the state of the shared entity. */
  ifOwn(): Outcome<To, Emits>;
  /** Says that the outcome is only for the other sagas: those that did not enter the state. */
  ifOther(): Outcome<To, Emits>;
}

/** One outcome without a name, or several with names to choose from. */
export type Outcomes = Outcome | Readonly<Record<string, Outcome>>;

/** The outcome that goes to state `state`. */
export function to<const To extends string>(state: To): Outcome<To, readonly []> {
  return outcome(state, [], { tally: {}, rearm: false, saga: undefined });
}

/** An outcome with all its parts at once, as a contract that is read has them. */
export function outcome<To extends string, Emits extends readonly EventType[]>(
  state: To,
  emit: Emits,
  more: Pick<Outcome, "tally" | "rearm" | "saga">,
): Outcome<To, Emits> {
  return Object.freeze({
    to: state,
    emit: Object.freeze(emit),
    tally: Object.freeze(more.tally),
    rearm: more.rearm,
    saga: more.saga,
    emits: <const More extends readonly EventType[]>(...events: More) =>
      outcome<To, readonly [...Emits, ...More]>(state, [...emit, ...events], more),
    tallies: (changes: Readonly<Record<string, number>>) =>
      outcome(state, emit, { ...more, tally: { ...more.tally, ...changes } }),
    rearms: () => outcome(state, emit, { ...more, rearm: true }),
    ifOwn: () => outcome(state, emit, { ...more, saga: "own" }),
    ifOther: () => outcome(state, emit, { ...more, saga: "other" }),
  });
}

/** The named outcomes of a reaction; a single outcome stands under the empty name. */
export function namedOutcomes(outcomes: Outcomes): ReadonlyMap<string, Outcome> {
  return isSingle(outcomes) ? new Map([["", outcomes]]) : new Map(Object.entries(outcomes));
}

function isSingle(outcomes: Outcomes): outcomes is Outcome {
  return typeof outcomes["emits"] === "function";
}
