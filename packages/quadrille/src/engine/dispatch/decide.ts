// Decides one message: asks the handler, runs the transition, checks what comes out, stages it. Writes nothing.
import type { Choice, RunnableInput, Transaction } from "../../contract/handler.ts";
import { triggerKey } from "../../contract/table.ts";
import type { Schema } from "../../contract/trigger.ts";
import { versionOf } from "../../contract/versioned.ts";
import { isQuadrilleError, QuadrilleError } from "../../errors.ts";
import type { EntityRecord, ParkedError } from "../../store/records.ts";
import type { TransactScope } from "../../store/store.ts";
import {
  type Emitted,
  type Message,
  ruleFor,
  transition,
  type Transition,
} from "../../transition/transition.ts";
import type { Condemned } from "../lane/batch-size.ts";
import { asChoice, isTransact, type Runnable } from "../message/code.ts";
import { keyIn, keyOfTrigger, type Incoming } from "../message/incoming.ts";
import type { Limits } from "../message/limits.ts";
import { type Payloads, writtenBy } from "../message/payload.ts";
import type { Staging } from "./staging.ts";
import { type Walls, withinWalls } from "./walls.ts";

/** What a decision came to. A `failed` one may succeed later where it is `retryable`. */
export type Decision =
  | { readonly kind: "taken"; readonly entity: EntityRecord; readonly outcome: string }
  | { readonly kind: "ignored" | "deferred" }
  | {
      readonly kind: "failed";
      readonly error: ParkedError;
      readonly retryable: boolean;
      readonly cause: unknown;
      /** The message, with its payload as its schema made it where it got as far as that. */
      readonly message: Incoming;
    };

/** What deciding needs besides the message. */
export interface DecideContext {
  readonly code: Runnable;
  readonly payloads: Payloads;
  readonly limits: Limits;
  readonly staging: Staging;
  /** What a \`transact\` handler is held by. */
  readonly walls: Walls;
  /** Why a message is not to be decided: what came of it could not be written. */
  readonly condemned: (id: string) => Condemned | undefined;
  /** The transaction for `transact` handlers, in a batch that has any. */
  readonly scope: TransactScope | undefined;
}

/** Decides `message` for `entity` and stages what it does. A handler that throws stages nothing. */
export async function decide(
  context: DecideContext,
  message: Incoming,
  entity: EntityRecord,
): Promise<Decision> {
  const { code } = context;
  let checked = message;
  context.staging.follow(message, entity);
  const condemned = context.condemned(message.id);
  if (condemned !== undefined) return { ...failure(condemned.error), message };
  try {
    if (!code.table.states.has(entity.state)) {
      const { name } = code.table;
      throw new QuadrilleError(
        "Q_STATE_UNKNOWN",
        `${name} ${entity.key} is in state ${entity.state}, which its contract does not have.`,
      );
    }
    checked = check(context, message);
    if (checked.kind === "event") {
      keyIn(code.table, checked);
      refuseUnnamed(code, checked);
    }
    const held = context.payloads.held(code.table.data, `data of ${code.table.entity}`, entity);
    const choosing = choose(context, { message: checked, entity: held });
    const judged = choosing instanceof Promise ? await choosing : choosing;
    if (judged.kind !== "taken") return judged;
    return {
      kind: "taken",
      entity: context.staging.take(checked, held, judged),
      outcome: judged.outcome.name,
    };
  } catch (error) {
    return { ...failure(error), message: checked };
  }
}

/**
 * A result enters here, unless it was recorded. An event entered when it was emitted and a command when it was sent: they are only validated,
 * and in the process where they entered not even that.
 */
function check({ code, payloads }: DecideContext, message: Incoming): Incoming {
  const { isChecked, isRecorded, isGivenUp, kind, trigger, data } = message;
  if (isChecked) return message;
  const schema = isGivenUp === true ? undefined : code.table.schemas.get(keyOfTrigger(message));
  const payload = { what: trigger, data };
  return kind === "activity" && isRecorded !== true
    ? { ...message, data: payloads.enter(schema, payload), isRecorded: true, ...writtenBy(schema) }
    : {
        ...message,
        data: payloads.accept(schema, { ...payload, version: message.dataVersion }),
        ...writtenBy(schema),
      };
}

/** An event from elsewhere that is to join a saga, and whose payload names none. */
function refuseUnnamed({ joined, table }: Runnable, { trigger, data, sagaId }: Incoming): void {
  const saga = joined.get(trigger);
  if (saga === undefined || saga(data) === sagaId) return;
  const message = `${trigger}: its payload names no saga of 1 to 200 characters that ${table.name} could join.`;
  throw new QuadrilleError("Q_PAYLOAD_INVALID", message);
}

interface Deciding {
  readonly message: Incoming;
  readonly entity: EntityRecord;
}

type Judged = Exclude<Transition, { readonly kind: "refused" }>;

/**
 * What comes of the message: at once, unless the handler is a `transact` one. Throws where that is nothing the contract
 * declares, or a payload does not fit.
 */
function choose(context: DecideContext, deciding: Deciding): Judged | Promise<Judged> {
  const { code, scope, staging } = context;
  const { message, entity } = deciding;
  const rule = ruleFor(code.table, entity, asked(message));
  const handler = rule?.kind === "outcomes" ? code.handlerOf(rule) : undefined;
  if (rule?.kind !== "outcomes" || handler === undefined) return judge(context, deciding, undefined);
  const input: RunnableInput = {
    payload: rule.join === "completes" ? joined(context, deciding) : message.data,
    entity: {
      key: entity.key,
      sagaId: message.sagaId,
      state: entity.state,
      version: entity.version,
      data: entity.data,
    },
    now: staging.at,
    id: message.id,
    choose: code.choicesOf(rule),
  };
  if (!isTransact(handler)) return judge(context, deciding, asChoice(handler(input)));
  if (scope === undefined) throw new Error("a transact handler ran outside a transaction");
  // What the handler has written goes when its choice is refused, as when it throws.
  return scope.savepoint(async () => {
    const run = (transaction: Transaction): Promise<Choice> => handler.transact(input, transaction);
    const chosen = await withinWalls(context.walls, scope.transaction, run);
    return judge(context, deciding, asChoice(chosen));
  });
}

/** The payloads of a join that is complete. */
function joined(
  { code, payloads }: DecideContext,
  { message, entity }: Deciding,
): Readonly<Record<string, unknown>> {
  const facts = payloads.facts((event) => code.table.schemas.get(triggerKey("event", event)), entity);
  return { ...facts, [message.trigger]: message.data };
}

/** What is asked of the table. */
function asked({ kind, trigger, isGivenUp = false }: Incoming): Omit<Message, "data"> {
  return { kind, name: trigger, isGivenUp };
}

function judge(context: DecideContext, { message, entity }: Deciding, chosen: Choice | undefined): Judged {
  const result = transition(context.code.table, entity, {
    message: { ...asked(message), data: message.data },
    choice: () => chosen,
  });
  if (result.kind === "refused") {
    const unhandled = result.refusal === "impossible" || result.refusal === "not handled";
    throw new QuadrilleError(unhandled ? "Q_NOT_HANDLED" : "Q_HANDLER_REFUSED", `${result.detail}.`);
  }
  if (result.kind !== "taken") return result;
  const emitted = checkEmitted(context, result.emitted);
  return { ...result, emitted, entity: checkData(context, result.entity, entity) };
}

function checkEmitted({ code, payloads }: DecideContext, emitted: readonly Emitted[]): readonly Emitted[] {
  return emitted.map(({ event, data }) => {
    const schema = code.table.schemas.get(triggerKey("event", event));
    return { event, data: payloads.enter(schema, { what: event, data }), ...versionIn(schema) };
  });
}

function checkData<E extends { readonly data: unknown }>(
  { code, payloads }: DecideContext,
  after: E,
  before: EntityRecord,
): E {
  if (after.data === before.data) return after;
  const what = `data of ${code.table.entity}`;
  return { ...after, data: payloads.enter(code.table.data, { what, data: after.data }) };
}

function versionIn(schema: Schema<unknown> | undefined): { readonly version?: number } {
  const version = versionOf(schema);
  return version === 1 ? {} : { version };
}

/** Errors of contract and payload are the same the next time; anything else a handler throws may pass. */
function failure(error: unknown): Omit<Extract<Decision, { kind: "failed" }>, "message"> {
  if (isQuadrilleError(error)) {
    const { code, message, retryable } = error;
    return { kind: "failed", error: { code, message }, retryable, cause: error };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", error: { code: "Q_HANDLER_THREW", message }, retryable: true, cause: error };
}
