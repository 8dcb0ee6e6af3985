// Whether one JSON Schema accepts every value that another one allows: yes, no with the reason, or unknown.
import { isRecord } from "./reading.ts";

/** `unknown` where the two use something that is not compared. */
export type SchemaFit =
  | { readonly fits: "yes" }
  | { readonly fits: "unknown" | "no"; readonly reason: string };

const yes: SchemaFit = { fits: "yes" };
const no = (path: string, what: string): SchemaFit => ({ fits: "no", reason: `${shown(path)} ${what}` });
const unknown = (path: string, what: string): SchemaFit => ({
  fits: "unknown",
  reason: `${shown(path)} ${what}`,
});

function shown(path: string): string {
  return path === "" ? "the payload" : path;
}

/** Keywords that do not change what is accepted. */
const silent = new Set(["$schema", "title", "description", "examples", "default", "deprecated", "$id"]);
/** Keywords that are compared. */
const compared = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "const",
  "anyOf",
]);
/** Bounds: a reader's may be wider than the writer's. */
const lowest = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
const highest = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];

/** Compares; `path` names the place for reasons. Conservative: it says yes only where that is certain. */
export function schemaFit(written: unknown, accepted: unknown, path = ""): SchemaFit {
  if (accepted === true || JSON.stringify(written) === JSON.stringify(accepted)) return yes;
  if (!isRecord(written) || !isRecord(accepted)) return unknown(path, "is not compared");
  const choices = written["anyOf"];
  if (Array.isArray(choices)) return worst(choices.map((one) => schemaFit(one, accepted, path)));
  const open = accepted["anyOf"];
  if (Array.isArray(open))
    return best(
      open.map((one) => schemaFit(written, one, path)),
      path,
    );
  return worst([
    typeFit(written, accepted, path),
    valuesFit(written, accepted, path),
    objectFit(written, accepted, path),
    accepted["items"] === undefined
      ? yes
      : schemaFit(written["items"] ?? true, accepted["items"], `${path}[]`),
    ...boundsFit(written, accepted, path),
    ...otherWords(written, accepted, path),
  ]);
}

type Words = Readonly<Record<string, unknown>>;

function typeFit(written: Words, accepted: Words, path: string): SchemaFit {
  const takes = [accepted["type"]].flat();
  if (accepted["type"] === undefined) return yes;
  if (written["type"] === undefined)
    return "const" in written || "enum" in written ? yes : unknown(path, "may be of any type");
  const strange = [written["type"]]
    .flat()
    .find((type) => !takes.includes(type) && !(type === "integer" && takes.includes("number")));
  return strange === undefined
    ? yes
    : no(path, `is written as ${JSON.stringify(strange)} and must be ${takes.join(" or ")}`);
}

function valuesFit(written: Words, accepted: Words, path: string): SchemaFit {
  const takes = valuesOf(accepted);
  if (takes === undefined) return yes;
  const writes = valuesOf(written);
  if (writes === undefined)
    return no(
      path,
      `may be written as anything and must be ${takes.map((one) => JSON.stringify(one)).join(" or ")}`,
    );
  const strange = writes.find((value) => !takes.includes(value));
  return strange === undefined
    ? yes
    : no(path, `may be written as ${JSON.stringify(strange)}, which is not accepted`);
}

function valuesOf(schema: Words): readonly unknown[] | undefined {
  if ("const" in schema) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? schema["enum"] : undefined;
}

function objectFit(written: Words, accepted: Words, path: string): SchemaFit {
  const [writes, takes] = [recordOf(written["properties"]), recordOf(accepted["properties"])];
  const [always, needed] = [listOf(written["required"]), listOf(accepted["required"])];
  const below = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const missing = needed.find((name) => !always.includes(name));
  if (missing !== undefined) return no(below(missing), "is required, and may be missing in what is stored");
  const closed = accepted["additionalProperties"] === false;
  const strange = closed ? Object.keys(writes).find((name) => !Object.hasOwn(takes, name)) : undefined;
  if (strange !== undefined) return no(below(strange), "is not accepted any more");
  return worst(
    Object.entries(takes).map(([name, schema]) =>
      Object.hasOwn(writes, name) ? schemaFit(writes[name], schema, below(name)) : yes,
    ),
  );
}

function boundsFit(written: Words, accepted: Words, path: string): readonly SchemaFit[] {
  const narrower = (word: string, isTighter: (ours: number, theirs: number) => boolean): SchemaFit => {
    const [theirs, ours] = [written[word], accepted[word]];
    if (typeof ours !== "number" || (typeof theirs === "number" && !isTighter(ours, theirs))) return yes;
    return no(
      path,
      `has ${word} ${ours}${typeof theirs === "number" ? `, and was written with ${theirs}` : ""}`,
    );
  };
  return [
    ...lowest.map((word) => narrower(word, (ours, theirs) => ours > theirs)),
    ...highest.map((word) => narrower(word, (ours, theirs) => ours < theirs)),
  ];
}

/**
 * A keyword that only the reader has, or has with another value, narrows in a way that is not compared here.
 */
function otherWords(written: Words, accepted: Words, path: string): readonly SchemaFit[] {
  const known = (word: string): boolean =>
    silent.has(word) || compared.has(word) || lowest.includes(word) || highest.includes(word);
  return Object.entries(accepted)
    .filter(([word, says]) => !known(word) && JSON.stringify(written[word]) !== JSON.stringify(says))
    .map(([word]) => unknown(path, `says another "${word}"`));
}

function worst(all: readonly SchemaFit[]): SchemaFit {
  return all.find(({ fits }) => fits === "no") ?? all.find(({ fits }) => fits === "unknown") ?? yes;
}

function best(all: readonly SchemaFit[], path: string): SchemaFit {
  if (all.some(({ fits }) => fits === "yes")) return yes;
  return all.every(({ fits }) => fits === "no")
    ? no(path, "fits none of the forms that are accepted")
    : unknown(path, "has forms that are not compared");
}

function recordOf(value: unknown): Words {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
