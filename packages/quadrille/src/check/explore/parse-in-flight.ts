// Reads states in flight as contracts are read: what is not known is refused, and so is a count that is none.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { withElsewhere } from "../../contract/json/elsewhere.ts";
import { listSentences, listTallies } from "../../contract/json/sentences.ts";
import {
  below,
  complain,
  type JsonProblem,
  kindOf,
  type PayloadReading,
  readFields,
  readList,
  readRecord,
  readText,
} from "../../contract/reading.ts";
import type { InFlight } from "./in-flight.ts";

/** States in flight, or why the value is no list of them. */
export type ParsedInFlight =
  | { readonly ok: true; readonly states: readonly InFlight[] }
  | { readonly ok: false; readonly problems: readonly JsonProblem[] };

/**
 * Reads a list of states in flight. Tallies and commands are those of the running choreography: one that it
 * does not have is misspelt.
 */
export function parseInFlight(value: unknown, running: ChoreographyJson): ParsedInFlight {
  const problems: JsonProblem[] = [];
  const reading: PayloadReading = { value, path: "", problems };
  const known: KnownNames = {
    tallies: listTallies({ sentences: listSentences(running) }),
    commands: Object.keys(withElsewhere(running).commands),
  };
  if (value === undefined) complain(reading, `states in flight must be a list, not ${kindOf(value)}`);
  const states = readList(reading, "states in flight", (entry) => readOne(entry, known));
  return problems.length === 0 ? { ok: true, states } : { ok: false, problems };
}

interface KnownNames {
  readonly tallies: readonly string[];
  readonly commands: readonly string[];
}

function readOne(reading: PayloadReading, known: KnownNames): InFlight {
  const fields = readFields(reading, "a state in flight", ["states", "messages", "tally", "commands"]);
  const { states, messages, tally, commands } = fields;
  if (states === undefined) complain(reading, 'a state in flight needs "states", a participant to its state');
  return {
    states: readRecord(below(reading, states, "states"), "states", (entry, participant) =>
      readText(entry, `the state of ${participant}`),
    ),
    ...(messages === undefined
      ? {}
      : { messages: readList(below(reading, messages, "messages"), "messages", readMessage) }),
    ...(tally === undefined
      ? {}
      : { tally: readCounts(below(reading, tally, "tally"), "tally", known.tallies) }),
    ...(commands === undefined
      ? {}
      : { commands: readCounts(below(reading, commands, "commands"), "command", known.commands) }),
  };
}

function readMessage(reading: PayloadReading): NonNullable<InFlight["messages"]>[number] {
  const { event, to, count } = readFields(reading, "a message", ["event", "to", "count"]);
  return {
    event: readText(below(reading, event, "event"), "the event of a message"),
    to: readText(below(reading, to, "to"), "the participant that a message goes to"),
    ...(count === undefined
      ? {}
      : { count: readCount(below(reading, count, "count"), "the count of a message", 1) }),
  };
}

function readCounts(
  reading: PayloadReading,
  what: string,
  known: readonly string[],
): Readonly<Record<string, number>> {
  return readRecord(reading, what, (entry, name) => {
    if (!known.includes(name)) complain(entry, `the running choreography has no ${what} ${name}`);
    return readCount(entry, `the count of ${name}`, 0);
  });
}

/** The largest count: the checker keeps one in a word. */
const countMax = 1_000_000_000;

function readCount(reading: PayloadReading, what: string, least: number): number {
  const { value } = reading;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= countMax)
    return value;
  const range = `from ${least} to ${countMax.toLocaleString("en-US")}`;
  complain(reading, `${what} must be a whole number ${range}, not ${kindOf(value)}`);
  return least;
}
