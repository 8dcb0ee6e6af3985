// Explains an event of a choreography: who publishes it, who takes it in which state, and what follows.
import type { ChoreographyJson, ForSaga, OutcomeJson } from "../contract/json-form.ts";
import { withElsewhere } from "../contract/json/elsewhere.ts";
import { isSaidOnce, outcomesOf, type PlacedSentence, readSentences } from "../contract/json/sentences.ts";
import { pointer } from "../contract/pointer.ts";
import { type Disposition, dispositionOf } from "./graph.ts";
import { joinText, type ShownJoin, shownJoin, withWholeJoins } from "./shown-joins.ts";

/** Where an event is published: the reaction and its outcome. */
export interface Publication {
  readonly participant: string;
  readonly state: string;
  readonly trigger: string;
  readonly choice?: string;
  readonly to: string;
  readonly at: string;
}

/** What one participant does with an event in one state. */
export interface ExplainedTaking {
  readonly participant: string;
  readonly state: string;
  /** `nothing` where the contract says nothing. */
  readonly disposition: Disposition | "nothing";
  /** The join of which the event is a fact; the outcomes are the join's. */
  readonly join?: ShownJoin;
  /** Next states and the events that follow, one for each outcome. */
  readonly outcomes: readonly {
    readonly choice?: string;
    /** Which sagas it is for, at an entity that sagas share; all where absent. */
    readonly saga?: ForSaga;
    readonly to: string;
    readonly publishes: readonly string[];
  }[];
}

/** Everything that a choreography says about an event. */
export interface EventExplanation {
  readonly event: string;
  readonly isPublic: boolean;
  readonly published: readonly Publication[];
  readonly taken: readonly ExplainedTaking[];
}

/** Explains an event; undefined where no participant publishes or takes it. */
export function explainEvent(choreography: ChoreographyJson, event: string): EventExplanation | undefined {
  const whole = withWholeJoins(withElsewhere(choreography));
  const { sentences, subscribers, byState } = readSentences(whole);
  const published = sentences.filter(isSaidOnce).flatMap((reaction) =>
    outcomesOf(reaction)
      .filter((outcome) => (outcome.emit ?? []).includes(event))
      .map((outcome) => publication(choreography, reaction, outcome)),
  );
  const taken = (subscribers.get(event) ?? []).flatMap((participant) =>
    Object.keys(whole.participants[participant]?.states ?? {}).map((state) => {
      // What a state says about a fact that comes again stands before the join.
      const sentence = byState
        .get(participant)
        ?.get(state)
        ?.findLast((one) => one.kind === "event" && one.trigger === event);
      return taking({ participant, state }, sentence);
    }),
  );
  if (published.length === 0 && taken.length === 0) return undefined;
  return { event, isPublic: choreography.publicEvents.includes(event), published, taken };
}

function publication(
  { participants }: ChoreographyJson,
  { participant, state, trigger, fact, at }: PlacedSentence,
  { choice, to }: OutcomeJson,
): Publication {
  const isExpanded = fact !== undefined && participants[participant]?.states[state]?.join === undefined;
  return {
    participant,
    state,
    trigger: fact === undefined ? trigger : joinText(shownJoin(fact.join)),
    ...(choice === undefined ? {} : { choice }),
    to,
    at: isExpanded ? pointer("/participants", participant, "states", state, "on", trigger) : at,
  };
}

/** What a participant does by a sentence in one state; `nothing` without one. */
export function taking(
  place: Pick<ExplainedTaking, "participant" | "state">,
  sentence: PlacedSentence | undefined,
): ExplainedTaking {
  if (sentence === undefined) return { ...place, disposition: "nothing", outcomes: [] };
  const outcomes = outcomesOf(sentence).map(({ choice, saga, to, emit }) => {
    const named = { ...(choice === undefined ? {} : { choice }), ...(saga === undefined ? {} : { saga }) };
    return { ...named, to, publishes: emit ?? [] };
  });
  const join = sentence.fact === undefined ? {} : { join: shownJoin(sentence.fact.join) };
  return { ...place, disposition: dispositionOf(sentence), ...join, outcomes };
}

/** The explanation as text, for a terminal. */
export function explanationText(explanation: EventExplanation): string {
  const { event, isPublic, published, taken } = explanation;
  const lines = [
    `${event}${isPublic ? " (public)" : ""}`,
    published.length === 0 ? "  published by no participant" : "  published by",
  ];
  for (const { participant, state, trigger, choice, to } of published) {
    lines.push(
      `    ${participant} in ${state}, on ${trigger}${choice === undefined ? "" : ` (${choice})`}, going to ${to}`,
    );
  }
  lines.push(taken.length === 0 ? "  taken by no participant" : "  taken by");
  for (const one of taken) {
    if (one.disposition === "never" || one.disposition === "nothing") continue;
    const join = one.join === undefined ? "" : `${joinText(one.join)}: `;
    lines.push(`    ${one.participant} in ${one.state}: ${join}${takingText(one)}`);
  }
  const silent = taken
    .filter(({ disposition }) => disposition === "never")
    .map(({ participant, state }) => `${participant}.${state}`);
  if (silent.length > 0) lines.push(`  never in ${silent.join(", ")}`);
  const unsaid = taken
    .filter(({ disposition }) => disposition === "nothing")
    .map(({ participant, state }) => `${participant}.${state}`);
  if (unsaid.length > 0) lines.push(`  nothing said in ${unsaid.join(", ")}`);
  return lines.join("\n");
}

/** What is done with a trigger: each outcome, or the one word. */
export function takingText({ disposition, outcomes }: ExplainedTaking): string {
  return disposition === "react" ? outcomes.map(outcomeText).join(" or ") : disposition;
}

/** Where an outcome goes, and what it publishes. */
function outcomeText({ choice, saga, to, publishes }: ExplainedTaking["outcomes"][number]): string {
  const says = publishes.length === 0 ? "" : `, publishes ${publishes.join(", ")}`;
  const whose = saga === undefined ? "" : `for ${saga === "own" ? "its own saga" : "other sagas"} `;
  return `${choice === undefined ? "" : `${choice}: `}${whose}goes to ${to}${says}`;
}
