// Small choreographies for tests, without the ceremony: every command once, no ends or invariants unless said.
import type { ChoreographyJson, ParticipantJson } from "../src/contract/json-form.ts";

/** A choreography of the given participants; commands may come once each. */
export function choreography(
  participants: Readonly<Record<string, ParticipantJson>>,
  rest: Partial<ChoreographyJson> = {},
): ChoreographyJson {
  const states = Object.values(participants).flatMap((participant) => Object.values(participant.states));
  const commands = states.flatMap((state) => Object.keys(state.commands ?? {}));
  return {
    name: "small",
    participants,
    commands: Object.fromEntries(commands.map((command) => [command, 1])),
    publicEvents: [],
    ends: [],
    invariants: [],
    ...rest,
  };
}
