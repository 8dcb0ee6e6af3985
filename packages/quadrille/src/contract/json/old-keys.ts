// Former keys of the JSON form: a form that has some is refused with one sentence that names what to write.
import { own } from "../own.ts";
import { below, complain, isRecord, type PayloadReading } from "../reading.ts";

/** Former keys of a choreography and of a state, and what to write now. */
const oldKeys: Readonly<Record<string, string>> = {
  invariants: '"forbidden", with "states" in each entry instead of "never"',
  timers: '"deadlines" for times of the business, "timeouts" for partners that do not answer',
  effects: '"activities"',
};

/** An object that has a former key, and what it is. */
interface Former {
  readonly place: PayloadReading;
  readonly what: string;
  readonly key: string;
}

/** Refuses the former keys of a form, all of them in one sentence. */
export function refuseOldKeys(reading: PayloadReading): void {
  const found = [...formerIn(reading, "a choreography"), ...statesOf(reading).flatMap(formerInState)];
  const [first] = found;
  if (first === undefined) return;
  const keys = [...new Set(found.map(({ key }) => key))];
  const instead = keys.map((key) => `for "${key}" write ${own(oldKeys, key)}`).join("; ");
  const message =
    keys.length === 1
      ? `${first.what} has the old key "${first.key}"; write ${own(oldKeys, first.key)}`
      : `the form has old keys: ${instead}`;
  complain(below(first.place, undefined, first.key), message);
}

/** The value without its former keys, which {@link refuseOldKeys} has refused. */
export function withoutOldKeys(reading: PayloadReading): PayloadReading {
  if (!isRecord(reading.value)) return reading;
  const entries = Object.entries(reading.value).filter(([key]) => own(oldKeys, key) === undefined);
  return { ...reading, value: Object.fromEntries(entries) };
}

function formerIn(place: PayloadReading, what: string): readonly Former[] {
  if (!isRecord(place.value)) return [];
  return Object.keys(place.value).flatMap((key) =>
    own(oldKeys, key) === undefined ? [] : [{ place, what, key }],
  );
}

interface NamedState {
  readonly place: PayloadReading;
  readonly name: string;
}

function formerInState({ place, name }: NamedState): readonly Former[] {
  return formerIn(place, `state ${name}`);
}

/** The states of a form's participants, whatever shape the rest has. */
function statesOf(form: PayloadReading): readonly NamedState[] {
  return entriesOf(form.value, "participants").flatMap(([participant, value]) =>
    entriesOf(value, "states").map(([state, one]) => ({
      place: below(form, one, "participants", participant, "states", state),
      name: `${participant}.${state}`,
    })),
  );
}

function entriesOf(value: unknown, key: string): readonly (readonly [string, unknown])[] {
  const inner = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isRecord(inner) ? Object.entries(inner) : [];
}
