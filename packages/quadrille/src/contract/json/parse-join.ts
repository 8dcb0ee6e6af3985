// Reads a join of the JSON form.
import type { JoinJson } from "../json-form.ts";
import {
  below,
  complain,
  kindOf,
  type PayloadReading,
  readFields,
  readList,
  readRecord,
  readText,
} from "../reading.ts";
import { readOutcomes } from "./parse-outcomes.ts";

/** The join of a state; `where` is the state, for messages: `Payment.CHARGING`. */
export function readJoin(reading: PayloadReading, where: string): JoinJson {
  const what = `the join of ${where}`;
  const fields = readFields(reading, what, ["facts", "atLeast", "rests", "outcomes", "never", "description"]);
  const readFacts = (entry: PayloadReading): string[] =>
    readList(entry, `the facts of ${what}`, (fact) => readText(fact, "a fact"));
  const facts = readFacts(below(reading, fields["facts"], "facts"));
  const outcomes = readOutcomes(below(reading, fields["outcomes"], "outcomes"), { where: what, key: "join" });
  const never = readRecord(below(reading, fields["never"], "never"), `never of ${what}`, (entry) =>
    readList(entry, `the sets of facts of ${what}`, readFacts),
  );
  const { atLeast, rests } = fields;
  if (atLeast !== undefined && !Number.isInteger(atLeast))
    complain(
      below(reading, atLeast, "atLeast"),
      `"atLeast" of ${what} must be a whole number, not ${kindOf(atLeast)}`,
    );
  if (rests !== undefined && rests !== true)
    complain(
      below(reading, rests, "rests"),
      `"rests" of ${what} must be true or absent, not ${kindOf(rests)}`,
    );
  // A value has no such sentence: `never` without facts holds from the beginning.
  if (
    Object.values(never)
      .flat()
      .some((set) => set.length === 0)
  )
    complain(reading, `${what} has an empty set of facts under "never"`);
  return {
    facts,
    ...(atLeast === undefined ? {} : { atLeast: Number(atLeast) }),
    ...(rests === true ? { rests: true } : {}),
    outcomes,
    ...(fields["never"] === undefined ? {} : { never }),
  };
}
