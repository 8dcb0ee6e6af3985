// A participant's code: the pure functions that choose outcomes, and the calls to the outside world, fully
// typed.
import { codeOf } from "./code-shape.ts";
import type { Outcome, Outcomes } from "./outcome.ts";
import type { Participant, StateDefinition, States } from "./participant.ts";
import type { Locked, Reaction, Sentence } from "./reaction.ts";
import type { ActivityType, DataOf, EventType, Trigger } from "./trigger.ts";

/** What a handler decided: the outcome's name, the entity's new data, a payload for each emitted event. */
export interface Choice<Name extends string = string> {
  /** The empty name is the outcome of a reaction that has only one. */
  readonly outcome: Name;
  /** The entity's new data; absent: as it was. */
  readonly data?: unknown;
  readonly payloads: Readonly<Record<string, unknown>>;
}

type Payloads<Emits extends readonly EventType[]> = {
  readonly [E in Emits[number] as DataOf<E> extends undefined ? never : E["name"]]: DataOf<E>;
};
/**
 * The entity's data are the second argument; without this type, a variable could pass them among the
 * payloads.
 */
type NoData<P> = "data" extends keyof P ? unknown : { readonly data?: never };
type Changes<Data> = [Data] extends [undefined] ? readonly [] : readonly [changes?: { readonly data?: Data }];

/**
 * Makes the choice of one outcome: first the payloads of the events that it emits, by their names, then the
 * entity's new data, `{ data }`. An outcome that emits no payload takes the data alone.
 */
export type Choose<O, Data, Name extends string> =
  O extends Outcome<string, infer Emits>
    ? keyof Payloads<Emits> extends never
      ? (...changes: Changes<Data>) => Choice<Name>
      : (payloads: Payloads<Emits> & NoData<Payloads<Emits>>, ...changes: Changes<Data>) => Choice<Name>
    : never;

/** The choices of a reaction: one function, or one for each named outcome. */
export type Choices<O, Data> = O extends Outcome
  ? Choose<O, Data, "">
  : { readonly [Name in keyof O & string]: Choose<O[Name], Data, Name> };

/** An entity as handlers and activities see it. */
export interface EntityView<Data> {
  readonly key: string;
  readonly sagaId: string;
  readonly state: string;
  /** How many reactions have changed it. */
  readonly version: number;
  readonly data: Data;
}

/** The input of a handler, and its only source: it has no clock, no randomness and no I/O. */
export interface HandlerInput<T extends Trigger, O extends Outcomes, Data, Held> {
  /**
   * The trigger's data: of an event or command its payload, of a call its result, of a join the payloads of
   * its events by name.
   */
  readonly payload: DataOf<T>;
  readonly entity: EntityView<Held>;
  /**
   * Business time at which the message takes effect, in milliseconds since 1970. Messages of one batch may
   * differ.
   */
  readonly now: number;
  /** The message's id. It is stable over redelivery, so keys may be derived from it. */
  readonly id: string;
  /**
   * Whether the message's saga is the one whose message entered the entity's state; only of an entity that
   * sagas share it may be another.
   */
  readonly isOwn: boolean;
  /** Chooses the outcome: `choose(…)`, or `choose.ok(…)` where outcomes have names. */
  readonly choose: Choices<O, Data>;
}

/** Chooses one of the declared outcomes and fills in its data. Pure and synchronous. */
type PureHandler<T extends Trigger, O extends Outcomes, Data, Held> = (
  input: HandlerInput<T, O, Data, Held>,
) => ChoiceOf<O>;

/**
 * Like a handler, within the batch's transaction `tx`, for the service's own tables. May await; may be run
 * again.
 */
export interface Transact<Input = never, Tx = never, Answer = Choice> {
  readonly transact: (input: Input, tx: Tx) => Promise<Answer>;
}

/**
 * Like {@link Transact}, for all messages of its kind in a batch: one statement may serve hundreds. They come
 * in their order, at most one of each entity. It answers each in the same order: with a choice, or with an
 * `Error` where that one cannot be taken now. What it has written is undone then, and it is run again without
 * that one.
 */
export interface TransactAll<Input = never, Tx = never, Answer = Choice> {
  readonly transactAll: (inputs: readonly Input[], tx: Tx) => Promise<readonly (Answer | Error)[]>;
}

type ChoiceOf<O> = O extends Outcome ? Choice<""> : Choice<keyof O & string>;

type SentencesIn<D extends StateDefinition> =
  D extends Locked<infer L> ? L[number] : D extends readonly Sentence[] ? D[number] : never;
type ReactionsOf<D extends StateDefinition> = Extract<SentencesIn<D>, Reaction>;

/** A reaction needs code if there is a choice to make or a payload to fill in. */
type NeedsHandler<R extends Reaction> =
  R extends Reaction<Trigger, infer O>
    ? O extends Outcome<string, infer Emits>
      ? keyof Payloads<Emits> extends never
        ? false
        : true
      : true
    : never;
type NameOf<R extends Reaction> = R["trigger"]["name"];

type HandlerOf<R extends Reaction, Data, Held> =
  R extends Reaction<infer T, infer O>
    ?
        | PureHandler<T, O, Data, Held>
        | Transact<HandlerInput<T, O, Data, Held>, Transaction, ChoiceOf<O>>
        | TransactAll<HandlerInput<T, O, Data, Held>, Transaction, ChoiceOf<O>>
    : never;

type StateHandlers<D extends StateDefinition, Data, Held> = {
  readonly [R in ReactionsOf<D> as NeedsHandler<R> extends true ? NameOf<R> : never]: HandlerOf<
    R,
    Data,
    Held
  >;
} & {
  readonly [R in ReactionsOf<D> as NeedsHandler<R> extends true ? never : NameOf<R>]?: HandlerOf<
    R,
    Data,
    Held
  >;
};

/** An entity holds nothing in its initial state; afterwards what its handlers gave it. */
type HeldIn<Data, State, Initial> = State extends Initial ? undefined : Data;

type AllHandlers<S extends States, Data, Initial> = {
  readonly [State in keyof S]: StateHandlers<S[State], Data, HeldIn<Data, State, Initial>>;
};
type WithRequired<H> = { [State in keyof H]: Record<never, never> extends H[State] ? never : State }[keyof H];
type HandlerMap<H> = Pick<H, WithRequired<H>> & Partial<H>;

type ActivitiesOf<S extends States, Data> = {
  readonly [R in { [State in keyof S]: ReactionsOf<S[State]> }[keyof S] as R extends Reaction<ActivityType>
    ? R["trigger"]["name"]
    : never]: R extends Reaction<infer T> ? Activity<DataOf<T>, Data> : never;
};

/**
 * The type of one handler, by participant, state and trigger, for a handler that is written apart from its
 * service: `const create: Handler<typeof order, "ABSENT", "createOrder"> = ({ payload, choose }) => …`.
 */
export type Handler<P extends Participant, State extends keyof P["states"], Name extends string> =
  P extends Participant<string, infer S, infer Data, infer Initial>
    ? State extends keyof S
      ? Extract<
          HandlerOf<NamedReaction<S[State], Name>, Data, HeldIn<Data, State, Initial>>,
          (...input: never) => unknown
        >
      : never
    : never;
type NamedReaction<D extends StateDefinition, Name extends string> = Extract<
  ReactionsOf<D>,
  { readonly trigger: { readonly name: Name } }
>;

/** What an activity is given. */
export interface ActivityInput<Data> {
  readonly entity: EntityView<Data>;
  /** The idempotency key to hand to the outside: the same for every attempt of this call. */
  readonly id: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborts at the time limit and when the engine stops. */
  readonly signal: AbortSignal;
}

/** A call to the outside world, outside any transaction; may be attempted again with the same id. */
export type Activity<Result = unknown, Data = unknown> = (input: ActivityInput<Data>) => Promise<Result>;

type Optional<Key extends string, Value> =
  Record<never, never> extends Value ? { readonly [K in Key]?: Value } : { readonly [K in Key]: Value };

/** The code of a participant: a handler wherever there is a decision or data, and its activities. */
export type Code<P extends Participant> =
  P extends Participant<string, infer S, infer Data, infer Initial>
    ? Optional<"handlers", HandlerMap<AllHandlers<S, Data, Initial>>> &
        Optional<"activities", ActivitiesOf<S, Data>>
    : never;

/** The code, which may be left out where the contract needs none. */
type CodeGiven<P extends Participant> =
  Record<never, never> extends Code<P> ? readonly [code?: Code<P>] : readonly [code: Code<P>];

/** A participant with its code, ready to be run. */
export interface Service<P extends Participant = Participant> {
  readonly kind: "service";
  readonly participant: P;
  /**
   * By declared state, then by the trigger's name. The two are not joined into one text, because names may
   * contain almost any character.
   */
  readonly handlers: Handlers;
  readonly activities: ReadonlyMap<string, RunnableActivity>;
}

/** Handlers by state and by trigger. */
export type Handlers = ReadonlyMap<string, ReadonlyMap<string, RunnableHandler>>;

/** A handler whose types the contract has already checked. */
export type RunnableHandler = ((input: RunnableInput) => Choice) | TransactHandler;
/** A handler for one message or for a set of them, within the batch's transaction. */
export type TransactHandler = Transact<RunnableInput, Transaction> | TransactAll<RunnableInput, Transaction>;
/** The untyped form of {@link HandlerInput}, as the engine calls it. */
export interface RunnableInput {
  readonly payload: unknown;
  readonly entity: EntityView<unknown>;
  readonly now: number;
  readonly id: string;
  readonly isOwn: boolean;
  readonly choose: unknown;
}
/** An activity whose types the contract has already checked. */
export type RunnableActivity = Activity;

/**
 * Joins a contract and its code. A missing handler, an undeclared outcome or a wrong payload does not
 * compile. Throws `Q_ARGUMENT_INVALID` where a handler or an activity is missing, or stands under a name that
 * the contract does not have.
 */
export function service<const P extends Participant>(participant: P, ...code: CodeGiven<P>): Service<P> {
  const { handlers, activities } = codeOf(participant, code[0]);
  return Object.freeze({
    kind: "service",
    participant,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- their types the compiler has checked at the call
    handlers: handlers as Handlers,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- likewise
    activities: activities as Service["activities"],
  });
}

/** The database transaction a `transact` handler gets: parameterised SQL inside the batch's transaction. */
export interface Transaction {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}
