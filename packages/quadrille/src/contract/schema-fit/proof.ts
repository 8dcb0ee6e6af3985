// The proof that a schema accepts every value that another one allows. It knows a part of JSON Schema, and
// says what stands in its way elsewhere.
import { accepts } from "./accepts.ts";
import {
  canonical,
  type Keywords,
  keywordsOf,
  keywordsOfType,
  listOf,
  placeOf,
  recordOf,
  requiredOf,
  shown,
  silent,
  typesOf,
  valuesOf,
} from "./words.ts";

/** What stands in the way of the proof, as a sentence without its full stop; undefined where it holds. */
type Obstacle = string | undefined;

interface FitQuestion {
  readonly written: Keywords;
  readonly accepted: Keywords;
  readonly path: string;
}

/** Looks for the proof. */
export function obstacleTo(wide: unknown, narrow: unknown, path = ""): Obstacle {
  if (isSame(wide, narrow, path)) return undefined;
  const [written, accepted] = [keywordsOf(wide), keywordsOf(narrow)];
  if (wide === false) return undefined;
  if (written === undefined || accepted === undefined) return `${shown(path)} is not compared`;
  const values = valuesOf(written);
  if (values?.every((value) => accepts(narrow, value).is === "yes") === true) return undefined;
  const obstacle = direct({ written, accepted, path });
  return obstacle === undefined || byForms({ written, accepted, path }) ? undefined : obstacle;
}

/** Equal schemas accept the same, unless a reference in them leads to two places. */
function isSame(written: unknown, accepted: unknown, path: string): boolean {
  const text = canonical(accepted);
  return text === canonical(written) && (path === "" || !/"\$(?:dynamicR|r)ef"/u.test(text));
}

/** Whether each form of what is written is accepted, or one of the schemas that it satisfies as well. */
function byForms({ written, accepted, path }: FitQuestion): boolean {
  const fits = (form: unknown): boolean => obstacleTo(form, accepted, path) === undefined;
  const types = typesOf(written);
  const forms =
    listOf(written, "anyOf") ??
    listOf(written, "oneOf") ??
    (types.length > 1 ? types.map((type) => ({ ...written, type })) : undefined);
  return forms?.every(fits) === true || listOf(written, "allOf")?.some(fits) === true;
}

/** What stands in the way of the first keyword of the reader's that the writer's do not satisfy. */
function direct(pair: FitQuestion): Obstacle {
  for (const word of Object.keys(pair.accepted)) {
    if (silent.has(word) || !isAbout(word, pair.written)) continue;
    const obstacle = proofs[word]?.(pair) ?? (word in proofs ? undefined : unlessEqual(word, pair));
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

/** Keywords of a type that is never written say nothing. */
function isAbout(word: string, written: Keywords): boolean {
  const owner = Object.entries(keywordsOfType).find(([, words]) => words.includes(word))?.[0];
  const types = typesOf(written);
  return owner === undefined || types.includes(owner) || (owner === "number" && types.includes("integer"));
}

/** Keywords whose meaning depends on no other one: where the writer has the same, it is satisfied. */
const standAlone = new Set([
  "multipleOf",
  "pattern",
  "format",
  "contentEncoding",
  "contentMediaType",
  "uniqueItems",
  "const",
  "enum",
  "patternProperties",
  "propertyNames",
  "minProperties",
  "maxProperties",
  "not",
]);

function unlessEqual(word: string, { written, accepted, path }: FitQuestion): Obstacle {
  const isEqual = word in written && canonical(written[word]) === canonical(accepted[word]);
  return isEqual && standAlone.has(word) ? undefined : `${shown(path)} has another "${word}"`;
}

const proofs: Readonly<Record<string, (pair: FitQuestion) => Obstacle>> = {
  type: ({ written, accepted, path }) => {
    const takes = typesOf(accepted);
    const strange = typesOf(written).find(
      (type) => !takes.includes(type) && !(type === "integer" && takes.includes("number")),
    );
    return strange && `${shown(path)} may be written as ${strange} and must be ${takes.join(" or ")}`;
  },
  allOf: ({ written, accepted, path }) =>
    first(listOf(accepted, "allOf"), (one) => obstacleTo(written, one, path)),
  anyOf: (pair) => (formOf("anyOf", pair) === undefined ? noForm(pair) : undefined),
  oneOf: (pair) => {
    const form = formOf("oneOf", pair);
    const others = (listOf(pair.accepted, "oneOf") ?? []).filter((one) => one !== form);
    return form !== undefined && others.every((one) => areDisjoint(pair.written, one))
      ? undefined
      : noForm(pair);
  },
  minimum: (pair) => bound("minimum", pair),
  exclusiveMinimum: (pair) => bound("exclusiveMinimum", pair),
  maximum: (pair) => bound("maximum", pair),
  exclusiveMaximum: (pair) => bound("exclusiveMaximum", pair),
  minLength: (pair) => bound("minLength", pair),
  maxLength: (pair) => bound("maxLength", pair),
  minItems: (pair) => bound("minItems", pair),
  maxItems: (pair) => bound("maxItems", pair),
  items: ({ written, accepted, path }) => {
    const isTuple = [written, accepted].some((one) => "prefixItems" in one || Array.isArray(one["items"]));
    if (!isTuple) return obstacleTo(written["items"] ?? true, accepted["items"], `${path}[]`);
    const wordsEqual = ["items", "prefixItems", "additionalItems"].every(
      (word) => canonical(written[word] ?? null) === canonical(accepted[word] ?? null),
    );
    return wordsEqual ? undefined : `${shown(path)} has other items`;
  },
  prefixItems: (pair) => proofs["items"]?.(pair),
  additionalItems: (pair) => proofs["items"]?.(pair),
  required: ({ written, accepted, path }) => {
    const always = requiredOf(written);
    const missing = requiredOf(accepted).find((name) => !always.includes(name));
    return missing && `${placeOf(path, missing)} is required, and may be missing in what is stored`;
  },
  properties: ({ written, accepted, path }) =>
    first(Object.entries(recordOf(accepted["properties"])), ([name, schema]) =>
      property({ written, accepted, path }, name, schema),
    ),
  additionalProperties: ({ written, accepted, path }) => {
    const [named, known] = [recordOf(written["properties"]), recordOf(accepted["properties"])];
    const rest = accepted["additionalProperties"];
    const strange = Object.keys(named).filter((name) => !Object.hasOwn(known, name));
    return (
      first(strange, (name) => obstacleTo(named[name], rest, placeOf(path, name))) ??
      ("patternProperties" in written
        ? `${shown(path)} has another "patternProperties"`
        : obstacleTo(written["additionalProperties"] ?? true, rest, `${shown(path)}: other properties`))
    );
  },
};

/** Whether what is written below a name fits: the name's own schema, or that of all other names. */
function property({ written, path }: FitQuestion, name: string, schema: unknown): Obstacle {
  const named = recordOf(written["properties"]);
  const place = placeOf(path, name);
  if (Object.hasOwn(named, name)) return obstacleTo(named[name], schema, place);
  if ("patternProperties" in written) return `${place} may match a pattern`;
  const others = written["additionalProperties"];
  if (others !== undefined) return obstacleTo(others, schema, place);
  const obstacle = obstacleTo(true, schema, place);
  return (
    obstacle && `${place} may have been written as anything: its schema does not exclude other properties`
  );
}

function formOf(word: "anyOf" | "oneOf", { written, accepted, path }: FitQuestion): unknown {
  return listOf(accepted, word)?.find((one) => obstacleTo(written, one, path) === undefined);
}

function noForm({ path }: FitQuestion): string {
  return `${shown(path)} may fit none of the forms that are accepted`;
}

/** One step of a bound is the same whichever keyword says it: `> 0` is within `>= 0`. */
function bound(word: string, { written, accepted, path }: FitQuestion): Obstacle {
  const isLow = /min/iu.test(word);
  const name = word.startsWith("exclusive") ? word.slice("exclusive".length).toLowerCase() : word;
  const ours = accepted[word];
  if (typeof ours !== "number") return `${shown(path)} has another "${word}"`;
  const isInside = (theirs: unknown, isOpen: boolean): boolean =>
    typeof theirs === "number" &&
    (theirs === ours ? isOpen || !word.startsWith("exclusive") : theirs > ours === isLow);
  const open = `exclusive${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (isInside(written[name], false) || isInside(written[open], true)) return undefined;
  return `${shown(path)} has ${word} ${ours}, and may be written beyond it`;
}

/** Whether no value is allowed by both, as far as types and listed values show. */
function areDisjoint(one: unknown, other: unknown): boolean {
  const [a, b] = [keywordsOf(one), keywordsOf(other)];
  if (a === undefined || b === undefined) return false;
  const [values, others] = [valuesOf(a), valuesOf(b)?.map(canonical)];
  if (values !== undefined && others !== undefined)
    return !values.some((value) => others.includes(canonical(value)));
  const number = (type: string): string => (type === "integer" ? "number" : type);
  const types = typesOf(b).map(number);
  if (!typesOf(a).some((type) => types.includes(number(type)))) return true;
  const [mine, its] = [recordOf(a["properties"]), recordOf(b["properties"])];
  const always = [...requiredOf(a), ...requiredOf(b)];
  return (
    typesOf(a).every((type) => type === "object") &&
    always.some((name) => name in mine && name in its && areDisjoint(mine[name], its[name]))
  );
}

/** The first obstacle of several. */
function first<T>(all: readonly T[] | undefined, obstacleOf: (one: T) => Obstacle): Obstacle {
  for (const one of all ?? []) {
    const obstacle = obstacleOf(one);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}
