// The sentences of a participant's state: on, gaveUp, after, timeout, ignore, defer, never, and lock around
// them.
import { QuadrilleError } from "../errors.ts";
import { durationMs, type Duration } from "./duration.ts";
import { assertKnownKeys } from "./known-keys.ts";
import type { Outcomes } from "./outcome.ts";
import { kindOf } from "./reading.ts";
import type {
  ActivityType,
  CommandType,
  DataOf,
  DeadlineTime,
  DeadlineType,
  EventType,
  GaveUpType,
  JoinType,
  Trigger,
  When,
} from "./trigger.ts";

/** A trigger and the outcomes among which the handler chooses. */
export interface Reaction<T extends Trigger = Trigger, O extends Outcomes = Outcomes> {
  readonly kind: "reaction";
  readonly trigger: T;
  readonly outcomes: O;
  /** Takes the entity's key from the payload; the saga's id when absent. */
  readonly by: ((data: never) => string) | undefined;
  /** Where a reader begins that has not read the event's source before; at the head if absent. */
  readonly from: "beginning" | undefined;
}

/** A trigger that is taken without effect, kept for later, or declared impossible. */
export interface NoReaction<T extends EventType | CommandType = EventType | CommandType> {
  readonly kind: "ignore" | "defer" | "never";
  readonly trigger: T;
  /** Facts of this state's join: the sentence applies once all of them have been seen. */
  readonly once: readonly EventType[];
}

/** Anything that can stand in a state's list. */
export type Sentence = Reaction | NoReaction;

/** A state that must be left before the saga ends: a semantic lock (*Microservices Patterns*, chapter 4). */
export interface Locked<S extends readonly Sentence[] = readonly Sentence[]> {
  readonly kind: "lock";
  readonly sentences: S;
}

/** Options of {@link on}. */
export interface ReactionOptions<T extends Trigger> {
  /** Takes the entity's key from the payload, where the entity is not keyed by the saga. */
  readonly by?: (data: DataOf<T>) => string;
  /**
   * `"beginning"`: a participant that begins to take the event also takes the ones published before. By
   * default it begins at the head of the source's journal. Applies to the event in every state.
   */
  readonly from?: "beginning";
}

/** Options of a join, besides those of any reaction. */
interface JoinOptions {
  /**
   * `true`: an end that has the state has it also with some of the facts seen, as where a person may let an
   * answer lie. By default what has been seen has to be completed, or left: a lock.
   */
  readonly rests?: true;
}

/** A join under a name of its own. */
interface NamedJoin<Name extends string> extends JoinOptions {
  /** The name under which the join's handler is found, instead of its events' names. */
  readonly as: Name;
}

/**
 * Reacts to a trigger with one outcome, or with named outcomes among which a handler chooses. The handler is
 * found under the trigger's name; a join's under the names of its events, or under its own:
 * `on(all(A, B), to("READY"), { as: "ready" })`. Throws `Q_CONTRACT_MALFORMED` for an option that it does not
 * have, which a compiler refuses.
 */
export function on<
  const Facts extends readonly EventType[],
  Needed extends number | "all",
  const Name extends string,
  const O extends Outcomes,
>(
  join: JoinType<Facts, Needed>,
  outcomes: O,
  options: ReactionOptions<JoinType<Facts, Needed>> & NamedJoin<Name>,
): Reaction<JoinType<Facts, Needed, Name>, O>;
export function on<
  const T extends EventType | CommandType | ActivityType | JoinType,
  const O extends Outcomes,
>(
  trigger: T,
  outcomes: O,
  options?: ReactionOptions<T> & (T extends JoinType ? JoinOptions : unknown),
): Reaction<T, O>;
export function on(
  given: EventType | CommandType | ActivityType | JoinType,
  outcomes: Outcomes,
  options: ReactionOptions<never> & Partial<NamedJoin<string>> = {},
): Reaction {
  assertKnownKeys(`on(${given.name}, …)`, options, [
    "by",
    "from",
    ...(given.kind === "join" ? ["as", "rests"] : []),
  ]);
  assertFunction(`on(${given.name}, …)`, options.by);
  const { as: name = given.name, rests } = options;
  const named = { ...given, name, ...(rests === undefined ? {} : { rests }) };
  const trigger = given.kind === "join" ? Object.freeze(named) : given;
  return Object.freeze({
    kind: "reaction",
    trigger,
    outcomes: Object.freeze(outcomes),
    by: options.by,
    from: options.from,
  });
}

/** A key that is no function would be found only by the first message. */
function assertFunction(what: string, by: unknown): void {
  if (by === undefined || typeof by === "function") return;
  const sentence = `${what}: by is a function that takes the key from the payload, not ${kindOf(by)}.`;
  throw new QuadrilleError("Q_CONTRACT_MALFORMED", sentence);
}

/**
 * Reacts to a call that was given up, beside the reaction to its results:
 * `gaveUp(charge, to("REFUSED").emits(ChargeFailed))`. Its handler is found under `charge gave up`.
 */
export function gaveUp<const Name extends string, const O extends Outcomes>(
  { name }: Pick<ActivityType<Name>, "name">,
  outcomes: O,
): Reaction<GaveUpType<Name>, O> {
  const trigger = Object.freeze({ kind: "gave-up", name: `${name} gave up`, activity: name } as const);
  return Object.freeze({
    kind: "reaction",
    trigger,
    outcomes: Object.freeze(outcomes),
    by: undefined,
    from: undefined,
  });
}

/**
 * Reacts to a deadline, a time of the business that surely comes: when the state has held for `duration`,
 * e.g. `after("15m", to("EXPIRED"))`. Its handler is found under `name`, or under `after 15m`.
 */
export function after<const D extends Duration, const O extends Outcomes>(
  duration: D,
  outcomes: O,
): Reaction<DeadlineType<`after ${D}`>, O>;
export function after<const Name extends string, const O extends Outcomes>(
  duration: Duration,
  outcomes: O,
  name: Name,
): Reaction<DeadlineType<Name>, O>;
/**
 * Or at a time that is computed from the entity's data when the state is entered:
 * `after((loan: Loan) => loan.dueAt, to("OVERDUE"), "overdue")`. It gives milliseconds since 1970, or
 * `undefined` for no deadline; it is pure and does not throw.
 */
export function after<const Name extends string, const O extends Outcomes>(
  when: When,
  outcomes: O,
  name: Name,
): Reaction<DeadlineType<Name>, O>;
export function after(
  time: Duration | When,
  outcomes: Outcomes,
  name: string = `after ${String(time)}`,
): Reaction<DeadlineType> {
  return timed({ kind: "deadline", name, time: timeOf(time), isTimeout: false }, outcomes);
}

function timeOf(time: Duration | When): DeadlineTime {
  return typeof time === "string"
    ? { kind: "delay", ms: durationMs(time) }
    : { kind: "from data", when: time };
}

/**
 * Reacts to a partner's missing answer: when the state has held for `duration`, e.g.
 * `timeout("15m", to("EXPIRED"))`. It runs like a deadline; in a check the choreography has to be sound
 * without it (P14). Its handler is found under `name`, or under `timeout 15m`.
 */
export function timeout<const D extends Duration, const O extends Outcomes>(
  duration: D,
  outcomes: O,
): Reaction<DeadlineType<`timeout ${D}`>, O>;
export function timeout<const Name extends string, const O extends Outcomes>(
  duration: Duration,
  outcomes: O,
  name: Name,
): Reaction<DeadlineType<Name>, O>;
/** Or at a time that is computed from the entity's data, as with {@link after}. */
export function timeout<const Name extends string, const O extends Outcomes>(
  when: When,
  outcomes: O,
  name: Name,
): Reaction<DeadlineType<Name>, O>;
export function timeout(
  time: Duration | When,
  outcomes: Outcomes,
  name: string = `timeout ${String(time)}`,
): Reaction<DeadlineType> {
  return timed({ kind: "deadline", name, time: timeOf(time), isTimeout: true }, outcomes);
}

function timed(trigger: DeadlineType, outcomes: Outcomes): Reaction<DeadlineType> {
  return Object.freeze({
    kind: "reaction",
    trigger: Object.freeze(trigger),
    outcomes: Object.freeze(outcomes),
    by: undefined,
    from: undefined,
  });
}

/** Takes the message and changes nothing. */
export function ignore<const T extends EventType | CommandType>(trigger: T): NoReaction<T> {
  return Object.freeze({ kind: "ignore", trigger, once: [] });
}

/** Keeps the event and offers it again when the entity has changed. */
export function defer<const T extends EventType>(trigger: T): NoReaction<T> {
  return Object.freeze({ kind: "defer", trigger, once: [] });
}

/**
 * Declares that the trigger cannot come in this state; the checker proves it or shows the path. With `once`,
 * this applies once all those facts of the state's join have been seen.
 */
export function never<const T extends EventType>(
  trigger: T,
  options: { readonly once?: readonly EventType[] } = {},
): NoReaction<T> {
  assertKnownKeys(`never(${trigger.name}, …)`, options, ["once"]);
  return Object.freeze({ kind: "never", trigger, once: Object.freeze(options.once ?? []) });
}

/** Marks a state as a semantic lock: it must be left before the saga ends. */
export function lock<const S extends readonly Sentence[]>(sentences: S): Locked<S> {
  return Object.freeze({ kind: "lock", sentences: Object.freeze(sentences) });
}
