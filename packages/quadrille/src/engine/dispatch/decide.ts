// Decides one message: calls the handler, runs the transition, checks the result, stages it. Writes nothing.
import { isQuadrilleError, thrownText } from "../../errors.ts";
import type { EntityRecord, ParkedError } from "../../store/records.ts";
import { sentenceFor } from "../../transition/transition.ts";
import type { Condemned } from "../lane/batch-size.ts";
import { asChoice, isTransact } from "../message/code.ts";
import type { Incoming } from "../message/incoming.ts";
import type { Limits } from "../message/limits.ts";
import {
  asked,
  check,
  type Deciding,
  heldBy,
  inputFor,
  judge,
  type JudgeContext,
  type Judged,
  refuseUnknownState,
  refuseUnplaced,
} from "./judge.ts";
import type { MessageSets } from "./message-sets.ts";

/** The result of a decision. A `failed` one may succeed later if it is `retryable`. */
export type Decision =
  | { readonly kind: "taken"; readonly entity: EntityRecord; readonly outcome: string }
  | { readonly kind: "ignored" | "deferred" }
  | {
      readonly kind: "failed";
      readonly error: ParkedError;
      readonly retryable: boolean;
      readonly cause: unknown;
      /** The message, with its payload as parsed, if parsing succeeded. */
      readonly message: Incoming;
    };

/** What deciding needs besides the message. */
export interface DecideContext extends JudgeContext {
  readonly limits: Limits;
  /** Why a message is not decided: its effects could not be written before. */
  readonly condemned: (id: string) => Condemned | undefined;
  /** What `transact` handlers answer; absent in a batch without a transaction. */
  readonly sets: MessageSets | undefined;
}

/**
 * Decides `message` for `entity` and stages what it does, at once unless the handler is a `transact` one. A
 * handler that throws stages nothing.
 */
export function decide(
  context: DecideContext,
  message: Incoming,
  entity: EntityRecord,
): Decision | Promise<Decision> {
  let checked = message;
  context.staging.follow(message, entity);
  const condemned = context.condemned(message.id);
  if (condemned !== undefined) return { ...failure(condemned.error), message };
  try {
    refuseUnknownState(context, entity);
    checked = check(context, message);
    refuseUnplaced(context, checked);
    const deciding = { message: checked, entity: heldBy(context, entity) };
    const judged = choose(context, deciding);
    return judged instanceof Promise
      ? decideLater(context, deciding, judged)
      : staged(context, deciding, judged);
  } catch (error) {
    return { ...failure(error), message: checked };
  }
}

async function decideLater(
  context: DecideContext,
  deciding: Deciding,
  judging: Promise<Judged>,
): Promise<Decision> {
  try {
    return staged(context, deciding, await judging);
  } catch (error) {
    return { ...failure(error), message: deciding.message };
  }
}

function staged({ staging }: DecideContext, { message, entity }: Deciding, judged: Judged): Decision {
  if (judged.kind !== "taken") return judged;
  return { kind: "taken", entity: staging.take(message, entity, judged), outcome: judged.outcome.name };
}

/**
 * The result of the message, at once unless the handler is a `transact` one. Throws if the contract does not
 * declare it, or if a payload does not fit.
 */
function choose(context: DecideContext, deciding: Deciding): Judged | Promise<Judged> {
  const { code, sets } = context;
  const sentence = sentenceFor(code.table, deciding.entity, asked(code.table, deciding));
  const handler = sentence?.kind === "reaction" ? code.handlerOf(sentence) : undefined;
  if (sentence?.kind !== "reaction" || handler === undefined) return judge(context, deciding, undefined);
  if (!isTransact(handler))
    return judge(context, deciding, asChoice(handler(inputFor(context, deciding, sentence))));
  if (sets === undefined) throw new Error("a transact handler ran outside a transaction");
  return sets.judged({ ...deciding, reaction: sentence, handler });
}

/** Errors of contract and payload will repeat; other errors of a handler may be temporary. */
function failure(error: unknown): Omit<Extract<Decision, { kind: "failed" }>, "message"> {
  const message = thrownText(error);
  if (isQuadrilleError(error)) {
    const { code, retryable } = error;
    return { kind: "failed", error: { code, message }, retryable, cause: error };
  }
  return { kind: "failed", error: { code: "Q_HANDLER_THREW", message }, retryable: true, cause: error };
}
