// Choreographies with a join of many events, as the JSON form keeps it.
import type { ChoreographyJson, JoinJson, ParticipantJson, StateJson } from "../src/contract/json-form.ts";
import { choreography, end } from "./small-choreography.ts";

/** What a choreography of {@link joining} is like. */
export interface Joining {
  readonly parties: number;
  /** How many answers are enough; all of them by default. */
  readonly atLeast?: number;
  /** What else the asking state says, and what the state after the join says. */
  readonly waits?: StateJson;
  readonly after?: StateJson;
  /** Whether the first party, or each, may also say no, which ends the waiting. */
  readonly refuses?: boolean | "each";
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
  const refusalsOf = (one: number): readonly string[] => {
    if (refuses === "each") return [`Refused${one}`];
    return refuses && one === 1 ? ["Refused"] : [];
  };
  const refusals = numbers.flatMap(refusalsOf);
  const party = (one: number): ParticipantJson => ({
    initial: "idle",
    states: {
      idle: {
        on: {
          Asked: [
            { to: "done", emit: [`Answered${one}`], choice: "yes" },
            ...refusalsOf(one).map((event) => ({ to: "done", emit: [event], choice: "no" })),
          ],
        },
      },
      done: {},
    },
  });
  const late = Object.fromEntries([...facts, ...refusals].map((fact) => [fact, "ignore" as const]));
  const hub: ParticipantJson = {
    initial: "idle",
    states: {
      idle: { commands: { ask: [{ to: "ASKING", emit: ["Asked"] }] } },
      ASKING: {
        lock: true,
        ...waits,
        ...(refuses === false
          ? {}
          : { on: Object.fromEntries(refusals.map((event) => [event, [{ to: "REFUSED" }]])) }),
        join: {
          facts,
          ...(atLeast === undefined ? {} : { atLeast }),
          outcomes: [{ to: "DONE", ...(isOfAll ? { tally: { answers: 1 } } : {}) }],
          ...join,
        },
      },
      DONE: { ...(atLeast === undefined && refuses === false ? {} : { on: late }), ...after },
      ...(refuses !== false ? { REFUSED: { on: late } } : {}),
    },
  };
  const all: Record<string, ParticipantJson> = { Hub: hub };
  for (const one of numbers) all[`P${one}`] = party(one);
  return choreography(all, {
    name: `${parties} answers`,
    ends: [
      end("nothing", { Hub: "idle" }),
      isOfAll ? end("done", { Hub: "DONE" }, { answers: 1 }) : end("done", { Hub: "DONE" }),
      ...(refuses !== false ? [end("refused", { Hub: "REFUSED" })] : []),
    ],
  });
}
