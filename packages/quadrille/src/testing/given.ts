// A unit test of one handler, without an engine:
// `given(service, "ABSENT").when(OrderCreated, order).then("ok", { … })`. The manner is that of decider
// tests, as in Emmett: https://event-driven-io.github.io/emmett/
import assert from "node:assert/strict";
import type { RunnableInput, Service } from "../contract/handler.ts";
import { partialState } from "../contract/table.ts";
import type {
  ActivityType,
  CommandType,
  DataOf,
  DeadlineType,
  EventType,
  JoinType,
} from "../contract/trigger.ts";
import { asChoice, isTransact, type Runnable, runnable } from "../engine/message/code.ts";
import { type EntityState, type Message, sentenceFor, transition } from "../transition/transition.ts";

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

/** The result of a message. */
export interface Reacted {
  readonly kind: "taken" | "ignored" | "deferred";
  /** The name of the outcome; empty where the reaction has only one, or the message was not taken. */
  readonly outcome: string;
  readonly state: string;
  readonly data: unknown;
  /** The payloads of the events emitted, by name. */
  readonly emitted: Readonly<Record<string, unknown>>;
  /** Throws an `AssertionError` unless it came to this outcome and emitted this, and nothing else. */
  then(outcome: string, emitted?: Readonly<Record<string, unknown>>): Reacted;
  /** The same, of a reaction with a single outcome. */
  then(emitted: Readonly<Record<string, unknown>>): Reacted;
}

/** The service's entity in a state, with its data. */
export function given(service: Service, state: string, data?: unknown): Given {
  const code = runnable(service);
  return {
    when: (trigger, payload, input = {}) => {
      const { message, ...rest } = taking({ state, data }, trigger, payload);
      return reactedOf(code, { ...rest, message: { ...message, isOther: input.isOwn === false } }, input);
    },
  };
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
  const emitted = Object.fromEntries((taken?.emitted ?? []).map(({ event, data }) => [event, data]));
  const reacted: Reacted = {
    kind: result.kind,
    outcome,
    state: taken?.entity.state ?? entity.state,
    data: taken === undefined ? entity.data : taken.entity.data,
    emitted,
    // oxlint-disable-next-line unicorn/no-thenable -- it reads as the sentence that it is, and is never awaited
    then: (wanted: string | Reacted["emitted"], events: Reacted["emitted"] = {}) => {
      const expected =
        typeof wanted === "string" ? { outcome: wanted, emitted: events } : { outcome: "", emitted: wanted };
      assert.deepEqual({ outcome, emitted }, expected);
      return reacted;
    },
  };
  return reacted;
}
