// Expands `otherwise: "never"` of a participant's form, so that readers of the form need not know the
// default.
import type { ParticipantJson, StateJson } from "../json-form.ts";
import { below, complain, isRecord, kindOf, type PayloadReading } from "../reading.ts";

/**
 * The participant with `"never"` in each state for each event that it takes and the state does not mention.
 */
export function fillNevers(participant: ParticipantJson): ParticipantJson {
  if (participant.otherwise === "omission") return participant;
  const taken = new Set(Object.values(participant.states).flatMap(eventsOf));
  const states = Object.entries(participant.states).map(([name, state]) => {
    const listed = new Set(eventsOf(state));
    const nevers = [...taken].filter((event) => !listed.has(event)).map((event) => [event, "never"] as const);
    if (nevers.length === 0) return [name, state] as const;
    return [name, { ...state, on: { ...state.on, ...Object.fromEntries(nevers) } }] as const;
  });
  return { ...participant, states: Object.fromEntries(states) };
}

function eventsOf({ on, join }: StateJson): readonly string[] {
  return [...Object.keys(on ?? {}), ...(join?.facts ?? [])];
}

/** The participant's `otherwise`, if it is not "never". */
export function readOtherwise(
  reading: PayloadReading,
  participant: string,
): Pick<ParticipantJson, "otherwise"> {
  const value = isRecord(reading.value) ? reading.value["otherwise"] : undefined;
  if (value === "omission") return { otherwise: value };
  if (value !== undefined && value !== "never")
    complain(
      below(reading, value, "otherwise"),
      `otherwise of ${participant} must be "never" or "omission", not ${kindOf(value)}`,
    );
  return {};
}
