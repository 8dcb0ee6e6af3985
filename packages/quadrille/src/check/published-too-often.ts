// How often one choreography may publish an event that joins a saga of another one, held against what is
// expected there.
import type { Choreography } from "../contract/choreography.ts";
import type { FromElsewhere } from "../contract/elsewhere.ts";
import type { ChoreographyJson, ParticipantJson, StateJson } from "../contract/json-form.ts";
import { toJson } from "../contract/json/to-json.ts";
import { pointer } from "../contract/pointer.ts";
import type { SystemFinding } from "../contract/rules/well-formed-system.ts";
import { usesOf } from "../contract/rules/uses.ts";
import { wellFormedRules } from "../contract/rules/well-formed-rules.ts";
import { judge } from "./check.ts";
import { type CheckOptions, resolveBound } from "./model/bound.ts";
import type { PathStep } from "./model/finding.ts";

/** An event that is published more often than it is expected, with the shortest path to the last one. */
export interface PublishedTooOften extends SystemFinding {
  readonly path: readonly PathStep[];
}

/**
 * Looks at each event that joins the saga which its payload names: whether one saga of its publisher may
 * publish it more often than its budget says. The publisher is explored with one participant more, which
 * counts. Each finding is a warning (W30): the events of one publishing saga may name
 * several sagas. Where each event starts a saga there is nothing to compare.
 */
export function publishedTooOften(
  choreographies: readonly Choreography[],
  options: Pick<CheckOptions, "shouldStop"> = {},
): readonly PublishedTooOften[] {
  return choreographies.flatMap((taking) =>
    taking.takes.flatMap((taken) => {
      const publisher = choreographies.find(({ name }) => name === taken.from);
      if (publisher === undefined || taken.saga === undefined || taken.budget === "unbounded") return [];
      const path = pathToMore(toJson(publisher), counterOf(taking, taken.budget, taken), options);
      return path === undefined ? [] : [found(taking, taken, path)];
    }),
  );
}

function found(
  { name }: Choreography,
  { event, from, budget }: FromElsewhere,
  path: readonly PathStep[],
): PublishedTooOften {
  const times = budget === 1 ? "once" : `${budget} times`;
  return {
    code: "W30",
    severity: wellFormedRules.W30.severity,
    choreography: name,
    at: pointer("/takes", event.name),
    message: `one saga of ${from} may publish ${event.name} more than ${times}, and its budget here is ${budget}`,
    path,
  };
}

/** Counts an event up to one more than is expected. */
interface Counter {
  /** Of the participant that takes the event: a system has each name once. */
  readonly name: string;
  readonly participant: ParticipantJson;
  readonly tooMany: string;
}

function counterOf({ participants }: Choreography, budget: number, { event }: FromElsewhere): Counter {
  const taker = participants.find((one) =>
    usesOf(one).some(({ trigger, role }) => role === "takes" && trigger.name === event.name),
  );
  const counts = Array.from({ length: budget + 1 }, (_, count): readonly [string, StateJson] => [
    `${count} taken`,
    { on: { [event.name]: [{ to: `${count + 1} taken` }] } },
  ]);
  const tooMany = `${budget + 1} taken`;
  const states = Object.fromEntries([...counts, [tooMany, { on: { [event.name]: "ignore" } } as const]]);
  return {
    name: taker?.name ?? "",
    participant: { initial: "0 taken", states },
    tooMany,
  };
}

function pathToMore(
  publisher: ChoreographyJson,
  { name, participant, tooMany }: Counter,
  options: Pick<CheckOptions, "shouldStop">,
): readonly PathStep[] | undefined {
  const counted: ChoreographyJson = {
    ...publisher,
    participants: { ...publisher.participants, [name]: participant },
    forbidden: [{ name: "too many", states: { [name]: tooMany } }],
  };
  const { findings } = judge(counted, resolveBound(options, counted));
  return findings.find(({ code }) => code === "P13")?.path;
}
