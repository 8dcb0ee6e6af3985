// Reads a choreography's JSON form from an unknown value: one clear sentence for each thing that is wrong,
// never a throw. The forms of several repositories are composed by contract/json/compose-json.ts; references
// are checked after that.

import { pointerKeys } from "../pointer.ts";
import { fillNevers, readOtherwise } from "./fill-nevers.ts";
import { withoutOldKeys } from "./old-keys.ts";
import {
  type ChoreographyJson,
  type CommandBudget,
  type DispositionJson,
  type EndJson,
  type InvariantJson,
  type JoinJson,
  type OutcomeJson,
  type ParticipantJson,
  type StateJson,
  type TakenJson,
  GAVE_UP,
} from "../json-form.ts";
import { checkNames, checkReferences, joinProblems, type JsonProblem } from "../json-references.ts";
import {
  below,
  complain,
  isRecord,
  kindOf,
  readFields,
  type PayloadReading,
  readList,
  readRecord,
  readText,
} from "../reading.ts";
import { sentencesIn, STATE_KEYS, type StateKey } from "../trigger-kind.ts";
import { readFromBeginning, readPolicies } from "./parse-calls.ts";
import { readFromData, readRearm } from "./parse-deadlines.ts";
import { readTally, readTallyKind } from "./parse-tallies.ts";

/** A choreography, or why the value is not one. */
export type ParsedChoreography =
  | { readonly ok: true; readonly choreography: ChoreographyJson }
  | { readonly ok: false; readonly problems: readonly JsonProblem[] };

/** At most this many problems are listed: the first ones usually explain the rest. */
const PROBLEMS_MAX = 50;

/** The name of a form without one. */
export const UNNAMED = "unnamed";

/** The largest budget of a command within one saga; for more, write "unbounded". */
const BUDGET_MAX = 255;

/** Reads one whole choreography; everything that it names must exist in it. */
export function parseChoreography(value: unknown): ParsedChoreography {
  const problems: JsonProblem[] = [];
  const choreography = readForm({ value, path: "", problems });
  checkNames(choreography, problems);
  return parsed(choreography, problems);
}

/**
 * Finishes reading a form: what it refers to must exist. Problems of shape are reported first, without these.
 */
export function parsed(choreography: ChoreographyJson, problems: JsonProblem[]): ParsedChoreography {
  if (problems.length === 0) checkReferences(choreography, problems);
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, PROBLEMS_MAX) };
  return { ok: true, choreography };
}

const FORM_KEYS = [
  "$schema",
  "name",
  "description",
  "participants",
  "commands",
  "publicEvents",
  "takes",
  "ends",
  "invariants",
  "tallies",
];

/** Reads the shape of one form, whole or one of several; missing parts are empty. */
export function readForm(reading: PayloadReading): ChoreographyJson {
  const fields = readFields(reading, "a choreography", FORM_KEYS);
  const of = (key: string): PayloadReading => below(reading, fields[key], key);
  const name = readText(below(reading, fields["name"] ?? UNNAMED, "name"), "the name");
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
    ends: readList(of("ends"), "ends", readEnd),
    invariants: readList(of("invariants"), "invariants", readInvariant),
    ...(fields["tallies"] === undefined
      ? {}
      : { tallies: readRecord(of("tallies"), "tallies", readTallyKind) }),
  };
}

function readBudget(reading: PayloadReading, command: string): CommandBudget {
  const { value } = reading;
  if (value === "unbounded") return value;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= BUDGET_MAX) return value;
  complain(
    reading,
    `the budget of ${command} must be a whole number from 0 to ${BUDGET_MAX} or "unbounded", not ${kindOf(value)}`,
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
  if (!Object.hasOwn(states, initial)) {
    complain(
      below(reading, initial, "initial"),
      `${participant} begins in ${initial}, which is not one of its states`,
    );
  }
  for (const [state, value] of Object.entries(states)) {
    checkTargets({ participant, states, state, value }, below(reading, value, "states", state));
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
  const fields = readFields(withoutOldKeys(reading, where), `state ${where}`, [
    "lock",
    ...STATE_KEYS,
    "fromData",
    "join",
    "description",
  ]);
  const dispositions = (key: StateKey): readonly (readonly [StateKey, Record<string, DispositionJson>])[] => {
    if (fields[key] === undefined) return [];
    const read = (entry: PayloadReading, name: string): DispositionJson =>
      readDisposition(entry, { where: `${where} on ${name}`, isActivity: key === "activities" });
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
    ...Object.fromEntries(STATE_KEYS.flatMap(dispositions)),
    ...readFromData(reading, fields, where),
    ...(fields["join"] === undefined
      ? {}
      : { join: readJoin(below(reading, fields["join"], "join"), where) }),
  };
}

/** Whose disposition is read. */
interface Reacting {
  /** For messages: `Payment.CHARGING on charge`. */
  readonly where: string;
  readonly isActivity: boolean;
}

function readDisposition(reading: PayloadReading, of: Reacting): DispositionJson {
  const { where } = of;
  const { value } = reading;
  if (value === "ignore" || value === "defer" || value === "never") return value;
  if (!Array.isArray(value)) {
    complain(
      reading,
      `${where} must be "ignore", "defer", "never" or a list of outcomes, not ${kindOf(value)}`,
    );
    return "never";
  }
  if (value.length === 0)
    complain(reading, `${where} has an empty list of outcomes; say "ignore" or "never", or name an outcome`);
  const outcomes = value.map((entry: unknown, index) => readOutcome(below(reading, entry, index), of));
  const named = outcomes.map((outcome) => outcome.choice ?? "");
  const twice = named.find((choice, index) => choice !== "" && named.indexOf(choice) !== index);
  if (twice !== undefined) complain(reading, `${where} has two outcomes called ${twice}`);
  if (outcomes.length > 0 && outcomes.every(({ gaveUp }) => gaveUp === true))
    complain(reading, `${where} says only what happens when it is given up; it needs an answer too`);
  return outcomes;
}

function readJoin(reading: PayloadReading, where: string): JoinJson {
  const what = `the join of ${where}`;
  const fields = readFields(reading, what, ["facts", "atLeast", "outcomes", "never", "description"]);
  const readFacts = (entry: PayloadReading): string[] =>
    readList(entry, `the facts of ${what}`, (fact) => readText(fact, "a fact"));
  const facts = readFacts(below(reading, fields["facts"], "facts"));
  const atLeast = fields["atLeast"] ?? facts.length;
  const outcomes = readDisposition(below(reading, fields["outcomes"], "outcomes"), {
    where: what,
    isActivity: false,
  });
  const never = readRecord(below(reading, fields["never"], "never"), `never of ${what}`, (entry) =>
    readList(entry, `the sets of facts of ${what}`, readFacts),
  );
  for (const problem of joinProblems(what, { facts, atLeast, outcomes, never })) complain(reading, problem);
  return {
    facts,
    ...(fields["atLeast"] === undefined ? {} : { atLeast: Number(atLeast) }),
    outcomes: typeof outcomes === "string" ? [] : outcomes,
    ...(fields["never"] === undefined ? {} : { never }),
  };
}

function readOutcome(reading: PayloadReading, { where, isActivity }: Reacting): OutcomeJson {
  const fields = readFields(reading, `an outcome of ${where}`, [
    "to",
    "emit",
    "choice",
    "gaveUp",
    "tally",
    "rearm",
    "description",
  ]);
  const isNowhere = isRecord(reading.value) && fields["to"] === undefined;
  if (isNowhere) complain(reading, `an outcome of ${where} goes nowhere: it needs "to", the next state`);
  const to =
    isNowhere || !isRecord(reading.value)
      ? ""
      : readText(below(reading, fields["to"], "to"), `"to" of ${where}`);
  const emit = readList(below(reading, fields["emit"], "emit"), `emit of ${where}`, (entry) =>
    readText(entry, "an emitted event"),
  );
  const gaveUp = readGaveUp(below(reading, fields["gaveUp"], "gaveUp"), where, isActivity);
  const said = fields["choice"] ?? (gaveUp.gaveUp === true ? GAVE_UP : undefined);
  const choice = said === undefined ? {} : { choice: readText(below(reading, said, "choice"), "a choice") };
  const tally =
    fields["tally"] === undefined ? {} : { tally: readTally(below(reading, fields["tally"], "tally")) };
  const rearm = readRearm(below(reading, fields["rearm"], "rearm"), where);
  return { to, ...(fields["emit"] === undefined ? {} : { emit }), ...choice, ...gaveUp, ...tally, ...rearm };
}

function readGaveUp(
  reading: PayloadReading,
  where: string,
  isActivity: boolean,
): Pick<OutcomeJson, "gaveUp"> {
  if (reading.value === undefined) return {};
  if (reading.value !== true)
    complain(reading, `"gaveUp" of ${where} must be true or absent, not ${kindOf(reading.value)}`);
  else if (!isActivity)
    complain(reading, `an outcome of ${where} says "gaveUp"; only a call of an activity can be given up`);
  else return { gaveUp: true };
  return {};
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

function readEnd(reading: PayloadReading): EndJson {
  const fields = readFields(reading, "an end", ["name", "states", "tally", "description"]);
  const name = readText(below(reading, fields["name"], "name"), "the name of an end");
  if (fields["states"] === undefined) complain(reading, `end ${name} names no states`);
  const tally =
    fields["tally"] === undefined ? {} : { tally: readTally(below(reading, fields["tally"], "tally")) };
  return { name, states: readCombination(below(reading, fields["states"], "states")), ...tally };
}

function readInvariant(reading: PayloadReading): InvariantJson {
  const fields = readFields(reading, "an invariant", ["name", "never", "description"]);
  const name = readText(below(reading, fields["name"], "name"), "the name of an invariant");
  const never = readCombination(below(reading, fields["never"], "never"));
  // Without a participant it would match every state, and forbid everything.
  if (Object.keys(never).length === 0)
    complain(reading, `invariant ${name} names no combination of states under "never"`);
  return { name, never };
}

interface StateOf {
  readonly participant: string;
  readonly states: Readonly<Record<string, StateJson>>;
  readonly state: string;
  readonly value: StateJson;
}

function checkTargets(of: StateOf, reading: PayloadReading): void {
  for (const { key, trigger, disposition } of sentencesIn(of.value)) {
    if (typeof disposition === "string") continue;
    checkOutcomes(of, disposition, below(reading, undefined, key, trigger));
  }
  if (of.value.join !== undefined)
    checkOutcomes(of, of.value.join.outcomes, below(reading, undefined, "join", "outcomes"));
}

function checkOutcomes(of: StateOf, outcomes: readonly OutcomeJson[], reading: PayloadReading): void {
  const last = pointerKeys(reading.path).at(-1) ?? "";
  const trigger = last === "outcomes" ? "its join" : last;
  outcomes.forEach((outcome, index) => {
    if (outcome.to === "" || Object.hasOwn(of.states, outcome.to)) return;
    const message = `${of.participant}.${of.state} on ${trigger} goes to ${outcome.to}, which is not a state of ${of.participant}`;
    complain(below(reading, undefined, index, "to"), message);
  });
}
