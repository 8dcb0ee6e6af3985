// The contract as one saga alone meets it: outcomes for other sagas never come about.
import type { ChoreographyJson, OutcomeJson, StateJson } from "../../contract/json-form.ts";
import { stateKeys } from "../../contract/trigger-kind.ts";

/** The choreography without the outcomes that are for other sagas; joins have been written out. */
export function ofOneSaga(choreography: ChoreographyJson): ChoreographyJson {
  const participants = Object.entries(choreography.participants).map(([name, participant]) => {
    const states = Object.entries(participant.states).map(([state, json]) => [state, ownIn(json)] as const);
    return [name, { ...participant, states: Object.fromEntries(states) }] as const;
  });
  return { ...choreography, participants: Object.fromEntries(participants) };
}

function ownIn(state: StateJson): StateJson {
  const triggers = stateKeys.map((key) => {
    const own = Object.entries(state[key] ?? {}).map(([trigger, disposition]) => {
      return [trigger, typeof disposition === "string" ? disposition : disposition.filter(isForOwn)] as const;
    });
    return [key, Object.fromEntries(own.filter(([, { length }]) => length > 0))] as const;
  });
  return { ...state, ...Object.fromEntries(triggers) };
}

function isForOwn({ saga }: OutcomeJson): boolean {
  return saga !== "other";
}
