// Composes the JSON forms of several repositories into one choreography. Forms may repeat each other, and may
// not contradict each other.
import type { ChoreographyJson, TakenJson } from "../json-form.ts";
import { type ParsedChoreography, judged, readForm, unnamed } from "./parse-json.ts";
import { isRecord, type JsonProblem } from "../reading.ts";

/**
 * Merges participants, budgets, public events, ends and forbidden combinations. Two forms may declare the
 * same thing, if they agree. Paths of problems begin with the position of the form in the list.
 */
export function composeJson(values: readonly unknown[]): ParsedChoreography {
  const problems: JsonProblem[] = [];
  if (values.length === 0) problems.push({ path: "", message: "there is no contract to compose" });
  const forms = values.map((value, index) => readForm({ value, path: `/${index}`, problems }));
  return judged(merge(forms, problems), problems);
}

function merge(forms: readonly ChoreographyJson[], problems: JsonProblem[]): ChoreographyJson {
  const names = new Set(forms.map((form) => form.name).filter((name) => name !== unnamed));
  const description = forms.find((form) => form.description !== undefined)?.description;
  const part = <T>(
    what: string,
    read: (form: ChoreographyJson) => readonly NamedValue<T>[],
  ): NamedValue<T>[] => mergeNamed({ what, lists: forms.map(read), problems });
  const tallies = part("tally", (form) => Object.entries(form.tallies ?? {}));
  return {
    name: names.size === 0 ? unnamed : [...names].join(" + "),
    ...(description === undefined ? {} : { description }),
    participants: Object.fromEntries(part("participant", (form) => Object.entries(form.participants))),
    commands: Object.fromEntries(part("command", (form) => Object.entries(form.commands))),
    publicEvents: [...new Set(forms.flatMap((form) => form.publicEvents))],
    ...mergedTakes(part("event from elsewhere", (form) => Object.entries(form.takes ?? {}))),
    ends: part("end", (form) => form.ends.map((end) => [end.name, end])).map(([, end]) => end),
    forbidden: part("forbidden combination", (form) => form.forbidden.map((one) => [one.name, one])).map(
      ([, one]) => one,
    ),
    ...(tallies.length === 0 ? {} : { tallies: Object.fromEntries(tallies) }),
  };
}

/** A choreography that takes nothing from elsewhere has no such key. */
function mergedTakes(takes: readonly NamedValue<TakenJson>[]): Pick<ChoreographyJson, "takes"> {
  return takes.length === 0 ? {} : { takes: Object.fromEntries(takes) };
}

type NamedValue<T> = readonly [name: string, value: T];

interface Merge<T> {
  readonly what: string;
  readonly lists: readonly (readonly NamedValue<T>[])[];
  readonly problems: JsonProblem[];
}

function mergeNamed<T>({ what, lists, problems }: Merge<T>): NamedValue<T>[] {
  const merged = new Map<string, T>();
  for (const [index, list] of lists.entries()) {
    for (const [name, value] of list) {
      const known = merged.get(name);
      if (known !== undefined && canonical(known) !== canonical(value)) {
        problems.push({ path: `/${index}`, message: `${what} ${name} is declared twice, in different ways` });
      }
      merged.set(name, known ?? value);
    }
  }
  return [...merged];
}

/** A text that is equal for equal JSON values, whatever the order of their keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}
