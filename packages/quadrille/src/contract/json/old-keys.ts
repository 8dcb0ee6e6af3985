// Keys that the JSON form had once: each is refused in a sentence that names what took its place.
import { own } from "../json-references.ts";
import { below, complain, isRecord, type Reading } from "../reading.ts";

/** Keys of the form before it had one word for each kind of trigger, and what to write now. */
const OLD_KEYS: Readonly<Record<string, string>> = {
  timers: '"deadlines" for times of the business, "timeouts" for partners that do not answer',
  effects: '"activities"',
};

/** The reading without its old keys: each is refused with the words that took its place. */
export function withoutOldKeys(reading: Reading, where: string): Reading {
  if (!isRecord(reading.value)) return reading;
  const entries = Object.entries(reading.value).filter(([key]) => {
    const now = own(OLD_KEYS, key);
    if (now === undefined) return true;
    complain(below(reading, undefined, key), `state ${where} has the old key "${key}"; write ${now}`);
    return false;
  });
  return { ...reading, value: Object.fromEntries(entries) };
}
