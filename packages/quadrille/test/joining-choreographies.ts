// Choreographies with a join of many events, as the JSON form keeps it.
import type { ChoreographyJson, JoinJson, ParticipantJson, StateJson } from "../src/contract/json-form.ts";
import { choreography, end } from "./small-choreography.ts";

/** What a choreography of {@link joining} is like. */
export interface Joining {
  readonly parties: number;
  /** How many answers are enough; all of them unless said. */
  readonly atLeast?: number;
  /** What else the asking state says, and what the state after the join says. */
  readonly waits?: StateJson;
  readonly after?: StateJson;
  /** A party that may also say no, which ends the waiting. */
  readonly refuses?: boolean;
  readonly join?: Partial<JoinJson>;
}

/** Hub asks every party, each answers, and a number of answers, or a refusal, is the end. */
export function joining({
  parties,
  atLeast,
  waits = {},
  after = {},
  refuses = false,
  join,
}: Joining): ChoreographyJson {
  const numbers = Array.from({ length: parties }, (_, index) => index + 1);
  // What calls the outside is not completed by whichever of several comes first (P16).
  const isOfAll = atLeast === undefined || atLeast === parties;
  const facts = numbers.map((one) => `Answered${one}`);
  const party = (one: number): ParticipantJson => ({
    initial: "idle",
    states: {
      idle: {
        on: {
          Asked: [
            { to: "done", emit: [`Answered${one}`], choice: "yes" },
            ...(refuses && one === 1 ? [{ to: "done", emit: ["Refused"], choice: "no" }] : []),
          ],
        },
      },
      done: {},
    },
  });
  const late = Object.fromEntries(
    [...facts, ...(refuses ? ["Refused"] : [])].map((fact) => [fact, "ignore" as const]),
  );
  const hub: ParticipantJson = {
    initial: "idle",
    states: {
      idle: { commands: { ask: [{ to: "ASKING", emit: ["Asked"] }] } },
      ASKING: {
        lock: true,
        ...waits,
        ...(refuses ? { on: { Refused: [{ to: "REFUSED" }] } } : {}),
        join: {
          facts,
          ...(atLeast === undefined ? {} : { atLeast }),
          outcomes: [{ to: "DONE", ...(isOfAll ? { tally: { answers: 1 } } : {}) }],
          ...join,
        },
      },
      DONE: { ...(atLeast === undefined && !refuses ? {} : { on: late }), ...after },
      ...(refuses ? { REFUSED: { on: late } } : {}),
    },
  };
  const all: Record<string, ParticipantJson> = { Hub: hub };
  for (const one of numbers) all[`P${one}`] = party(one);
  return choreography(all, {
    name: `${parties} answers`,
    ends: [
      end("nothing", { Hub: "idle" }),
      isOfAll ? end("done", { Hub: "DONE" }, { answers: 1 }) : end("done", { Hub: "DONE" }),
      ...(refuses ? [end("refused", { Hub: "REFUSED" })] : []),
    ],
  });
}
