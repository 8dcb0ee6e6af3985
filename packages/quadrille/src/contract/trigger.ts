// What an entity can react to: events, commands, activities' results and deadlines, as frozen values.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type CallOptions, type CallPolicy, callPolicy } from "./call-policy.ts";
import { assertDeclaration } from "./declaration.ts";

/** Any Standard Schema (zod, valibot, arktype) whose output is `Data`. */
export type Schema<Data> = StandardSchemaV1<unknown, Data>;

/**
 * A fact, named in the past tense, e.g. `TicketCreated`. `Data` is its payload; `undefined` when it has none.
 */
export interface EventType<Name extends string = string, Data = unknown> {
  readonly kind: "event";
  readonly name: Name;
  readonly schema: Schema<Data> | undefined;
}

/**
 * An instruction, named in the imperative, e.g. `createOrder`: it comes from outside, may never come, and is
 * refused in states that do not list it.
 */
export interface CommandType<Name extends string = string, Data = unknown> {
  readonly kind: "command";
  readonly name: Name;
  readonly schema: Schema<Data> | undefined;
}

/** A recorded call to the outside world. `Data` is what the call results in. */
export interface ActivityType<Name extends string = string, Data = unknown> {
  readonly kind: "activity";
  readonly name: Name;
  readonly schema: Schema<Data> | undefined;
  readonly policy: CallPolicy;
}

/**
 * When a deadline is due, from the entity's data and the time at which it is set; in milliseconds since 1970,
 * or undefined for no deadline.
 */
export type When = (data: never, now: number) => number | undefined;

/** How a deadline's time is found: some time after its state was entered, or from the entity's data. */
export type DeadlineTime =
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "from data"; readonly when: When };

/** A time kept by the entity's state: it comes unless the state is left before. */
export interface DeadlineType<Name extends string = string> {
  readonly kind: "deadline";
  readonly name: Name;
  readonly time: DeadlineTime;
  /**
   * Whether it stands in for a partner's answer: a timeout. The engine makes no difference; the checker does
   * (P14).
   */
  readonly isTimeout: boolean;
}

/**
 * An activity's call that was given up: its attempts or its time are used up, or it reported that another
 * attempt cannot help.
 */
export interface GaveUpType<Activity extends string = string> {
  readonly kind: "gave-up";
  readonly name: `${Activity} gave up`;
  readonly activity: Activity;
}

/** Why and after how many attempts a call was given up. */
export interface GivenUp {
  readonly attempts: number;
  /**
   * What the last attempt failed with: `Q_NON_RETRYABLE`, `Q_ACTIVITY_FAILED`, `Q_ACTIVITY_TIMED_OUT`, or its
   * own code.
   */
  readonly error: { readonly code: string; readonly message: string };
}

/** A join: all of several events, or some number of them, in any order and with any gap in time. */
export interface JoinType<
  Facts extends readonly EventType[] = readonly EventType[],
  Needed extends number | "all" = number | "all",
  Name extends string = JoinName<Facts, Needed>,
> {
  readonly kind: "join";
  readonly name: Name;
  readonly facts: Facts;
  /** How many of the facts complete it. */
  readonly needed: number;
  /** As it was declared: a number, or `all`. */
  readonly of: Needed;
  /** Whether a saga may end with some of the facts seen. */
  readonly rests?: true;
}

/**
 * The name under which a join's handler is found unless it has one of its own: its events' names joined by
 * `+`, after how many of them are enough: `2 of A+B+C`.
 */
export type JoinName<
  Facts extends readonly EventType[],
  Needed extends number | "all" = "all",
> = Needed extends number ? `${Needed} of ${FactNames<Facts>}` : FactNames<Facts>;

type FactNames<Facts extends readonly EventType[]> = Facts extends readonly [
  infer First extends EventType,
  ...infer Rest extends readonly EventType[],
]
  ? Rest extends readonly []
    ? First["name"]
    : `${First["name"]}+${FactNames<Rest>}`
  : string;

/** Anything a reaction can be a reaction to. */
export type Trigger = EventType | CommandType | ActivityType | GaveUpType | DeadlineType | JoinType;

/** A trigger that is not made of others, and has a declaration of its own. */
export type SingleTrigger = Exclude<Trigger, { readonly kind: "join" | "gave-up" }>;

/** The payload that a trigger's handler receives. */
export type DataOf<T> =
  T extends JoinType<infer Facts, infer Needed, string>
    ? Needed extends "all"
      ? { readonly [F in Facts[number] as F["name"]]: DataOf<F> }
      : { readonly [F in Facts[number] as F["name"]]?: DataOf<F> }
    : T extends GaveUpType
      ? GivenUp
      : T extends { readonly schema: Schema<infer Data> | undefined }
        ? Data
        : undefined;

type SchemaOutput<S extends StandardSchemaV1> = StandardSchemaV1.InferOutput<S>;

/** Declares an event. Without a schema it carries no data. */
export function event<const Name extends string>(name: Name): EventType<Name, undefined>;
export function event<const Name extends string, S extends StandardSchemaV1>(
  name: Name,
  schema: S,
): EventType<Name, SchemaOutput<S>>;
export function event(name: string, schema?: Schema<unknown>): EventType {
  assertDeclaration("event", name, schema);
  return Object.freeze({ kind: "event", name, schema });
}

/** Declares a command. Without a schema it carries no data. */
export function command<const Name extends string>(name: Name): CommandType<Name, undefined>;
export function command<const Name extends string, S extends StandardSchemaV1>(
  name: Name,
  schema: S,
): CommandType<Name, SchemaOutput<S>>;
export function command(name: string, schema?: Schema<unknown>): CommandType {
  assertDeclaration("command", name, schema);
  return Object.freeze({ kind: "command", name, schema });
}

/**
 * Declares an activity by what it results in and how it is attempted:
 * `activity("charge", Receipt, { attempts: 5 })`. Without a schema it results in nothing.
 */
export function activity<const Name extends string>(
  name: Name,
  options?: CallOptions,
): ActivityType<Name, undefined>;
export function activity<const Name extends string, S extends StandardSchemaV1>(
  name: Name,
  schema: S,
  options?: CallOptions,
): ActivityType<Name, SchemaOutput<S>>;
export function activity(
  name: string,
  given: Schema<unknown> | CallOptions = {},
  options: CallOptions = {},
): ActivityType {
  const [schema, policy] = "~standard" in given ? [given, options] : [undefined, given];
  assertDeclaration("activity", name, schema);
  return Object.freeze({ kind: "activity", name, schema, policy: callPolicy(name, policy) });
}

/** Declares a join of events: `on(all(ConsumerVerified, TicketCreated), to("AUTHORIZING"))`. */
export function all<const Facts extends readonly [EventType, EventType, ...EventType[]]>(
  ...facts: Facts
): JoinType<Facts, "all"> {
  return join(facts, "all");
}

/**
 * Declares a join that some of its events complete: `on(atLeast(2, Signed, Sealed, Delivered), to("VALID"))`.
 * The others may come later; the next state says what it does with them. Throws a `RangeError` if fewer
 * events are given.
 */
export function atLeast<
  const Needed extends number,
  const Facts extends readonly [EventType, EventType, ...EventType[]],
>(needed: Needed, ...facts: Facts): JoinType<Facts, Needed> {
  if (!Number.isInteger(needed) || needed < 1 || needed > facts.length)
    throw new RangeError(
      `atLeast(${needed}, …) takes a whole number from 1 to the number of its events, ${facts.length}`,
    );
  return join(facts, needed);
}

function join<const Facts extends readonly EventType[], Needed extends number | "all">(
  facts: Facts,
  of: Needed,
): JoinType<Facts, Needed> {
  const names = facts.map((fact) => fact.name).join("+");
  const name = of === "all" ? names : `${of} of ${names}`;
  const needed = typeof of === "number" ? of : facts.length;
  return Object.freeze({
    kind: "join",
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript cannot follow `join("+")`
    name: name as JoinName<Facts, Needed>,
    facts: Object.freeze(facts),
    needed,
    of,
  });
}
