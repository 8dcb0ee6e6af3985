// Small choreographies for tests, without the ceremony: every command once, no ends unless
// said.
import type { ChoreographyJson, EndJson, ParticipantJson } from "../src/contract/json-form.ts";

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
    forbidden: [],
    ...rest,
  };
}

/** An end. */
export function end(name: string, states: EndJson["states"], tally?: EndJson["tally"]): EndJson {
  return tally === undefined ? { name, states } : { name, states, tally };
}

/** The end of {@link asks} in which nothing was asked. */
export const nothing: EndJson = end("nothing", { A: "s" });

/** A asks B, which answers; what B does with the question is the matter of most properties. */
export function asks(
  b: ChoreographyJson["participants"][string],
  rest: Partial<ChoreographyJson> = {},
): ChoreographyJson {
  return choreography(
    {
      A: {
        initial: "s",
        otherwise: "omission",
        states: {
          s: { commands: { ask: [{ to: "waits", emit: ["Asked"] }] } },
          waits: { lock: true, on: { Answered: [{ to: "done" }] } },
          done: {},
        },
      },
      B: b,
    },
    { ends: [nothing, end("answered", { A: "done" })], ...rest },
  );
}

/** A participant that answers. */
export const answers: ParticipantJson = {
  initial: "s",
  otherwise: "omission",
  states: { s: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } }, t: {} },
};
