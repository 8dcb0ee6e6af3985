// Whether a choreography as a value has the shape that its constructors make. TypeScript sees that, but Node
// runs a module without looking at its types, and JavaScript has none.
import { QuadrilleError } from "../errors.ts";
import { below, complain, isRecord, type JsonProblem, kindOf, type PayloadReading } from "./reading.ts";

/** The first thing in a choreography, or in one participant, that does not have the shape. */
export function shapeProblem(value: unknown): JsonProblem | undefined {
  const problems: JsonProblem[] = [];
  const reading = { value, path: "", problems };
  if (isRecord(value) && value["kind"] === "participant") readParticipant(reading);
  else readChoreography(reading);
  return problems[0];
}

/** Throws `Q_CONTRACT_MALFORMED` where what an author writes for a choreography does not have the shape. */
export function assertDefinition(name: string, definition: unknown): void {
  const problems: JsonProblem[] = [];
  const reading = { value: definition, path: "", problems };
  const fields = fieldsOf(reading, "the definition of a choreography");
  listOf(below(reading, fields["participants"], "participants"), "participants", readParticipant);
  eachOf(below(reading, fields["ends"], "ends"), "ends", (end) => fieldsOf(end, "an end"));
  listOf(below(reading, fields["publicEvents"] ?? [], "publicEvents"), "publicEvents", readEvent);
  const [first] = problems;
  if (first === undefined) return;
  throw new QuadrilleError("Q_CONTRACT_MALFORMED", `${name} at ${first.path}: ${first.message}.`);
}

function readChoreography(reading: PayloadReading): void {
  const fields = fieldsOf(reading, "a choreography");
  textOf(below(reading, fields["name"], "name"), "the name");
  listOf(below(reading, fields["participants"], "participants"), "participants", readParticipant);
  eachOf(below(reading, fields["ends"], "ends"), "ends", (end) => {
    const { tally, states } = fieldsOf(end, "an end");
    readStateSets(below(end, states, "states"));
    readNumbers(below(end, tally, "tally"), "the tally of an end");
  });
  eachOf(below(reading, fields["forbidden"], "forbidden"), "forbidden combinations", readStateSets);
  listOf(below(reading, fields["publicEvents"], "publicEvents"), "publicEvents", (entry) =>
    textOf(entry, "a public event"),
  );
  listOf(below(reading, fields["takes"], "takes"), "takes", readTaken);
  eachOf(below(reading, fields["commands"], "commands"), "commands", (budget) => {
    if (typeof budget.value !== "number" && budget.value !== "unbounded")
      complain(budget, `the budget of a command is a number or "unbounded", not ${kindOf(budget.value)}`);
  });
  eachOf(below(reading, fields["tallies"], "tallies"), "tallies", (tally) => fieldsOf(tally, "a tally"));
}

function readTaken(reading: PayloadReading): void {
  const { value } = reading;
  if (isRecord(value) && value["kind"] === "from elsewhere")
    readEvent(below(reading, value["event"], "event"));
  else complain(reading, `an event from elsewhere is what from(…) returns, not ${kindOf(value)}`);
}

function readStateSets(reading: PayloadReading): void {
  eachOf(reading, "a combination of states", (set) => {
    const names = Array.isArray(set.value) ? set.value : [set.value];
    if (names.some((name) => typeof name !== "string"))
      complain(set, `the states of a participant are a text or a list of texts, not ${kindOf(set.value)}`);
  });
}

function readParticipant(reading: PayloadReading): void {
  const { value: fields } = reading;
  if (!isRecord(fields) || fields["kind"] !== "participant") {
    complain(reading, `a participant is what participant("…", {…}) returns, not ${kindOf(fields)}`);
    return;
  }
  for (const key of ["name", "entity", "initial"])
    textOf(below(reading, fields[key], key), `the ${key} of a participant`);
  eachOf(below(reading, fields["states"], "states"), "states", readState);
}

function readState(reading: PayloadReading): void {
  const { value } = reading;
  const sentences = isRecord(value) && value["kind"] === "lock" ? value["sentences"] : value;
  if (!Array.isArray(sentences)) {
    complain(
      reading,
      `a state is a list of sentences, [on(…), …] or lock([on(…), …]), not ${kindOf(sentences)}`,
    );
    return;
  }
  listOf(below(reading, sentences), "sentences", readSentence);
}

function readSentence(reading: PayloadReading): void {
  const { value } = reading;
  if (!isRecord(value) || !sentenceKinds.includes(value["kind"])) {
    complain(
      reading,
      `a sentence is what on(…), after(…), timeout(…), gaveUp(…), ignore(…), defer(…) or never(…) returns, not ${kindOf(value)}`,
    );
    return;
  }
  readTrigger(below(reading, value["trigger"], "trigger"));
  if (value["kind"] !== "reaction") listOf(below(reading, value["once"], "once"), "once", readEvent);
  else readOutcomes(below(reading, value["outcomes"], "outcomes"));
}

const sentenceKinds: readonly unknown[] = ["reaction", "ignore", "defer", "never"];

function readTrigger(reading: PayloadReading): void {
  const { value } = reading;
  if (!isRecord(value) || !triggerKinds.includes(value["kind"])) {
    complain(
      reading,
      `a trigger is what event(…), command(…), activity(…), all(…) or atLeast(…) returns, not ${kindOf(value)}`,
    );
    return;
  }
  textOf(below(reading, value["name"], "name"), "the name of a trigger");
  if (value["kind"] === "activity")
    fieldsOf(below(reading, value["policy"], "policy"), "the policy of a call");
  if (value["kind"] === "gave-up")
    textOf(below(reading, value["activity"], "activity"), "the activity given up");
  if (value["kind"] === "deadline") readTime(below(reading, value["time"], "time"));
  if (value["kind"] === "join") listOf(below(reading, value["facts"], "facts"), "facts", readEvent);
}

function readTime(reading: PayloadReading): void {
  const { kind, ms, when } = fieldsOf(reading, "the time of a deadline");
  const isTime =
    kind === "delay" ? typeof ms === "number" : kind === "from data" && typeof when === "function";
  if (!isTime) complain(reading, "the time of a deadline is a delay, or a function of the entity's data");
}

const triggerKinds: readonly unknown[] = ["event", "command", "activity", "gave-up", "deadline", "join"];

function readOutcomes(reading: PayloadReading): void {
  const { value } = reading;
  if (!isRecord(value) || typeof value["emits"] === "function") readOutcome(reading);
  else eachOf(reading, "outcomes", readOutcome);
}

function readOutcome(reading: PayloadReading): void {
  const { value } = reading;
  if (!isRecord(value) || typeof value["emits"] !== "function") {
    complain(reading, `an outcome is what to("STATE") returns, not ${kindOf(value)}`);
    return;
  }
  textOf(below(reading, value["to"], "to"), "the state of an outcome");
  listOf(below(reading, value["emit"], "emit"), "events", readEvent);
  readNumbers(below(reading, value["tally"], "tally"), "the tally of an outcome");
}

function readEvent(reading: PayloadReading): void {
  const { value } = reading;
  if (isRecord(value) && value["kind"] === "event")
    textOf(below(reading, value["name"], "name"), "the name of an event");
  else complain(reading, `an event is what event("…") returns, not ${kindOf(value)}`);
}

function readNumbers(reading: PayloadReading, what: string): void {
  eachOf(reading, what, (entry) => {
    if (typeof entry.value !== "number") complain(entry, `${what} has numbers, not ${kindOf(entry.value)}`);
  });
}

function fieldsOf(reading: PayloadReading, what: string): Readonly<Record<string, unknown>> {
  if (isRecord(reading.value)) return reading.value;
  complain(reading, `${what}: an object is expected, not ${kindOf(reading.value)}`);
  return {};
}

function eachOf(reading: PayloadReading, what: string, read: (entry: PayloadReading) => void): void {
  for (const [key, value] of Object.entries(fieldsOf(reading, what))) read(below(reading, value, key));
}

function listOf(reading: PayloadReading, what: string, read: (entry: PayloadReading) => void): void {
  const { value } = reading;
  if (!Array.isArray(value)) complain(reading, `${what} are a list, not ${kindOf(value)}`);
  else for (const [index, entry] of value.entries()) read(below(reading, entry, index));
}

/** A text, also an empty one: names are judged by the rules. */
function textOf(reading: PayloadReading, what: string): void {
  if (typeof reading.value !== "string") complain(reading, `${what} is a text, not ${kindOf(reading.value)}`);
}
