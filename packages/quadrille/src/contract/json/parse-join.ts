// Reads a join of the JSON form.
import type { JoinJson } from "../json-form.ts";
import {
  below,
  complain,
  type PayloadReading,
  readFields,
  readList,
  readRecord,
  readText,
} from "../reading.ts";
import { readOutcomes } from "./parse-outcomes.ts";

/** The largest number of facts of a join: with their count they fit into one word of the checker. */
const FACTS_MAX = 24;

/** The join of a state; `where` is the state, for messages: `Payment.CHARGING`. */
export function readJoin(reading: PayloadReading, where: string): JoinJson {
  const what = `the join of ${where}`;
  const fields = readFields(reading, what, ["facts", "atLeast", "rests", "outcomes", "never", "description"]);
  const readFacts = (entry: PayloadReading): string[] =>
    readList(entry, `the facts of ${what}`, (fact) => readText(fact, "a fact"));
  const facts = readFacts(below(reading, fields["facts"], "facts"));
  const atLeast = fields["atLeast"] ?? facts.length;
  const outcomes = readOutcomes(below(reading, fields["outcomes"], "outcomes"), { where: what, key: "join" });
  const never = readRecord(below(reading, fields["never"], "never"), `never of ${what}`, (entry) =>
    readList(entry, `the sets of facts of ${what}`, readFacts),
  );
  for (const problem of factProblems({ ...fields, facts, atLeast, never }))
    complain(reading, `${what} ${problem}`);
  return {
    facts,
    ...(fields["atLeast"] === undefined ? {} : { atLeast: Number(atLeast) }),
    ...(fields["rests"] === true ? { rests: true } : {}),
    outcomes,
    ...(fields["never"] === undefined ? {} : { never }),
  };
}

interface Facts {
  readonly facts: readonly string[];
  readonly atLeast: unknown;
  readonly rests?: unknown;
  readonly never: Readonly<Record<string, readonly (readonly string[])[]>>;
}

function factProblems({ facts, atLeast, rests, never }: Facts): readonly string[] {
  const isCount =
    typeof atLeast === "number" && Number.isInteger(atLeast) && atLeast > 0 && atLeast <= facts.length;
  const found: readonly (readonly [boolean, string])[] = [
    [new Set(facts).size < facts.length, "names an event twice"],
    [facts.length < 2 || facts.length > FACTS_MAX, `needs 2 to ${FACTS_MAX} facts, not ${facts.length}`],
    [!isCount, `needs a whole number from 1 to ${facts.length} for "atLeast"`],
    [rests !== undefined && rests !== true, 'needs "rests" to be true or absent'],
    [
      Object.values(never)
        .flat()
        .some((set) => set.length === 0),
      'has an empty set of facts under "never"',
    ],
  ];
  return found.flatMap(([isWrong, message]) => (isWrong ? [message] : []));
}
