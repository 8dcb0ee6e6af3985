// A participant in a choreography, as a value: its entity, the entity's states, and the sentences of each
// state.
import { QuadrilleError } from "../errors.ts";
import { assertSchema } from "./declaration.ts";
import type { Otherwise } from "./json-form.ts";
import { assertKnownKeys } from "./known-keys.ts";
import { namedOutcomes, type Outcome } from "./outcome.ts";
import type { Locked, Reaction, Sentence } from "./reaction.ts";
import { participantNameProblem } from "./schema-name.ts";
import type { Schema, Trigger } from "./trigger.ts";

/** A state's definition: its sentences, in a lock or not. */
export type StateDefinition = readonly Sentence[] | Locked;

/** All states of a participant by name. */
export type States = Readonly<Record<string, StateDefinition>>;

/** A participant's contract. `Data` is what its entity holds besides the state. */
export interface Participant<
  Name extends string = string,
  S extends States = States,
  Data = unknown,
  Initial extends string = string,
> {
  readonly kind: "participant";
  readonly name: Name;
  /** The thing kept per key, e.g. `Ticket`. */
  readonly entity: string;
  readonly data: Schema<Data> | undefined;
  /** The state of an entity before anything happened to it. */
  readonly initial: Initial;
  readonly states: S;
  /** The meaning of a taken event in a state without a sentence about it. */
  readonly otherwise: Otherwise;
}

type TargetOf<O> =
  O extends Outcome<infer To> ? To : O extends Readonly<Record<string, Outcome<infer To>>> ? To : never;
/** The sentences in the definition of a state. */
export type SentencesOf<D> =
  D extends Locked<infer L> ? L[number] : D extends readonly Sentence[] ? D[number] : never;
type TargetsOf<D> =
  SentencesOf<D> extends infer R ? (R extends Reaction<Trigger, infer O> ? TargetOf<O> : never) : never;

/**
 * A state whose outcome leads to an unknown state gets this sentence as its expected type, so the compiler
 * shows it there.
 */
type KnownTargets<S extends States> = {
  readonly states: {
    readonly [State in keyof S]: [Exclude<TargetsOf<S[State]>, keyof S>] extends [never]
      ? unknown
      : `There is no state ${Exclude<TargetsOf<S[State]>, keyof S>}`;
  };
};

/** What an author writes for a participant. */
export interface ParticipantDefinition<S extends States, Data, Initial> {
  readonly entity: string;
  readonly data?: Schema<Data>;
  /** The state of an entity before anything happened to it; it holds no data yet. */
  readonly initial: Initial;
  readonly states: S;
  /**
   * The meaning of a taken event in a state without a sentence about it. By default `"never"`: it cannot come
   * there, and the checker proves that. `"omission"`: it was forgotten, and each such pair is a finding
   * (W03).
   */
  readonly otherwise?: Otherwise;
}

const definitionKeys: readonly (keyof ParticipantDefinition<States, unknown, string>)[] = [
  "entity",
  "data",
  "initial",
  "states",
  "otherwise",
];

/**
 * Declares a participant: a frozen value without I/O. Throws `Q_CONTRACT_MALFORMED` where its tables cannot
 * be named after it (W21).
 */
export function participant<
  const Name extends string,
  const S extends States,
  const Initial extends keyof S & string,
  Data = undefined,
>(
  name: Name,
  definition: ParticipantDefinition<S, Data, Initial> & KnownTargets<S>,
): Participant<Name, S, Data, Initial> {
  const problem = participantNameProblem(name);
  if (problem !== undefined) throw new QuadrilleError("Q_CONTRACT_MALFORMED", `${problem} (W21).`);
  assertKnownKeys(name, definition, definitionKeys);
  assertSchema(`data of ${name}`, definition.data);
  return Object.freeze({
    kind: "participant",
    name,
    entity: definition.entity,
    data: definition.data,
    initial: definition.initial,
    states: Object.freeze(definition.states),
    otherwise: definition.otherwise ?? "never",
  });
}

/** The sentences of a state, whether it is a lock or not. */
export function sentencesOf(state: StateDefinition): readonly Sentence[] {
  return "sentences" in state ? state.sentences : state;
}

/** Whether a state is a semantic lock. */
export function isLock(state: StateDefinition): boolean {
  return "sentences" in state;
}

/** The tallies that a participant's outcomes change. */
export function talliesOf({ states }: Participant): readonly string[] {
  const sentences = Object.values(states).flatMap(sentencesOf);
  const outcomes = sentences.flatMap((one) =>
    one.kind === "reaction" ? [...namedOutcomes(one.outcomes).values()] : [],
  );
  return outcomes.flatMap(({ tally }) => Object.keys(tally));
}
