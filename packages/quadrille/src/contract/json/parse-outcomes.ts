// Reads what stands under a trigger of the JSON form: a word, or a list of outcomes.
import { type DispositionJson, gaveUpChoice, type OutcomeJson } from "../json-form.ts";
import {
  below,
  complain,
  isRecord,
  kindOf,
  type PayloadReading,
  readFields,
  readList,
  readText,
} from "../reading.ts";
import type { StateKey } from "../trigger-kind.ts";
import { choicesOf } from "./from-json.ts";
import { readRearm } from "./parse-deadlines.ts";
import { readTally } from "./parse-tallies.ts";

/** The words that may stand instead of outcomes. To its own deadlines and calls an entity reacts. */
const words = {
  on: ["ignore", "defer", "never"],
  commands: ["ignore"],
  deadlines: [],
  timeouts: [],
  activities: [],
} as const;

/** Whose outcomes are read: the key under which they stand, and for messages `Payment.CHARGING on charge`. */
export interface Reacting {
  readonly key: StateKey | "join";
  readonly where: string;
}

/** A word that the key allows, or outcomes. */
export function readDisposition(
  reading: PayloadReading,
  of: Reacting & { readonly key: StateKey },
): DispositionJson {
  const allowed = words[of.key];
  const word = allowed.find((one) => one === reading.value);
  if (word !== undefined) return word;
  if (Array.isArray(reading.value) || allowed.length === 0) return readOutcomes(reading, of);
  const quoted = allowed.map((one) => `"${one}"`).join(", ");
  complain(reading, `${of.where} must be ${quoted} or a list of outcomes, not ${kindOf(reading.value)}`);
  return [];
}

/**
 * A list of outcomes. Two of one name are one key of a value, so that no rule could see them; and by its name
 * code chooses one, so that where there are several each needs one.
 */
export function readOutcomes(reading: PayloadReading, of: Reacting): readonly OutcomeJson[] {
  if (!Array.isArray(reading.value)) {
    complain(reading, `${of.where} must be a list of outcomes, not ${kindOf(reading.value)}`);
    return [];
  }
  const outcomes = reading.value.map((entry: unknown, index) =>
    readOutcome(below(reading, entry, index), of),
  );
  const answers = outcomes.filter(({ gaveUp }) => gaveUp !== true);
  const nameless = answers.length > 1 ? answers.find(({ choice }) => choice === undefined) : undefined;
  if (nameless !== undefined) {
    const message = `${of.where} has several outcomes, and this one has no name: it needs a "choice"`;
    complain(below(reading, nameless, outcomes.indexOf(nameless)), message);
    return outcomes;
  }
  const named = choicesOf(outcomes);
  const twice = named.find(({ choice, isGivenUp }, index) =>
    named.slice(0, index).some((one) => one.choice === choice && one.isGivenUp === isGivenUp),
  );
  if (twice !== undefined) complain(reading, `${of.where} has two outcomes called ${twice.choice}`);
  return outcomes;
}

function readOutcome(reading: PayloadReading, of: Reacting): OutcomeJson {
  const { where } = of;
  const fields = readFields(reading, `an outcome of ${where}`, [
    "to",
    "emit",
    "choice",
    "gaveUp",
    "tally",
    "rearm",
    "saga",
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
  const gaveUp = readGaveUp(below(reading, fields["gaveUp"], "gaveUp"), of);
  const name = fields["choice"] ?? (gaveUp.gaveUp === true ? gaveUpChoice : undefined);
  const choice = name === undefined ? {} : { choice: readText(below(reading, name, "choice"), "a choice") };
  const tally =
    fields["tally"] === undefined ? {} : { tally: readTally(below(reading, fields["tally"], "tally")) };
  const rearm = readRearm(below(reading, fields["rearm"], "rearm"), where);
  const saga = readSaga(below(reading, fields["saga"], "saga"), where);
  return {
    to,
    ...(fields["emit"] === undefined ? {} : { emit }),
    ...choice,
    ...gaveUp,
    ...tally,
    ...rearm,
    ...saga,
  };
}

function readSaga(reading: PayloadReading, where: string): Pick<OutcomeJson, "saga"> {
  const { value } = reading;
  if (value === undefined) return {};
  if (value === "own" || value === "other") return { saga: value };
  complain(reading, `"saga" of ${where} must be "own", "other" or absent, not ${kindOf(value)}`);
  return {};
}

function readGaveUp(reading: PayloadReading, { key, where }: Reacting): Pick<OutcomeJson, "gaveUp"> {
  if (reading.value === undefined) return {};
  if (reading.value !== true)
    complain(reading, `"gaveUp" of ${where} must be true or absent, not ${kindOf(reading.value)}`);
  else if (key !== "activities")
    complain(reading, `an outcome of ${where} says "gaveUp"; only a call of an activity can be given up`);
  else return { gaveUp: true };
  return {};
}
