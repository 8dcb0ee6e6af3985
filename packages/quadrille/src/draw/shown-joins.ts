// Joins as their author wrote them: a value's join is expanded into partial states, such as `WAITS+A`, that
// stand in no contract.
import { joinsOf } from "../contract/joins.ts";
import type { ChoreographyJson, JoinJson, ParticipantJson, StateJson } from "../contract/json-form.ts";

/** The choreography with its joins whole, without the partial states that have the name of their state. */
export function withWholeJoins(choreography: ChoreographyJson): ChoreographyJson {
  const participants = Object.entries(choreography.participants).map(
    ([name, participant]) => [name, { ...participant, states: wholeStates(participant) }] as const,
  );
  return { ...choreography, participants: Object.fromEntries(participants) };
}

function wholeStates(participant: ParticipantJson): Readonly<Record<string, StateJson>> {
  const joins = joinsOf(participant).filter(
    ({ state, partial }) => partial.length > 0 && partial.every((one) => one.startsWith(`${state}+`)),
  );
  const partial = new Set(joins.flatMap((join) => join.partial));
  const states = Object.entries(participant.states).filter(([state]) => !partial.has(state));
  const whole = states.map(([state, json]) => {
    const join = joins.find((one) => one.state === state);
    if (join === undefined) return [state, json] as const;
    const { facts, needed, outcomes } = join;
    const on = Object.entries(json.on ?? {}).filter(([event]) => !facts.includes(event));
    return [
      state,
      { ...json, on: Object.fromEntries(on), join: { facts, atLeast: needed, outcomes } },
    ] as const;
  });
  return Object.fromEntries(whole);
}

/** The events of a join, and how many of them complete it. */
export interface ShownJoin {
  readonly facts: readonly string[];
  readonly needed: number;
}

/** The join of the JSON form, with the number where it leaves it out. */
export function shownJoin({ facts, atLeast = facts.length }: JoinJson): ShownJoin {
  return { facts, needed: atLeast };
}

/** The events of a join in words. */
export function joinText({ facts, needed }: ShownJoin): string {
  return `${needed === facts.length ? "all" : needed} of ${facts.join(", ")}`;
}
