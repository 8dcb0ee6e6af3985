// Explains what a choreography names besides events: commands, deadlines and activities, each with who takes
// it in which state and what follows; participants, state by state; states, of all participants that have one
// of the name; ends and forbidden combinations.
import type { ChoreographyJson, CommandBudget } from "../contract/json-form.ts";
import type { TriggerKind } from "../contract/trigger-kind.ts";
import { type ExplainedTaking, taking, takingText } from "./explain.ts";
import { type CombinationExplanation, combinationText, explainCombination } from "./explain-combination.ts";
import { joinText, withWholeJoins } from "./shown-joins.ts";
import { withElsewhere } from "../contract/json/elsewhere.ts";
import { type PlacedSentence, readSentences, type Sentences } from "../contract/json/sentences.ts";

/** What a choreography says about a command, a deadline or an activity. */
export interface TriggerExplanation {
  readonly kind: Exclude<TriggerKind, "event">;
  readonly name: string;
  /** How often a command may come in a check. */
  readonly budget?: CommandBudget;
  readonly taken: readonly ExplainedTaking[];
}

/** What a choreography says about a participant. */
export interface ParticipantExplanation {
  readonly kind: "participant";
  readonly name: string;
  readonly initial: string;
  readonly states: readonly ExplainedState[];
}

/** What a choreography says about a state, for each participant that has one of the name. */
export interface StateExplanation {
  readonly kind: "state";
  readonly name: string;
  readonly states: readonly (ExplainedState & { readonly participant: string })[];
}

/** What each trigger does in a state. */
interface ExplainedState {
  readonly state: string;
  readonly isLock: boolean;
  readonly takes: readonly (ExplainedTaking & { readonly trigger: string })[];
}

/** The kinds of names besides events. */
export type NameExplanation =
  | TriggerExplanation
  | ParticipantExplanation
  | StateExplanation
  | CombinationExplanation;

/** The order of lookup. */
const kinds: readonly TriggerExplanation["kind"][] = ["command", "deadline", "activity"];

/**
 * Explains a command, a deadline, an activity, a participant, a state, an end or a forbidden combination,
 * looked up in this order; undefined where there is none of that name.
 */
export function explainName(choreography: ChoreographyJson, name: string): NameExplanation | undefined {
  const given = withElsewhere(choreography);
  const whole = withWholeJoins(given);
  const sentences = readSentences(whole);
  for (const kind of kinds) {
    const here = sentences.sentences.filter((one) => one.kind === kind && one.trigger === name);
    if (here.length === 0) continue;
    const budget = kind === "command" ? choreography.commands[name] : undefined;
    return { kind, name, ...(budget === undefined ? {} : { budget }), taken: here.map(takingOf) };
  }
  return (
    explainParticipant(whole, sentences, name) ??
    explainState(whole, sentences, name) ??
    // A partial state of a join, as reports name it.
    explainState(given, readSentences(given), name) ??
    explainCombination(choreography, name)
  );
}

function takingOf(sentence: PlacedSentence): ExplainedTaking {
  return taking({ participant: sentence.participant, state: sentence.state }, sentence);
}

function explainParticipant(
  { participants }: ChoreographyJson,
  { byState }: Sentences,
  name: string,
): ParticipantExplanation | undefined {
  if (!Object.hasOwn(participants, name)) return undefined;
  const { initial = "", states = {} } = participants[name] ?? {};
  return {
    kind: "participant",
    name,
    initial,
    states: Object.entries(states).map(([state, { lock }]) =>
      explainedState(state, lock === true, byState.get(name)?.get(state)),
    ),
  };
}

function explainState(
  { participants }: ChoreographyJson,
  { byState }: Sentences,
  name: string,
): StateExplanation | undefined {
  const states = Object.entries(participants).flatMap(([participant, one]) => {
    if (!Object.hasOwn(one.states, name)) return [];
    const isLock = one.states[name]?.lock === true;
    return [{ participant, ...explainedState(name, isLock, byState.get(participant)?.get(name)) }];
  });
  return states.length === 0 ? undefined : { kind: "state", name, states };
}

function explainedState(
  state: string,
  isLock: boolean,
  sentences: readonly PlacedSentence[] = [],
): ExplainedState {
  return { state, isLock, takes: sentences.map((one) => ({ ...takingOf(one), trigger: one.trigger })) };
}

/** The explanation as text, for a terminal. */
export function nameText(explanation: NameExplanation): string {
  const { kind, name } = explanation;
  if (kind === "participant")
    return [
      `${name} (a participant, at first in ${explanation.initial})`,
      ...explanation.states.flatMap((one) => stateLines(`in ${one.state}`, one)),
    ].join("\n");
  if (kind === "state")
    return [
      `${name} (a state)`,
      ...explanation.states.flatMap((one) => stateLines(`of ${one.participant}`, one)),
    ].join("\n");
  if (!("taken" in explanation)) return combinationText(explanation);
  const { budget, taken } = explanation;
  const article = kind === "activity" ? "an" : "a";
  const often =
    budget === undefined ? "" : `, ${budget === "unbounded" ? "any number of times" : `${budget}×`}`;
  return [
    `${name} (${article} ${kind}${often})`,
    "  taken by",
    ...taken.map((one) => `    ${one.participant} in ${one.state}: ${takingText(one)}`),
  ].join("\n");
}

function stateLines(which: string, { isLock, takes }: ExplainedState): readonly string[] {
  const never = takes.filter(({ disposition }) => disposition === "never").map(({ trigger }) => trigger);
  const others = takes.filter(({ disposition }) => disposition !== "never");
  const lines = others.map(
    (one) => `    ${one.join === undefined ? one.trigger : joinText(one.join)}: ${takingText(one)}`,
  );
  return [
    `  ${which}${isLock ? " (a lock)" : ""}${takes.length === 0 ? ": takes nothing" : ""}`,
    ...new Set(lines), // The facts of a join have one line.
    ...(never.length === 0 ? [] : [`    never ${never.join(", ")}`]),
  ];
}
