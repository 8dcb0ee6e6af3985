// Reads the JSON form's deadlines from data, and those that are set again.
import type { OutcomeJson, StateJson } from "../json-form.ts";
import { below, complain, isRecord, kindOf, type PayloadReading, readList, readText } from "../reading.ts";

/** The deadlines and timeouts of a state that are computed from the entity's data. */
export function readFromData(
  reading: PayloadReading,
  fields: Readonly<Record<string, unknown>>,
  where: string,
): Pick<StateJson, "fromData"> {
  if (fields["fromData"] === undefined) return {};
  const timed = ["deadlines", "timeouts"].flatMap((key) => {
    const byName = fields[key];
    return isRecord(byName) ? Object.keys(byName) : [];
  });
  const fromData = readList(
    below(reading, fields["fromData"], "fromData"),
    `fromData of ${where}`,
    (entry) => {
      const name = readText(entry, "a deadline from data");
      if (name !== "" && !timed.includes(name))
        complain(entry, `${where} has no deadline and no timeout called ${name}`);
      return name;
    },
  );
  return { fromData };
}

/** Whether an outcome sets the deadline again. */
export function readRearm(reading: PayloadReading, where: string): Pick<OutcomeJson, "rearm"> {
  if (reading.value === undefined) return {};
  if (reading.value === true) return { rearm: true };
  complain(reading, `"rearm" of ${where} must be true or absent, not ${kindOf(reading.value)}`);
  return {};
}
