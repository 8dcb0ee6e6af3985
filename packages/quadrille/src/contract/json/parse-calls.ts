// Reads what a participant of the JSON form says about the engine's work: how its activities are attempted,
// and which events it takes from the beginning.
import type { CallPolicy } from "../call-policy.ts";
import type { ParticipantJson } from "../json-form.ts";
import { below, complain, isRecord, kindOf, readFields, readList, readRecord, readText } from "../reading.ts";
import type { PayloadReading } from "../reading.ts";

/** A participant being read, and its states. */
interface Being {
  readonly participant: string;
  readonly states: ParticipantJson["states"];
}

const policyKeys = ["timeLimitMs", "attempts", "giveUpAfterMs", "backoffMs", "backoffMaxMs"] as const;

/** How the activities of a participant are attempted. */
export function readPolicies(
  reading: PayloadReading,
  { participant, states }: Being,
): Pick<ParticipantJson, "policies"> {
  const { policies } = isRecord(reading.value) ? reading.value : {};
  if (policies === undefined) return {};
  const called = new Set(Object.values(states).flatMap(({ activities = {} }) => Object.keys(activities)));
  const read = readRecord(
    below(reading, policies, "policies"),
    `the policies of ${participant}`,
    (entry, activity) => {
      if (!called.has(activity)) complain(entry, `${participant} has no activity called ${activity}`);
      return readPolicy(entry, `${participant} on ${activity}`);
    },
  );
  return { policies: read };
}

function readPolicy(reading: PayloadReading, where: string): CallPolicy {
  const fields = readFields(reading, `the policy of ${where}`, policyKeys);
  const entries = policyKeys.flatMap((key) => {
    const value = fields[key];
    if (value === undefined) return [];
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1)
      return [[key, value] as const];
    const message = `${key} of ${where} must be a whole number from 1, not ${kindOf(value)}`;
    complain(below(reading, value, key), message);
    return [];
  });
  return Object.fromEntries(entries);
}

/** The events that a participant takes from the beginning of what was published. */
export function readFromBeginning(
  reading: PayloadReading,
  { participant, states }: Being,
): Pick<ParticipantJson, "fromBeginning"> {
  const { fromBeginning } = isRecord(reading.value) ? reading.value : {};
  if (fromBeginning === undefined) return {};
  const all = Object.values(states);
  const reacted = new Set(
    all.flatMap(({ on = {} }) => Object.keys(on).filter((event) => typeof on[event] !== "string")),
  );
  const joins = all.flatMap(({ join }) => (join === undefined ? [] : [join.facts]));
  const listed = new Set(Array.isArray(fromBeginning) ? fromBeginning : []);
  const events = readList(
    below(reading, fromBeginning, "fromBeginning"),
    `fromBeginning of ${participant}`,
    (entry) => {
      const event = readText(entry, "an event taken from the beginning");
      const join = joins.find((facts) => facts.includes(event));
      if (event === "" || reacted.has(event)) return event;
      if (join === undefined) complain(entry, `${participant} has no reaction to an event called ${event}`);
      else if (!join.every((fact) => listed.has(fact)))
        complain(entry, `${event} is a fact of a join of ${participant}: list all of its facts, or none`);
      return event;
    },
  );
  return { fromBeginning: events };
}
