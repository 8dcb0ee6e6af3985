// A state as the rules look at it.
import { pointer } from "../pointer.ts";
import { type Participant, sentencesOf } from "../participant.ts";
import type { Reaction, Sentence } from "../reaction.ts";
import type { JoinType } from "../trigger.ts";
import { stateKeyOf } from "../trigger-kind.ts";

/** A state with its sentences sorted by what they are. */
export interface StateView {
  readonly participant: Participant;
  readonly state: string;
  readonly place: string;
  readonly sentences: readonly Sentence[];
  readonly reactions: readonly Reaction[];
  readonly joins: readonly Reaction<JoinType>[];
  /** The facts of the state's join, by name. */
  readonly facts: readonly string[];
}

/** Sorts what a state says. */
export function viewOf(participant: Participant, state: string): StateView {
  const sentences = sentencesOf(participant.states[state] ?? []);
  const reactions = sentences.filter((one): one is Reaction => one.kind === "reaction");
  const joins = reactions.filter((one): one is Reaction<JoinType> => one.trigger.kind === "join");
  return {
    participant,
    state,
    place: pointer("/participants", participant.name, "states", state),
    sentences,
    reactions,
    joins,
    facts: (joins[0]?.trigger.facts ?? []).map(({ name }) => name),
  };
}

/** The place of a sentence about a trigger. */
export function placeOf(view: StateView, { trigger }: Sentence): string {
  if (trigger.kind === "gave-up") return pointer(view.place, "activities", trigger.activity);
  if (trigger.kind === "join") return pointer(view.place, "join");
  const key = stateKeyOf(trigger.kind, trigger.kind === "deadline" && trigger.isTimeout);
  return pointer(view.place, key, trigger.name);
}

/** The state in words. */
export function where({ participant, state }: StateView): string {
  return `${participant.name} in ${state}`;
}
