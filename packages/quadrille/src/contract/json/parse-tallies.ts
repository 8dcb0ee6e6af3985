// Reads tallies of the JSON form: what changes them, and what is known of them.
import type { TallyJson } from "../json-form.ts";
import { below, complain, kindOf, readFields, readRecord, type PayloadReading } from "../reading.ts";

/**
 * The largest change of a tally at once: the checker counts it in one word. Money is counted in its smallest
 * unit.
 */
const tallyMax = 1_000_000_000;

/** Reads the tallies of an outcome (changes) or an end (values). */
export function readTally(reading: PayloadReading): Record<string, number> {
  return readRecord(reading, "a tally", (entry, name) => {
    if (typeof entry.value === "number" && Number.isInteger(entry.value) && Math.abs(entry.value) <= tallyMax)
      return entry.value;
    complain(
      entry,
      `tally ${name} must be a whole number of at most ${tallyMax.toLocaleString("en-US")}, not ${kindOf(entry.value)}`,
    );
    return 0;
  });
}

/** Reads what is known of one tally. */
export function readTallyKind(reading: PayloadReading, name: string): TallyJson {
  const { inside } = readFields(reading, `what is known of the tally ${name}`, ["inside", "description"]);
  if (inside === undefined) return {};
  if (inside !== true)
    complain(
      below(reading, inside, "inside"),
      `"inside" of ${name} must be true or absent, not ${kindOf(inside)}`,
    );
  return { inside: true };
}
