// Reads a choreography's JSON form from an unknown value: one clear sentence for each thing that is wrong,
// never a throw. What has the form is judged by the rules for values (contract/rules), and by no others. The
// forms of several repositories are composed first, by contract/json/compose-json.ts.
import type {
  ChoreographyJson,
  CommandBudget,
  DispositionJson,
  EndJson,
  ForbiddenJson,
  ParticipantJson,
  StateJson,
  TakenJson,
} from "../json-form.ts";
import {
  below,
  complain,
  isRecord,
  type JsonProblem,
  kindOf,
  readFields,
  type PayloadReading,
  readList,
  readRecord,
  readText,
} from "../reading.ts";
import { wellFormed } from "../rules/well-formed.ts";
import { stateKeys, type StateKey } from "../trigger-kind.ts";
import { fillNevers, readOtherwise } from "./fill-nevers.ts";
import { fromJson } from "./from-json.ts";
import { refuseOldKeys, withoutOldKeys } from "./old-keys.ts";
import { readFromBeginning, readPolicies } from "./parse-calls.ts";
import { readFromData } from "./parse-deadlines.ts";
import { readJoin } from "./parse-join.ts";
import { readDisposition } from "./parse-outcomes.ts";
import { readTally, readTallyKind } from "./parse-tallies.ts";

/** A choreography, or why the value is not one. */
export type ParsedChoreography =
  | { readonly ok: true; readonly choreography: ChoreographyJson }
  | { readonly ok: false; readonly problems: readonly JsonProblem[] };

/** At most this many problems are listed: the first ones usually explain the rest. */
const problemsMax = 50;

/** The name of a form without one. */
export const unnamed = "unnamed";

/** The largest budget of a command within one saga; for more, write "unbounded". */
const budgetMax = 255;

/** Reads one whole choreography and judges it: with an error of well-formedness it is none. */
export function parseChoreography(value: unknown): ParsedChoreography {
  const problems: JsonProblem[] = [];
  return judged(readForm({ value, path: "", problems }), problems);
}

/** Judges a form that was read whole by the rules for values, unless it has problems of shape. */
export function judged(choreography: ChoreographyJson, shape: readonly JsonProblem[]): ParsedChoreography {
  const problems = shape.length > 0 ? shape : brokenRules(choreography);
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, problemsMax) };
  return { ok: true, choreography };
}

function brokenRules(choreography: ChoreographyJson): readonly JsonProblem[] {
  return wellFormed(fromJson(choreography))
    .filter(({ severity }) => severity === "error")
    .map(({ code, message, at }) => ({ path: at, message, code }));
}

const formKeys = [
  "$schema",
  "name",
  "description",
  "participants",
  "commands",
  "publicEvents",
  "takes",
  "ends",
  "forbidden",
  "tallies",
];

/** Reads the shape of one form, whole or one of several; missing parts are empty. */
export function readForm(reading: PayloadReading): ChoreographyJson {
  refuseOldKeys(reading);
  const fields = readFields(withoutOldKeys(reading), "a choreography", formKeys);
  const of = (key: string): PayloadReading => below(reading, fields[key], key);
  const name = readText(below(reading, fields["name"] ?? unnamed, "name"), "the name");
  const description =
    fields["description"] === undefined
      ? {}
      : { description: readText(of("description"), "the description") };
  if (isRecord(reading.value) && !Object.hasOwn(fields, "participants"))
    complain(reading, "a choreography needs participants");
  return {
    name,
    ...description,
    participants: readRecord(of("participants"), "participants", readParticipant),
    commands: readRecord(of("commands"), "commands", readBudget),
    publicEvents: readList(of("publicEvents"), "publicEvents", (entry) => readText(entry, "a public event")),
    ...(fields["takes"] === undefined ? {} : { takes: readRecord(of("takes"), "takes", readTaken) }),
    ends: readNamed(of("ends"), "ends", readEnd),
    forbidden: readNamed(of("forbidden"), "forbidden combinations", readForbidden),
    ...(fields["tallies"] === undefined
      ? {}
      : { tallies: readRecord(of("tallies"), "tallies", readTallyKind) }),
  };
}

function readBudget(reading: PayloadReading, command: string): CommandBudget {
  const { value } = reading;
  if (value === "unbounded") return value;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= budgetMax) return value;
  complain(
    reading,
    `the budget of ${command} must be a whole number from 0 to ${budgetMax} or "unbounded", not ${kindOf(value)}`,
  );
  return 0;
}

function readTaken(reading: PayloadReading, event: string): TakenJson {
  const fields = readFields(reading, `what is taken as ${event}`, ["from", "joins", "budget"]);
  const from = readText(
    below(reading, fields["from"], "from"),
    `the choreography that ${event} is taken from`,
  );
  const { joins, budget } = fields;
  if (joins !== undefined && typeof joins !== "boolean") {
    const message = `joins of ${event} must be true or false, not ${kindOf(joins)}`;
    complain(below(reading, joins, "joins"), message);
  }
  return {
    from,
    ...(joins === true ? { joins } : {}),
    ...(budget === undefined ? {} : { budget: readBudget(below(reading, budget, "budget"), event) }),
  };
}

function readParticipant(reading: PayloadReading, participant: string): ParticipantJson {
  const fields = readFields(reading, `participant ${participant}`, [
    "initial",
    "keyed",
    "keys",
    "fromBeginning",
    "policies",
    "otherwise",
    "states",
    "description",
  ]);
  const states = readRecord(
    below(reading, fields["states"], "states"),
    `the states of ${participant}`,
    (entry, state) => readState(entry, `${participant}.${state}`),
  );
  const none = { initial: "", states };
  if (!isRecord(reading.value)) return none;
  if (Object.keys(states).length === 0) {
    complain(below(reading, states, "states"), `${participant} has no states`);
    return none;
  }
  const initial = fields["initial"];
  if (typeof initial !== "string") {
    complain(below(reading, initial, "initial"), `${participant} says no initial state`);
    return none;
  }
  const keys = readKeys(reading, participant, states);
  const calls = readPolicies(reading, { participant, states });
  const past = readFromBeginning(reading, { participant, states });
  return fillNevers({ initial, ...keys, ...past, ...calls, ...readOtherwise(reading, participant), states });
}

/** Whether a participant is keyed by something other than the saga, and what brings the key. */
function readKeys(
  reading: PayloadReading,
  participant: string,
  states: ParticipantJson["states"],
): Pick<ParticipantJson, "keyed" | "keys"> {
  const { keyed, keys } = isRecord(reading.value) ? reading.value : {};
  if (keyed !== undefined && typeof keyed !== "boolean") {
    const message = `keyed of ${participant} must be true or false, not ${kindOf(keyed)}`;
    complain(below(reading, keyed, "keyed"), message);
  }
  if (keys !== undefined && keyed !== true) {
    const message = `${participant} names keys and is not keyed: write "keyed": true beside them`;
    complain(below(reading, keys, "keys"), message);
  }
  const taken = new Set(
    Object.values(states).flatMap((one) => [
      ...Object.keys({ ...one.on, ...one.commands }),
      ...(one.join?.facts ?? []),
    ]),
  );
  const names = readList(below(reading, keys, "keys"), `keys of ${participant}`, (entry) => {
    const name = readText(entry, "what brings a key");
    if (name !== "" && !taken.has(name)) {
      complain(entry, `${name} brings no key: ${participant} takes no event and no command of that name`);
    }
    return name;
  });
  if (keyed === true && Array.isArray(keys) && keys.length === 0) {
    complain(below(reading, keys, "keys"), `${participant} is keyed, and nothing brings the key`);
  }
  return keyed === true ? { keyed, ...(keys === undefined ? {} : { keys: names }) } : {};
}

function readState(reading: PayloadReading, where: string): StateJson {
  const fields = readFields(withoutOldKeys(reading), `state ${where}`, [
    "lock",
    ...stateKeys,
    "fromData",
    "join",
    "description",
  ]);
  const dispositions = (key: StateKey): readonly (readonly [StateKey, Record<string, DispositionJson>])[] => {
    if (fields[key] === undefined) return [];
    const read = (entry: PayloadReading, name: string): DispositionJson =>
      readDisposition(entry, { where: `${where} on ${name}`, key });
    return [[key, readRecord(below(reading, fields[key], key), `${key} of ${where}`, read)]];
  };
  if (fields["lock"] !== undefined && typeof fields["lock"] !== "boolean") {
    complain(
      below(reading, fields["lock"], "lock"),
      `lock of ${where} must be true or false, not ${kindOf(fields["lock"])}`,
    );
  }
  return {
    ...(typeof fields["lock"] === "boolean" ? { lock: fields["lock"] } : {}),
    ...Object.fromEntries(stateKeys.flatMap(dispositions)),
    ...readFromData(reading, fields, where),
    ...(fields["join"] === undefined
      ? {}
      : { join: readJoin(below(reading, fields["join"], "join"), where) }),
  };
}

function readCombination(reading: PayloadReading): Record<string, string | readonly string[]> {
  return readRecord(reading, "a combination of states", (entry, participant) => {
    if (typeof entry.value === "string") return entry.value;
    const states = readList(entry, `the states of ${participant}`, (state) => readText(state, "a state"));
    if (states.length === 0)
      complain(entry, `${participant} needs a state or a list of states here, not ${kindOf(entry.value)}`);
    return states;
  });
}

/** A list of things by name: two of one name are one key of a value, so that no rule could see them. */
function readNamed<T extends { readonly name: string }>(
  reading: PayloadReading,
  what: string,
  read: (entry: PayloadReading) => T,
): T[] {
  const list = readList(reading, what, read);
  const names = list.map(({ name }) => name).filter((name) => name !== "");
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) complain(reading, `two ${what} are called ${twice}`);
  return list;
}

function readEnd(reading: PayloadReading): EndJson {
  const fields = readFields(reading, "an end", ["name", "states", "tally", "description"]);
  const name = readText(below(reading, fields["name"], "name"), "the name of an end");
  if (fields["states"] === undefined) complain(reading, `end ${name} names no states`);
  const tally =
    fields["tally"] === undefined ? {} : { tally: readTally(below(reading, fields["tally"], "tally")) };
  return { name, states: readCombination(below(reading, fields["states"], "states")), ...tally };
}

function readForbidden(reading: PayloadReading): ForbiddenJson {
  const fields = readFields(reading, "a forbidden combination", ["name", "states", "description"]);
  const name = readText(below(reading, fields["name"], "name"), "the name of a forbidden combination");
  return { name, states: readCombination(below(reading, fields["states"], "states")) };
}
