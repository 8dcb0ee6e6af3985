// The JSON form has no delays: a choreography made from it has deadlines that are due at once. This gives
// them some.
import type { Choreography } from "../src/contract/choreography.ts";
import { sentencesOf, type StateDefinition } from "../src/contract/participant.ts";
import { lock, type Sentence } from "../src/contract/reaction.ts";

/** The choreography with a delay for each of its deadlines, as `draw` gives them, in milliseconds. */
export function withDelays(choreography: Choreography, draw: () => number): Choreography {
  const delayed = (sentence: Sentence): Sentence => {
    if (sentence.kind !== "reaction" || sentence.trigger.kind !== "deadline") return sentence;
    if (sentence.trigger.time.kind !== "delay") return sentence;
    return { ...sentence, trigger: { ...sentence.trigger, time: { kind: "delay" as const, ms: draw() } } };
  };
  const stateOf = (state: StateDefinition): StateDefinition => {
    const sentences = sentencesOf(state).map(delayed);
    return "sentences" in state ? lock(sentences) : sentences;
  };
  const participants = choreography.participants.map((participant) => ({
    ...participant,
    states: Object.fromEntries(
      Object.entries(participant.states).map(([name, state]) => [name, stateOf(state)]),
    ),
  }));
  return { ...choreography, participants };
}
