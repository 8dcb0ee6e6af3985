// What a message comes to, before anything is staged: its checks, what its handler is given, what its choice
// amounts to.
import type { Choice, RunnableInput } from "../../contract/handler.ts";
import { type ReactionRow, type Table, triggerKey } from "../../contract/table.ts";
import { versionOf } from "../../contract/versioned.ts";
import { QuadrilleError } from "../../errors.ts";
import type { EntityRecord } from "../../store/records.ts";
import { type Emitted, type Message, transition, type Transition } from "../../transition/transition.ts";
import type { Runnable } from "../message/code.ts";
import { keyIn, keyOfTrigger, type Incoming } from "../message/incoming.ts";
import { type PayloadChecker, writtenBy } from "../message/payload.ts";
import type { Staging, Taken } from "./staging.ts";

/** What judging needs besides the message. */
export interface JudgeContext {
  readonly code: Runnable;
  readonly payloads: PayloadChecker;
  readonly staging: Staging;
}

/** A message that may be decided, and its entity with its data as this process reads them. */
export interface Deciding {
  readonly message: Incoming;
  readonly entity: EntityRecord;
}

/** What a message comes to, with the weight of what is made of it: about its characters as JSON. */
export type Judged = Exclude<Transition, { readonly kind: "refused" | "taken" }> | Taken;

/** Throws `Q_STATE_UNKNOWN` where the contract does not have the entity's state. */
export function refuseUnknownState({ code: { table } }: JudgeContext, entity: EntityRecord): void {
  if (table.states.has(entity.state)) return;
  throw new QuadrilleError(
    "Q_STATE_UNKNOWN",
    `${table.name} ${entity.key} is in state ${entity.state}, which its contract does not have.`,
  );
}

/** Throws `Q_PAYLOAD_INVALID` where a checked event does not say which entity, or which saga, it is for. */
export function refuseUnplaced({ code }: JudgeContext, message: Incoming): void {
  if (message.kind !== "event") return;
  keyIn(code.table, message);
  refuseUnnamed(code, message);
}

/** The entity with its data as this process reads them. */
export function heldBy({ code, payloads }: JudgeContext, entity: EntityRecord): EntityRecord {
  return payloads.held(code.table.data, `data of ${code.table.entity}`, entity);
}

/**
 * A result enters here, unless it was recorded. An event entered when it was emitted and a command when it
 * was sent: they are only validated, and in the process where they entered not even that.
 */
export function check(
  { code, payloads }: Pick<JudgeContext, "code" | "payloads">,
  message: Incoming,
): Incoming {
  const { isChecked, isRecorded, isGivenUp, kind, trigger, data } = message;
  if (isChecked) return message;
  const schema = isGivenUp === true ? undefined : code.table.schemas.get(keyOfTrigger(message));
  const payload = { what: trigger, data };
  return kind === "activity" && isRecorded !== true
    ? { ...message, data: payloads.enter(schema, payload).data, isRecorded: true, ...writtenBy(schema) }
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

/** What a handler is given of the message. */
export function inputFor(context: JudgeContext, deciding: Deciding, reaction: ReactionRow): RunnableInput {
  const { code, staging } = context;
  const { message, entity } = deciding;
  return {
    payload: reaction.join === "completes" ? joined(context, deciding) : message.data,
    entity: {
      key: entity.key,
      sagaId: message.sagaId,
      state: entity.state,
      version: entity.version,
      data: entity.data,
    },
    now: staging.momentOf(message, entity),
    id: message.id,
    isOwn: isOwn(code.table, deciding),
    choose: code.choicesOf(reaction),
  };
}

/** The payloads of a join that is complete. */
function joined(
  { code, payloads }: JudgeContext,
  { message, entity }: Deciding,
): Readonly<Record<string, unknown>> {
  const facts = payloads.facts((event) => code.table.schemas.get(triggerKey("event", event)), entity);
  return { ...facts, [message.trigger]: message.data };
}

/** What is asked of the table. */
export function asked(table: Table, { message, entity }: Deciding): Omit<Message, "data"> {
  const { kind, trigger, isGivenUp = false } = message;
  return { kind, name: trigger, isGivenUp, isOther: !isOwn(table, { message, entity }) };
}

/**
 * Whether the message's saga is the one that entered the entity's state: of a shared entity another may have.
 */
function isOwn({ keyed }: Table, { message, entity }: Deciding): boolean {
  return !keyed || (entity.version > 0 && entity.sagaId === message.sagaId);
}

/**
 * What the choice amounts to. Throws where that is nothing the contract declares, or a payload does not fit.
 */
export function judge(context: JudgeContext, deciding: Deciding, chosen: Choice | undefined): Judged {
  const { message, entity } = deciding;
  const { table } = context.code;
  const result = transition(table, entity, {
    message: { ...asked(table, deciding), data: message.data },
    choice: () => chosen,
  });
  if (result.kind === "refused") {
    const unhandled = result.refusal === "impossible" || result.refusal === "not handled";
    throw new QuadrilleError(unhandled ? "Q_NOT_HANDLED" : "Q_HANDLER_REFUSED", `${result.detail}.`);
  }
  if (result.kind !== "taken") return result;
  const { state, data, facts } = result.entity;
  const emitted: Emitted[] = [];
  let emittedWeight = 0;
  for (const one of result.emitted) {
    const entered = enterEvent(context, one);
    emittedWeight += entered.weight;
    emitted.push(entered.event);
  }
  const taken = { kind: "taken", outcome: result.outcome, emitted, emittedWeight } as const;
  if (data === entity.data) return { ...taken, entity: result.entity, dataWeight: undefined };
  const what = `data of ${table.entity}`;
  const entered = context.payloads.enter(table.data, { what, data });
  return { ...taken, entity: { state, data: entered.data, facts }, dataWeight: entered.weight };
}

/** An event with its payload as the schema makes it, and its weight. */
function enterEvent(
  { code, payloads }: JudgeContext,
  { event, data }: Emitted,
): { readonly event: Emitted; readonly weight: number } {
  const schema = code.table.schemas.get(triggerKey("event", event));
  const entered = payloads.enter(schema, { what: event, data });
  const version = versionOf(schema);
  const made = { event, data: entered.data };
  return { event: version === 1 ? made : { ...made, version }, weight: event.length + entered.weight };
}
