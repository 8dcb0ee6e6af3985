// What an entity can react to: events, commands, activities' results and deadlines, as frozen values.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type CallOptions, type CallPolicy, callPolicy } from "./call-policy.ts";

/** Any Standard Schema (zod, valibot, arktype) whose output is `Data`. */
export type Schema<Data> = StandardSchemaV1<unknown, Data>;

/** A fact, past tense, e.g. `TicketCreated`. `Data` is its payload; `undefined` when it has none. */
export interface EventType<Name extends string = string, Data = unknown> {
  readonly kind: "event";
  readonly name: Name;
  readonly schema: Schema<Data> | undefined;
}

/** A wish, imperative, e.g. `createOrder`: comes from outside, may never come, is refused where not listed. */
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

/** A time kept by the entity's state: it comes `delayMs` after the state was entered, unless it was left before. */
export interface DeadlineType<Name extends string = string> {
  readonly kind: "deadline";
  readonly name: Name;
  readonly delayMs: number;
  /** Whether it stands in for a partner's answer: a timeout. The engine makes no difference; the checker does (P14). */
  readonly isTimeout: boolean;
}

/** A join: all of several events, in any order and with any gap in time. */
export interface JoinType<Facts extends readonly EventType[] = readonly EventType[]> {
  readonly kind: "join";
  readonly name: JoinName<Facts>;
  readonly facts: Facts;
}

/** The name under which a join's handler is found: its events' names joined by `+`. */
export type JoinName<Facts extends readonly EventType[]> = Facts extends readonly [
  infer First extends EventType,
  ...infer Rest extends readonly EventType[],
]
  ? Rest extends readonly []
    ? First["name"]
    : `${First["name"]}+${JoinName<Rest>}`
  : string;

/** Anything a reaction can be a reaction to. */
export type Trigger = EventType | CommandType | ActivityType | DeadlineType | JoinType;

/** The payload a trigger brings to its handler. */
export type DataOf<T> =
  T extends JoinType<infer Facts>
    ? { readonly [F in Facts[number] as F["name"]]: DataOf<F> }
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
  return Object.freeze({ kind: "event", name, schema });
}

/** Declares a command. Without a schema it carries no data. */
export function command<const Name extends string>(name: Name): CommandType<Name, undefined>;
export function command<const Name extends string, S extends StandardSchemaV1>(
  name: Name,
  schema: S,
): CommandType<Name, SchemaOutput<S>>;
export function command(name: string, schema?: Schema<unknown>): CommandType {
  return Object.freeze({ kind: "command", name, schema });
}

/**
 * Declares an activity by what it results in and how it is attempted: `activity("charge", Receipt, { attempts: 5 })`.
 * Without a schema it results in nothing.
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
  const [schema, said] = "~standard" in given ? [given, options] : [undefined, given];
  return Object.freeze({ kind: "activity", name, schema, policy: callPolicy(name, said) });
}

/** Declares a join of events: `on(all(ConsumerVerified, TicketCreated), to("AUTHORIZING"))`. */
export function all<const Facts extends readonly [EventType, EventType, ...EventType[]]>(
  ...facts: Facts
): JoinType<Facts> {
  const name = facts.map((fact) => fact.name).join("+");
  return Object.freeze({ kind: "join", name: joinName<Facts>(name), facts: Object.freeze(facts) });
}

// The one place where the computed name meets its computed type; TypeScript cannot follow `join("+")`.
function joinName<Facts extends readonly EventType[]>(name: string): JoinName<Facts> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return name as JoinName<Facts>;
}
