// Values that a schema certainly allows, chosen to sit where another schema may refuse them: at bounds,
// with and without optional properties, one of each form.
import { isRecord } from "../reading.ts";
import { accepts, otherProperty } from "./accepts.ts";
import { type Keywords, keywordsOf, listOf, recordOf, requiredOf, typesOf, valuesOf } from "./words.ts";

/** What the other schema speaks of: its numbers, texts and property names. */
export interface Hints {
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

/** A schema's samples are so many at most, at each level. */
const samplesMax = 64;
/** Deeper levels have no samples. */
const depthMax = 8;
const lengthMax = 1_000;
const itemsMax = 20;

/** Collects from schemas. */
export function hintsOf(...schemas: readonly unknown[]): Hints {
  const [numbers, texts, names] = [new Set([0, 1]), new Set<string>(), new Set<string>()];
  const walk = (value: unknown): void => {
    if (typeof value === "number") numbers.add(value);
    if (typeof value === "string") texts.add(value);
    if (Array.isArray(value)) for (const one of value) walk(one);
    if (!isRecord(value)) return;
    for (const name of Object.keys(recordOf(value["properties"]))) names.add(name);
    for (const one of Object.values(value)) walk(one);
  };
  for (const schema of schemas) walk(schema);
  const around = [...numbers].flatMap((one) => [one, one - 1, one + 1, one + 0.5]);
  return { numbers: [...new Set(around)], texts: [...texts], names: [...names, otherProperty] };
}

/** Values that the schema certainly allows; none where it has keywords that are not understood. */
export function samplesOf(schema: unknown, hints: Hints, depth = 0): readonly unknown[] {
  const keywords = keywordsOf(schema);
  if (keywords === undefined || depth > depthMax) return [];
  return candidates(keywords, hints, depth)
    .filter((value) => accepts(schema, value).is === "yes")
    .slice(0, samplesMax);
}

function candidates(keywords: Keywords, hints: Hints, depth: number): readonly unknown[] {
  const values = valuesOf(keywords);
  if (values !== undefined) return values;
  const forms = listOf(keywords, "anyOf") ?? listOf(keywords, "oneOf") ?? listOf(keywords, "allOf");
  if (forms !== undefined) return alternating(forms.map((one) => samplesOf(one, hints, depth + 1)));
  return alternating(typesOf(keywords).map((type) => ofType(type, { keywords, hints, depth })));
}

interface SampleRequest {
  readonly keywords: Keywords;
  readonly hints: Hints;
  readonly depth: number;
}

function ofType(type: string, wanted: SampleRequest): readonly unknown[] {
  switch (type) {
    case "null":
      return [null];
    case "boolean":
      return [false, true];
    case "number":
    case "integer":
      return [...wanted.hints.numbers, 1e9, -1e9];
    case "string":
      return textsOf(wanted.hints);
    case "array":
      return listsOf(wanted);
    default:
      return objectsOf(wanted);
  }
}

function textsOf({ numbers, texts }: Hints): readonly string[] {
  const lengths = numbers.filter((one) => Number.isInteger(one) && one >= 0 && one <= lengthMax);
  return ["a", "", ...texts, ...lengths.map((length) => "a".repeat(length))];
}

function listsOf({ keywords, hints, depth }: SampleRequest): readonly unknown[] {
  const first = listOf(keywords, "prefixItems") ?? listOf(keywords, "items");
  if (first !== undefined) {
    const each = first.map((one) => samplesOf(one, hints, depth + 1));
    return each.some(({ length }) => length === 0) ? [[]] : [each.map(([one]) => one), []];
  }
  const items = samplesOf(keywords["items"], hints, depth + 1);
  const lengths = hints.numbers.filter((one) => Number.isInteger(one) && one > 1 && one <= itemsMax);
  const long = items.length === 0 ? [] : lengths.map((length) => Array.from({ length }, () => items[0]));
  return [[], ...items.map((one) => [one]), ...long];
}

function objectsOf({ keywords, hints, depth }: SampleRequest): readonly unknown[] {
  const named = Object.entries(recordOf(keywords["properties"])).map(([name, schema]) => ({
    name,
    samples: samplesOf(schema, hints, depth + 1),
  }));
  const always = requiredOf(keywords);
  const first = named.filter(({ samples }) => samples.length > 0);
  const least = Object.fromEntries(
    first.filter(({ name }) => always.includes(name)).map(({ name, samples: [one] }) => [name, one]),
  );
  const whole = Object.fromEntries(first.map(({ name, samples: [one] }) => [name, one]));
  const varied = alternating(
    first.map(({ name, samples }) => samples.map((one) => ({ ...whole, [name]: one }))),
  );
  return [
    least,
    whole,
    ...othersOf({ keywords, hints, depth }).map((one) => ({ ...least, ...one })),
    ...varied,
  ];
}

/** Properties without a name, only where the schema says of itself that it has them. */
function othersOf({ keywords, hints, depth }: SampleRequest): readonly object[] {
  const others = keywords["additionalProperties"];
  if (others === undefined || others === false) return [];
  const known = recordOf(keywords["properties"]);
  const samples = samplesOf(others, hints, depth + 1);
  const names = hints.names.filter((name) => !Object.hasOwn(known, name));
  return alternating(names.map((name) => samples.map((one) => ({ [name]: one }))));
}

/** Takes one of each in turn, so that a long list does not hide the others. */
function alternating<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((one) => one.slice(at, at + 1)))
    .flat()
    .slice(0, 4 * samplesMax);
}
