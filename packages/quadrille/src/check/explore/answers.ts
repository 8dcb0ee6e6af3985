// What a participant answers to a trigger in a state: the engine's transition, asked once for each outcome
// that a handler may choose.
import type { OutcomeJson } from "../../contract/json-form.ts";
import { choicesOf, type NamedChoice } from "../../contract/json/from-json.ts";
import { type Table, triggerKey } from "../../contract/table.ts";
import type { TriggerKind } from "../../contract/trigger-kind.ts";
import {
  type EntityState,
  stateOf,
  transition,
  type Transition,
  type TakenTransition,
} from "../../transition/transition.ts";

/** An answer in which the entity takes the message. */
export interface TakenAnswer {
  readonly kind: "taken";
  /** The next state, without the facts of a join. */
  readonly to: string;
  readonly emits: readonly string[];
  readonly tally: Readonly<Record<string, number>>;
  /** The outcome as the contract has it; absent where a join waits for more. */
  readonly outcome: OutcomeJson | undefined;
}

/**
 * One way to take a message, or why it is not taken. `stuck`: the contract does not handle it, or says
 * `never`.
 */
export type StepAnswer = { readonly kind: "stuck" | "ignored" | "deferred" } | TakenAnswer;

/** A trigger that meets an entity. */
export interface Asked {
  readonly table: Table;
  /** The state as named in the table; in a join, with the facts seen so far. */
  readonly state: string;
  readonly kind: TriggerKind;
  readonly trigger: string;
  /** Whether its saga is another than the one that entered the state. */
  readonly isOther: boolean;
  /** The outcomes that the contract declares there. */
  readonly outcomes: readonly OutcomeJson[];
}

/**
 * Every possible answer to a trigger, in the order of the contract. Each is asked for once per table: for a
 * queue and a stash, and whenever an exploration begins again with a wider channel, they are the same.
 */
export function answersTo(asked: Asked): readonly StepAnswer[] {
  const ofState = answersIn(asked.table, asked.state);
  const name = triggerKey(asked.kind, asked.trigger);
  const key = asked.isOther ? `other ${name}` : name;
  const present = ofState.get(key);
  if (present !== undefined) return present;
  const answers = allAnswers(asked);
  ofState.set(key, answers);
  return answers;
}

/** By {@link triggerKey}, after `other` for those to other sagas: the answers of a state that are known. */
type KnownAnswers = Map<string, readonly StepAnswer[]>;

const known = new WeakMap<Table, Map<string, KnownAnswers>>();

function answersIn(table: Table, state: string): KnownAnswers {
  let ofTable = known.get(table);
  if (ofTable === undefined) known.set(table, (ofTable = new Map<string, KnownAnswers>()));
  let ofState = ofTable.get(state);
  if (ofState === undefined) ofTable.set(state, (ofState = new Map()));
  return ofState;
}

function allAnswers(asked: Asked): readonly StepAnswer[] {
  const first = ask(asked);
  if (first.kind === "ignored") return ignoredAnswers;
  if (first.kind === "deferred") return deferredAnswers;
  if (first.kind === "refused" && isStuck(first.refusal)) return stuckAnswers;
  if (first.kind === "taken" && first.entity.facts !== undefined)
    return [takenAnswer(asked, first, undefined)];
  // Most reactions have one outcome, which needs no choice.
  if (first.kind === "taken" && asked.outcomes.length === 1)
    return [takenAnswer(asked, first, asked.outcomes[0])];
  const answers = new Map(choicesOf(asked.outcomes).map((one) => [one.outcome, chosenAnswer(asked, one)]));
  const fitting = asked.outcomes.flatMap((outcome) => answers.get(outcome) ?? []);
  return fitting.length === 0 ? stuckAnswers : fitting;
}

const ignoredAnswers: readonly StepAnswer[] = [{ kind: "ignored" }];
const deferredAnswers: readonly StepAnswer[] = [{ kind: "deferred" }];
const stuckAnswers: readonly StepAnswer[] = [{ kind: "stuck" }];

function isStuck(refusal: string): boolean {
  return refusal === "impossible" || refusal === "not handled";
}

/** Undefined where the outcome is for other sagas. */
function chosenAnswer(asked: Asked, named: NamedChoice): TakenAnswer | undefined {
  const answer = ask(asked, named);
  if (answer.kind === "taken") return takenAnswer(asked, answer, named.outcome);
  if (answer.kind === "refused" && answer.refusal === "outcome of other sagas") return undefined;
  const why = answer.kind === "refused" ? answer.detail : answer.kind;
  throw new Error(`${asked.table.name} does not take an outcome that its contract declares: ${why}`);
}

function ask({ table, state, kind, trigger, isOther }: Asked, named?: NamedChoice): Transition {
  const entity: EntityState = { state, data: undefined, facts: undefined };
  const message = { kind, name: trigger, data: undefined, isGivenUp: named?.isGivenUp === true, isOther };
  if (named === undefined) return transition(table, entity, { message });
  return transition(table, entity, { message, choice: () => ({ outcome: named.choice, payloads: {} }) });
}

function takenAnswer(
  { table }: Asked,
  taken: TakenTransition,
  outcome: OutcomeJson | undefined,
): TakenAnswer {
  return {
    kind: "taken",
    to: stateOf(table, taken.entity).base,
    emits: taken.emitted.map(({ event }) => event),
    tally: taken.outcome.tally,
    outcome,
  };
}
