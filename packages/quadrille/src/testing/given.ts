// A unit test of one handler, without an engine:
// `given(service, "ABSENT").when(OrderCreated, order).then("ok", { … })`. The manner is that of decider
// tests, as in Emmett: https://event-driven-io.github.io/emmett/
import assert from "node:assert/strict";
import type { RunnableInput, Service } from "../contract/handler.ts";
import { assertOptions, didYouMean, wrongArgument } from "../contract/known-keys.ts";
import { isRecord, kindOf } from "../contract/reading.ts";
import { partialState, triggerKey } from "../contract/table.ts";
import type {
  ActivityType,
  CommandType,
  DataOf,
  DeadlineType,
  EventType,
  JoinType,
} from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import { asChoice, isTransact, type Runnable, runnable } from "../engine/message/code.ts";
import { defaultLimits } from "../engine/message/limits.ts";
import { PayloadChecker } from "../engine/message/payload.ts";
import { copyPlain } from "../engine/message/plain.ts";
import {
  type EntityState,
  type Message,
  sentenceFor,
  type TakenTransition,
  transition,
} from "../transition/transition.ts";

/** The steps of a handler's test. */
export type GivenTrigger = EventType | CommandType | ActivityType | DeadlineType | JoinType;

/** What a handler is given besides payload and state; each has a default. */
export interface GivenInput {
  /** The entity's key; `key` unless given. */
  readonly key?: string;
  /** `saga` unless given. */
  readonly sagaId?: string;
  /** The message's id; `message` unless given. */
  readonly id?: string;
  /** Milliseconds since 1970; 0 unless given. */
  readonly now?: number;
  /** Whether its saga entered the state of the shared entity; `true` unless given. */
  readonly isOwn?: boolean;
}

/** An entity in a state. */
export interface Given {
  /**
   * Takes a trigger with its payload; of a join, the payloads of its events by name. Throws what the handler
   * throws, and a `TypeError` where the contract says nothing about the trigger in this state.
   */
  when<T extends GivenTrigger>(trigger: T, payload?: DataOf<NoInfer<T>>, input?: GivenInput): Reacted;
}

/** What came of a message. */
export interface HandlerResult {
  readonly kind: "taken" | "ignored" | "deferred";
  /** The name of the outcome; empty where the reaction has only one, or the message was not taken. */
  readonly outcome: string;
  readonly state: string;
  readonly data: unknown;
  /** The payloads of the events emitted, by name. */
  readonly emitted: Readonly<Record<string, unknown>>;
}

/** The result of a message, to be compared with what is expected. It is no promise. */
export interface Reacted extends HandlerResult {
  /** Throws an `AssertionError` unless it came to this outcome and emitted this, and nothing else. */
  then(outcome: string, emitted?: Readonly<Record<string, unknown>>): HandlerResult;
  /** The same, of a reaction with a single outcome. */
  then(emitted: Readonly<Record<string, unknown>>): HandlerResult;
}

/**
 * The service's entity in a state, with its data. Payloads and data are checked against their schemas, as the
 * engine does it. Throws `Q_ARGUMENT_INVALID` for what is no service or no state of it.
 */
export function given(service: Service, state: string, data?: unknown): Given {
  const code = runnableOf(service, state);
  const { data: schema, entity } = code.table;
  const held = data === undefined ? undefined : payloads.accept(schema, { what: `data of ${entity}`, data });
  return {
    when: (trigger, payload, input = {}) => {
      assertOptions("when", input, inputKeys);
      const entered = enteredOf(code, trigger, payload);
      const { message, ...rest } = taking({ state, data: held }, trigger, entered);
      return reactedOf(code, { ...rest, message: { ...message, isOther: input.isOwn === false } }, input);
    },
  };
}

const inputKeys: readonly (keyof GivenInput)[] = ["key", "sagaId", "id", "now", "isOwn"];

const payloads = new PayloadChecker(defaultLimits.payloadBytesMax);

function runnableOf(service: unknown, state: string): Runnable {
  if (!isService(service))
    throw wrongArgument(
      `given takes a service, what service(participant, {…}) returns, not ${kindOf(service)}`,
    );
  const code = runnable(service);
  const known = [...code.table.states.declared].map(({ name }) => name);
  if (known.includes(state)) return code;
  throw new QuadrilleError(
    "Q_ARGUMENT_INVALID",
    `given: ${code.table.name} has no state ${JSON.stringify(state)}; its states are ${known.join(", ")}.${didYouMean(state, known)}`,
  );
}

function isService(value: unknown): value is Service {
  return isRecord(value) && value["kind"] === "service";
}

/** The payload as its schema makes it; of a join, those of the facts that are given. */
function enteredOf({ table }: Runnable, trigger: GivenTrigger, payload: unknown): unknown {
  if (!isRecord(trigger) || typeof trigger.name !== "string")
    throw wrongArgument(`when takes a trigger, such as a command or an event, not ${kindOf(trigger)}`);
  if (trigger.kind !== "join") {
    const schema = table.schemas.get(triggerKey(trigger.kind, trigger.name));
    return payloads.enter(schema, { what: trigger.name, data: copyPlain(payload) }).data;
  }
  const facts = Object.entries(payload ?? {}).map(([name, data]) => {
    const schema = table.schemas.get(triggerKey("event", name));
    return [name, payloads.enter(schema, { what: name, data: copyPlain(data) }).data] as const;
  });
  return Object.fromEntries(facts);
}

interface GivenTaking {
  readonly entity: EntityState;
  readonly message: Message;
  /** What the handler is given: of a join, all payloads. */
  readonly payload: unknown;
}

function taking(
  { state, data }: Pick<EntityState, "state" | "data">,
  trigger: GivenTrigger,
  payload: unknown,
): GivenTaking {
  if (trigger.kind !== "join") {
    const message = { kind: trigger.kind, name: trigger.name, data: payload };
    return { entity: { state, data, facts: undefined }, message, payload };
  }
  const names = trigger.facts.slice(0, trigger.needed).map(({ name }) => name);
  const payloads = new Map<string, unknown>(Object.entries(payload ?? {}));
  const last = names.at(-1) ?? "";
  const seen = names.slice(0, -1);
  const facts = Object.fromEntries(seen.map((name) => [name, payloads.get(name)]));
  const message = { kind: "event" as const, name: last, data: payloads.get(last) };
  return { entity: { state: partialState(state, seen), data, facts }, message, payload };
}

function reactedOf(code: Runnable, { entity, message, payload }: GivenTaking, given: GivenInput): Reacted {
  const sentence = sentenceFor(code.table, entity, message);
  const handler = sentence?.kind === "reaction" ? code.handlerOf(sentence) : undefined;
  const choose = () => {
    if (sentence?.kind !== "reaction" || handler === undefined) return undefined;
    if (isTransact(handler))
      throw new TypeError(
        "A handler with `transact` or `transactAll` needs a database: try it in an engine.",
      );
    const { state, data } = entity;
    const { key = "key", sagaId = "saga", id = "message", now = 0, isOwn = true } = given;
    const seen: RunnableInput["entity"] = { key, sagaId, state, version: 1, data };
    const input = { payload, entity: seen, now, id, isOwn, choose: code.choicesOf(sentence) };
    return asChoice(handler(input));
  };
  const result = transition(code.table, entity, { message, choice: choose });
  if (result.kind === "refused") throw new TypeError(`${result.detail}.`);
  const taken = result.kind === "taken" ? result : undefined;
  const outcome = taken?.outcome.name ?? "";
  const emitted = Object.fromEntries(
    (taken?.emitted ?? []).map(({ event, data }) => {
      const schema = code.table.schemas.get(triggerKey("event", event));
      return [event, payloads.enter(schema, { what: event, data }).data];
    }),
  );
  const state = taken?.entity.state ?? entity.state;
  return reacted({ kind: result.kind, outcome, state, data: dataOf(code, entity, taken), emitted });
}

/** The entity's data afterwards, as their schema makes them where the handler has changed them. */
function dataOf(
  { table }: Runnable,
  { data: before }: EntityState,
  taken: TakenTransition | undefined,
): unknown {
  const data = taken === undefined ? before : taken.entity.data;
  return data === before
    ? before
    : payloads.enter(table.data, { what: `data of ${table.entity}`, data }).data;
}

function reacted(result: HandlerResult): Reacted {
  const { outcome, emitted } = result;
  return {
    ...result,
    // oxlint-disable-next-line unicorn/no-thenable -- it reads as the sentence that it is
    then: (wanted: unknown, events: HandlerResult["emitted"] = {}) => {
      // `await` calls it so, and so does a test runner to which a function returns it.
      if (typeof wanted === "function")
        throw wrongArgument(
          "given(…).when(…) is no promise: end it with .then(outcome, { … }), and do not await or return it before",
        );
      const expected =
        typeof wanted === "string" ? { outcome: wanted, emitted: events } : { outcome: "", emitted: wanted };
      assert.deepEqual({ outcome, emitted }, expected);
      return result;
    },
  };
}
