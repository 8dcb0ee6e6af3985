// Whether a schema accepts a value: yes, no with the reason, or unknown where a keyword is not understood.
import { isRecord } from "../reading.ts";
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
  typeOf,
} from "./words.ts";

/** `reason` is a sentence without its full stop; empty for yes. */
export interface Validity {
  readonly is: "yes" | "no" | "unknown";
  readonly reason: string;
}

/** The name of a property that stands for all that a schema does not name. */
export const otherProperty = "(other)";

const yes: Validity = { is: "yes", reason: "" };
const unknown = (reason: string): Validity => ({ is: "unknown", reason });

/** Judges a value; `path` names the place for reasons. */
export function accepts(schema: unknown, value: unknown, path = ""): Validity {
  const keywords = keywordsOf(schema);
  if (schema === false) return no(path, value, "is not accepted");
  if (keywords === undefined) return unknown(`${shown(path)} has a schema that is no object`);
  const looked = Object.keys(keywords).filter((word) => !silent.has(word) && isAbout(word, value));
  return worst(looked.map((word) => judge(word, { keywords, value, path })));
}

/** The least certain of several: no before unknown before yes. */
function worst(all: readonly Validity[]): Validity {
  return all.find(({ is }) => is === "no") ?? all.find(({ is }) => is === "unknown") ?? yes;
}

interface JudgedValue {
  readonly keywords: Keywords;
  readonly value: unknown;
  readonly path: string;
}

function no(path: string, value: unknown, must: string): Validity {
  const text = JSON.stringify(value);
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return { is: "no", reason: `${shown(path)} may be written as ${short}, and ${must}` };
}

/** Keywords of one type say nothing about values of another. */
function isAbout(word: string, value: unknown): boolean {
  const owner = Object.entries(keywordsOfType).find(([, words]) => words.includes(word));
  return owner === undefined || owner[0] === typeOf(value);
}

function judge(word: string, { keywords, value, path }: JudgedValue): Validity {
  const says = keywords[word];
  const check = checks[word];
  if (check !== undefined) return check({ keywords, value, path });
  const holds = comparisons[word]?.(value, says);
  if (holds === undefined) return unknown(`${shown(path)} has "${word}", which is not compared`);
  return holds ? yes : no(path, value, `must have ${word} ${String(says)}`);
}

type Compare = (value: unknown, says: unknown) => boolean | undefined;

/** `compare`, where the keyword has a number as it should. */
function sized(
  sizeOf: (value: unknown) => number,
  compare: (size: number, limit: number) => boolean,
): Compare {
  return (value, says) => (typeof says === "number" ? compare(sizeOf(value), says) : undefined);
}

const itself = (value: unknown): number => Number(value);
const items = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const properties = (value: unknown): number => Object.keys(recordOf(value)).length;
/** A length counts characters, not the units of UTF-16. */
const characters = (value: unknown): number => Array.from(String(value)).length;
const atLeast = (size: number, limit: number): boolean => size >= limit;
const atMost = (size: number, limit: number): boolean => size <= limit;

/** Keywords that compare a value with what they say; undefined where that cannot be judged. */
const comparisons: Readonly<Record<string, Compare>> = {
  minimum: sized(itself, atLeast),
  maximum: sized(itself, atMost),
  exclusiveMinimum: sized(itself, (size, limit) => size > limit),
  exclusiveMaximum: sized(itself, (size, limit) => size < limit),
  // Of fractions the remainder is inexact.
  multipleOf: (value, says) =>
    Number.isSafeInteger(value) && Number.isSafeInteger(says)
      ? Number(value) % Number(says) === 0
      : undefined,
  minLength: sized(characters, atLeast),
  maxLength: sized(characters, atMost),
  pattern: matches,
  minItems: sized(items, atLeast),
  maxItems: sized(items, atMost),
  uniqueItems: (value, says) =>
    says !== true || (Array.isArray(value) && new Set(value.map(canonical)).size === value.length),
  minProperties: sized(properties, atLeast),
  maxProperties: sized(properties, atMost),
};

function matches(value: unknown, says: unknown): boolean | undefined {
  try {
    return new RegExp(String(says), "u").test(String(value));
  } catch {
    return undefined;
  }
}

/** Keywords that look deeper, or whose reason has words of its own. */
const checks: Readonly<Record<string, (judged: JudgedValue) => Validity>> = {
  type: ({ keywords, value, path }) => {
    const types = [keywords["type"]].flat();
    const isOne = types.includes(typeOf(value)) || (types.includes("integer") && Number.isInteger(value));
    return isOne ? yes : no(path, value, `must be ${types.join(" or ")}`);
  },
  const: ({ keywords, value, path }) => isListed(value, [keywords["const"]], path),
  enum: ({ keywords, value, path }) => isListed(value, listOf(keywords, "enum") ?? [], path),
  allOf: ({ keywords, value, path }) =>
    worst((listOf(keywords, "allOf") ?? []).map((one) => accepts(one, value, path))),
  anyOf: (judged) => countForms("anyOf", judged, (count) => count >= 1),
  oneOf: (judged) => countForms("oneOf", judged, (count) => count === 1),
  not: ({ keywords, value, path }) => {
    const { is, reason } = accepts(keywords["not"], value, path);
    return is === "yes"
      ? no(path, value, "is not accepted")
      : { is: is === "no" ? "yes" : "unknown", reason };
  },
  items: acceptsItems,
  prefixItems: acceptsItems,
  additionalItems: () => yes,
  required: ({ keywords, value, path }) => {
    const missing = requiredOf(keywords).find((name) => !Object.hasOwn(recordOf(value), name));
    if (missing === undefined) return yes;
    const reason = `${placeOf(path, missing)} is required, and may be missing in what is stored`;
    return { is: "no", reason };
  },
  properties: acceptsProperties,
  // `properties` may stand alone, and so may these.
  additionalProperties: acceptsProperties,
  patternProperties: ({ path }) => unknown(`${shown(path)} has "patternProperties", which is not compared`),
  propertyNames: ({ keywords, value, path }) =>
    worst(Object.keys(recordOf(value)).map((name) => accepts(keywords["propertyNames"], name, path))),
};

function isListed(value: unknown, listed: readonly unknown[], path: string): Validity {
  const text = canonical(value);
  if (listed.some((one) => canonical(one) === text)) return yes;
  return no(path, value, `must be ${listed.map((one) => JSON.stringify(one)).join(" or ")}`);
}

function countForms(
  word: "anyOf" | "oneOf",
  { keywords, value, path }: JudgedValue,
  isRight: (count: number) => boolean,
): Validity {
  const all = (listOf(keywords, word) ?? []).map((one) => accepts(one, value, path));
  const certain = all.filter(({ is }) => is === "yes").length;
  const possible = all.filter(({ is }) => is !== "no").length;
  if (isRight(certain) && isRight(possible)) return yes;
  const reachable = Array.from({ length: possible - certain + 1 }, (_, more) => certain + more);
  if (reachable.some(isRight)) return unknown(`${shown(path)} has forms that are not compared`);
  return no(path, value, "fits none of the forms that are accepted");
}

function acceptsItems({ keywords, value, path }: JudgedValue): Validity {
  const all = Array.isArray(value) ? value : [];
  const first = listOf(keywords, "prefixItems") ?? listOf(keywords, "items") ?? [];
  const rest = Array.isArray(keywords["items"]) ? keywords["additionalItems"] : keywords["items"];
  return worst(all.map((item, at) => accepts(at < first.length ? first[at] : rest, item, `${path}[]`)));
}

function acceptsProperties({ keywords, value, path }: JudgedValue): Validity {
  const named = recordOf(keywords["properties"]);
  const others = keywords["additionalProperties"];
  return worst(
    Object.entries(recordOf(value)).map(([name, one]) => {
      const below = placeOf(path, name);
      if (Object.hasOwn(named, name)) return accepts(named[name], one, below);
      // A pattern might allow it.
      if (isRecord(keywords["patternProperties"])) return unknown(`${below} may match a pattern`);
      if (others !== false) return accepts(others, one, below);
      const subject = name === otherProperty ? `another property of ${shown(path)}` : below;
      return { is: "no", reason: `${subject} is not accepted any more` };
    }),
  );
}
