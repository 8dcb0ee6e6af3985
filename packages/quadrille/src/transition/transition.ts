// The transition: what a message does to an entity. Pure and synchronous. The engine and the scenarios run
// it; the checker's steps are its answers.
import type { Choice } from "../contract/handler.ts";
import type { TriggerKind } from "../contract/trigger-kind.ts";
import {
  triggerKey,
  type OutcomeRow,
  type ReactionRow,
  type SentenceRow,
  type StateRow,
  type Table,
} from "../contract/table.ts";

/** An entity before a message. `facts` are the payloads that a join has collected so far, by event. */
export interface EntityState {
  readonly state: string;
  readonly data: unknown;
  readonly facts: Readonly<Record<string, unknown>> | undefined;
}

/** A trigger with its payload. */
export interface Message {
  readonly kind: TriggerKind;
  readonly name: string;
  readonly data: unknown;
  /** Whether an activity's call was given up; the data contain the reason. */
  readonly isGivenUp?: boolean;
  /** Whether its saga is another than the one that entered the state of the shared entity. */
  readonly isOther?: boolean;
}

/** An event about to be journalled. */
export interface Emitted {
  readonly event: string;
  readonly data: unknown;
  /** The version of its schema; 1 when absent. */
  readonly version?: number;
}

/** Why a message was not taken. */
export type Refusal =
  | "impossible"
  | "not handled"
  | "undeclared outcome"
  | "outcome of other sagas"
  | "missing payload"
  | "undeclared payload";

/** The result of applying a message. */
export type Transition =
  | {
      readonly kind: "taken";
      readonly entity: EntityState;
      readonly outcome: OutcomeRow;
      readonly emitted: readonly Emitted[];
    }
  | { readonly kind: "ignored" }
  | { readonly kind: "deferred" }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly detail: string };

/** A message that was taken. */
export type TakenTransition = Extract<Transition, { readonly kind: "taken" }>;

/** The state's row. Throws if the table has no such state: then store and contract do not belong together. */
export function stateOf(table: Table, entity: EntityState): StateRow {
  const row = table.states.get(entity.state);
  if (row === undefined) throw new Error(`${table.name} has no state ${entity.state}`);
  return row;
}

/** What the entity's state says about a message; `undefined` where it says nothing. */
export function sentenceFor(
  table: Table,
  entity: EntityState,
  message: Omit<Message, "data">,
): SentenceRow | undefined {
  const sentence = stateOf(table, entity).sentences.get(triggerKey(message.kind, message.name));
  if (sentence?.kind !== "reaction") return message.isGivenUp === true ? undefined : sentence;
  const reaction = message.isGivenUp === true ? sentence.gaveUp : sentence;
  return table.keyed && reaction !== undefined && !isForSaga(reaction, message) ? undefined : reaction;
}

/** Whether some outcome of a reaction is for the message's saga. */
function isForSaga({ outcomes }: ReactionRow, message: Pick<Message, "isOther">): boolean {
  for (const outcome of outcomes.values()) if (isOutcomeFor(outcome, message)) return true;
  return false;
}

function isOutcomeFor({ saga }: OutcomeRow, { isOther = false }: Pick<Message, "isOther">): boolean {
  return saga === undefined || (saga === "other") === isOther;
}

/**
 * Applies a message to an entity. `choice` is asked once, and only where there is a reaction; a reaction
 * with one outcome and nothing to fill in needs none.
 */
export function transition(
  table: Table,
  entity: EntityState,
  taken: { readonly message: Message; readonly choice?: (reaction: ReactionRow) => Choice | undefined },
): Transition {
  const sentence = sentenceFor(table, entity, taken.message);
  switch (sentence?.kind) {
    case undefined:
      return refused(
        "not handled",
        `${table.name} says nothing about ${taken.message.name} in ${entity.state}`,
      );
    case "never":
      return refused(
        "impossible",
        `${table.name} says that ${taken.message.name} never comes in ${entity.state}`,
      );
    case "ignore":
      return { kind: "ignored" };
    case "defer":
      return { kind: "deferred" };
    case "reaction":
      return sentence.join === "waits"
        ? remember(entity, taken.message, sentence)
        : decide(table, entity, { ...taken, reaction: sentence });
  }
}

/**
 * Whether a message enters the state that it leads to: another one, or the same one by its own call or
 * deadline. States are named without the facts of a join, which is waited for in one state.
 */
export function enters(
  kind: TriggerKind,
  { from, to }: { readonly from: string; readonly to: string },
): boolean {
  return from !== to || kind === "activity" || kind === "deadline";
}

/**
 * A fact of a join that is not complete yet: kept with its payload, whatever the order and the gap in time.
 */
function remember(entity: EntityState, message: Message, reaction: ReactionRow): Transition {
  const [outcome] = reaction.outcomes.values();
  if (outcome === undefined) return refused("undeclared outcome", "a join's fact has no outcome");
  const facts = { ...entity.facts, [message.name]: message.data };
  return { kind: "taken", entity: { ...entity, state: outcome.to, facts }, outcome, emitted: [] };
}

interface ReactionChoice {
  readonly message: Message;
  readonly reaction: ReactionRow;
  readonly choice?: (reaction: ReactionRow) => Choice | undefined;
}

function decide(
  table: Table,
  entity: EntityState,
  { reaction, choice, message }: ReactionChoice,
): Transition {
  const chosen = choice?.(reaction) ?? onlyOutcome(reaction);
  if (chosen === undefined) {
    return refused(
      "undeclared outcome",
      `${message.name} in ${entity.state} has a choice to make and no handler made it`,
    );
  }
  const outcome = reaction.outcomes.get(chosen.outcome);
  if (outcome === undefined) {
    const declared = [...reaction.outcomes.keys()].join(", ");
    return refused(
      "undeclared outcome",
      `"${chosen.outcome}" is not an outcome of ${message.name} in ${entity.state} (${declared})`,
    );
  }
  if (!isOutcomeFor(outcome, message)) {
    const whose = outcome.saga === "own" ? "the saga that entered the state" : "another saga than that";
    return refused(
      "outcome of other sagas",
      `outcome "${outcome.name}" of ${message.name} in ${entity.state} is for ${whose}, which this is not`,
    );
  }
  const stranger = Object.keys(chosen.payloads).find((event) => !outcome.emit.includes(event));
  if (stranger !== undefined) {
    return refused(
      "undeclared payload",
      `outcome "${outcome.name}" of ${message.name} does not emit ${stranger}`,
    );
  }
  const missing = outcome.emit.find(
    (event) => table.schemas.has(triggerKey("event", event)) && !(event in chosen.payloads),
  );
  if (missing !== undefined) {
    return refused(
      "missing payload",
      `outcome "${outcome.name}" of ${message.name} emits ${missing} and gives no payload`,
    );
  }
  const data = "data" in chosen && chosen.data !== undefined ? chosen.data : entity.data;
  return {
    kind: "taken",
    entity: { state: outcome.to, data, facts: undefined },
    outcome,
    emitted: outcome.emit.map((event) => ({ event, data: chosen.payloads[event] })),
  };
}

function onlyOutcome(reaction: ReactionRow): Choice | undefined {
  const [only] = reaction.outcomes.keys();
  return reaction.outcomes.size === 1 && only !== undefined ? { outcome: only, payloads: {} } : undefined;
}

function refused(refusal: Refusal, detail: string): Transition {
  return { kind: "refused", refusal, detail };
}
