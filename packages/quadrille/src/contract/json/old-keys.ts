// Former keys of the JSON form: each is refused with a sentence that names its replacement.
import { own } from "../own.ts";
import { below, complain, isRecord, type PayloadReading } from "../reading.ts";

/** Former keys of a choreography and of a state, and what to write now. */
const oldKeys: Readonly<Record<string, string>> = {
  invariants: '"forbidden", with "states" in each entry instead of "never"',
  timers: '"deadlines" for times of the business, "timeouts" for partners that do not answer',
  effects: '"activities"',
};

/** The value without its former keys; each one is refused with the name of its replacement. */
export function withoutOldKeys(reading: PayloadReading, what: string): PayloadReading {
  if (!isRecord(reading.value)) return reading;
  const entries = Object.entries(reading.value).filter(([key]) => {
    const now = own(oldKeys, key);
    if (now === undefined) return true;
    complain(below(reading, undefined, key), `${what} has the old key "${key}"; write ${now}`);
    return false;
  });
  return { ...reading, value: Object.fromEntries(entries) };
}
