// The project's settings: the field "quadrille" of the nearest package.json that has one.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Acceptance, findingCatalog, wellFormedRules } from "quadrille/check";
import { parseJson } from "./json-text.ts";
import { UserError } from "../terminal/user-error.ts";

/** The field, with its paths made absolute. */
export interface Config {
  /** A module, a JSON file, or a folder that has one. */
  readonly choreography: string | undefined;
  readonly dataFolder: string;
  /** A module that exports the services, for tests that are written. */
  readonly services: string | undefined;
  /** Findings of the checker that the project accepts. */
  readonly accepted: readonly Acceptance[];
}

/** Looks from `folder` upwards. */
export async function findConfig(folder: string): Promise<Config> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const field = await fieldOf(join(at, "package.json"));
    if (field !== undefined) {
      const pathOf = (name: string): string | undefined => {
        const path = textOf(field, name);
        return path === undefined ? undefined : resolve(at, path);
      };
      return {
        choreography: pathOf("choreography"),
        services: pathOf("services"),
        accepted: acceptedIn(field),
        dataFolder: resolve(at, textOf(field, "dataFolder") ?? ".quadrille"),
      };
    }
    if (at === dirname(at))
      return {
        choreography: undefined,
        services: undefined,
        accepted: [],
        dataFolder: resolve(folder, ".quadrille"),
      };
  }
}

interface Field {
  readonly file: string;
  readonly values: ReadonlyMap<string, unknown>;
}

/** The field of one package.json; `undefined` when there is no such file or no such field. */
export async function fieldOf(file: string): Promise<Field | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const content = asMap(parseJson(text, file));
  const field = content?.get("quadrille");
  if (field === undefined) return undefined;
  const values = asMap(field);
  if (values === undefined) throw new UserError(`The field "quadrille" in ${file} is not an object.`);
  return { file, values };
}

/** A text in the field; `undefined` where there is none. */
export function textOf({ file, values }: Field, name: string): string | undefined {
  const value = values.get(name);
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw new UserError(`The field "quadrille.${name}" in ${file} is not a text.`);
}

/** Warnings about a contract that a check leaves to its findings: P1 and P7 say the same. */
export const leftToFindings: ReadonlySet<string> = new Set(["W03", "W04", "W05"]);

/** Codes of findings, and of warnings about a contract. Where a rule is an error, nothing is checked. */
const acceptable: readonly Acceptance["code"][] = [
  ...keysOf(findingCatalog),
  ...keysOf(wellFormedRules).filter(
    (code) => wellFormedRules[code].severity === "warning" && !leftToFindings.has(code),
  ),
];

function keysOf<Key extends string>(values: Readonly<Record<Key, unknown>>): readonly Key[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both are written down with exactly these keys
  return Object.keys(values) as Key[];
}

/** The list "accepted" of the field. */
function acceptedIn({ file, values }: Field): readonly Acceptance[] {
  const list = values.get("accepted") ?? [];
  const fault = (what: string): UserError =>
    new UserError(`The field "quadrille.accepted" in ${file} ${what}.`);
  if (!Array.isArray(list)) throw fault("is not a list");
  return list.map((entry: unknown, index): Acceptance => {
    const given = asMap(entry);
    const text = (name: string): string => {
      const value = given?.get(name);
      if (typeof value === "string" && value.trim() !== "") return value;
      throw fault(`needs a text "${name}" in entry ${index + 1}: each has a code, a place and a reason`);
    };
    const code = acceptable.find((one) => one === text("code"));
    if (code === undefined)
      throw fault(
        `has the code ${text("code")} in entry ${index + 1}, which is none of a finding or a warning of check`,
      );
    const name = given?.get("choreography");
    const choreography = typeof name === "string" ? { choreography: name } : {};
    return { code, place: text("place"), reason: text("reason"), ...choreography };
  });
}

function asMap(value: unknown): ReadonlyMap<string, unknown> | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? new Map(Object.entries(value)) : undefined;
}
