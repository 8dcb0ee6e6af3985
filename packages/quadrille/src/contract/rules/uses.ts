// Who uses which trigger where: everything participants take and emit, one value per use.
import { pointer } from "../pointer.ts";
import { namedOutcomes } from "../outcome.ts";
import { type Participant, sentencesOf } from "../participant.ts";
import type { SingleTrigger, Trigger } from "../trigger.ts";

/** One use of a trigger: taken by a participant in a state, or emitted by it. */
export interface Use {
  readonly participant: string;
  readonly state: string;
  readonly trigger: SingleTrigger;
  readonly role: "takes" | "emits";
  readonly place: string;
}

/** All uses of a participant, in the order of the contract. */
export function usesOf(participant: Participant): readonly Use[] {
  return Object.entries(participant.states).flatMap(([state, definition]) =>
    sentencesOf(definition).flatMap((sentence): readonly Use[] => {
      const place = pointer("/participants", participant.name, "states", state);
      const { trigger } = sentence;
      const taken = takenBy(trigger);
      const outcomes = sentence.kind === "reaction" ? [...namedOutcomes(sentence.outcomes).values()] : [];
      const use = { participant: participant.name, state, place };
      return [
        ...taken.map((one) => ({ ...use, trigger: one, role: "takes" as const })),
        ...outcomes.flatMap(({ emit }) =>
          emit.map((event) => ({ ...use, trigger: event, role: "emits" as const })),
        ),
      ];
    }),
  );
}

function takenBy(trigger: Trigger): readonly SingleTrigger[] {
  if (trigger.kind === "gave-up") return [];
  return trigger.kind === "join" ? trigger.facts : [trigger];
}
