// The input of the checker's commands: one choreography, or the contracts of several repositories composed.
import { composeJson, listed } from "quadrille/check";
import type { Choreography, ChoreographyJson } from "quadrille";
import { fromJson, isRecord } from "quadrille/tooling";
import { chosenPath } from "./choreography-option.ts";
import { locator } from "./places.ts";
import { find, type Found, findSystem, problemText, type Whole } from "./load.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

/** A choreography to be checked. */
export interface CheckInput {
  /** The files, as the user would name them. */
  readonly files: readonly string[];
  readonly json: ChoreographyJson;
  /** As values; without schemas if it comes from JSON files. */
  readonly choreography: Choreography;
  /** The value, where one module exports the whole. */
  readonly value: Choreography | undefined;
  /** The values, where modules export choreographies. */
  readonly values: readonly Choreography[];
  /** The name under which the module exports it. */
  readonly exported: string | undefined;
  /** Whether nothing that was read says what a choreography is besides its participants. */
  readonly isPart: boolean;
}

/**
 * Throws where what is to be judged has participants alone. Without ends and commands nothing ever happens,
 * and nothing is wrong.
 */
export function refuseParts(inputs: readonly CheckInput[]): void {
  const part = inputs.find(({ isPart }) => isPart);
  if (part === undefined) return;
  const files = part.files.join(" + ");
  const isJson = part.files.every((file) => file.endsWith(".json"));
  throw new UserError(
    isJson
      ? `${files} ${part.files.length === 1 ? "says" : "say"} neither "ends" nor "commands": name the file that does, too.`
      : `${files} exports participants and no choreography: export the value that choreography(…) returns, or name the file that says the ends, too.`,
  );
}

/** Whether a form has participants alone. */
function isPartial(form: unknown): boolean {
  return isRecord(form) && ["ends", "commands", "takes"].every((key) => form[key] === undefined);
}

/** Reads the named files, or the project's own choreography; of a system, the first one. */
export async function checkInput(paths: readonly string[], terminal: Terminal): Promise<CheckInput> {
  const [first] = await checkInputs(paths, terminal);
  return first;
}

/**
 * Reads what was named as a system: one choreography, those that a module exports, or files that name each
 * other.
 */
export async function checkInputs(
  paths: readonly string[],
  terminal: Terminal,
): Promise<readonly [CheckInput, ...CheckInput[]]> {
  const [only, ...others] = paths.length === 0 ? [await chosenPath({}, terminal)] : paths;
  if (only === undefined || others.length > 0) return several(paths, terminal.cwd);
  const [first, ...more] = await findSystem(only, terminal.cwd);
  return [inputOf(first, terminal), ...more.map((one) => inputOf({ ...one, others: [] }, terminal))];
}

/** One whole choreography as what is checked. */
function inputOf(whole: Whole, terminal: Terminal): CheckInput {
  const { file, choreography, json, value, exported, form, others: left } = whole;
  if (left.length > 0) {
    const rest = `${listed(left)} ${left.length === 1 ? "is" : "are"} left out`;
    terminal.err(
      `${file} exports several choreographies. This is about ${choreography.name}; ${rest}: give each a module of its own.\n`,
    );
  }
  const values = value === undefined ? [] : [value];
  const isPart = value === undefined && isPartial(form);
  return { files: [file], choreography, json, value, values, exported, isPart };
}

/** Reads several forms as one. */
export async function composed(paths: readonly string[], cwd: string): Promise<CheckInput> {
  return composedOf(await findAll(paths, cwd), cwd);
}

async function several(
  paths: readonly string[],
  cwd: string,
): Promise<readonly [CheckInput, ...CheckInput[]]> {
  const found = await findAll(paths, cwd);
  const [first, ...others] = await Promise.all(
    meet(found) ? found.map((one) => composedOf([one], cwd)) : [composedOf(found, cwd)],
  );
  if (first === undefined) throw new UserError("There is no contract to check.");
  return [first, ...others];
}

/** One after the other: with two modules loading at once, it would be unknown which one ended the process. */
async function findAll(paths: readonly string[], cwd: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const path of paths) found.push(await find(path, cwd));
  return found;
}

/** Whether the files are choreographies of which one takes an event of another, and not parts of one. */
function meet(found: readonly Found[]): boolean {
  const forms = found.map(({ form }) => (isRecord(form) ? form : {}));
  const names = new Set(forms.map(({ name }) => name));
  const taken = forms.flatMap(({ takes }) => (isRecord(takes) ? Object.values(takes) : []));
  return taken.some((one) => isRecord(one) && names.has(one["from"]));
}

async function composedOf(found: readonly Found[], cwd: string): Promise<CheckInput> {
  const files = found.map(({ file }) => file);
  const parsed = composeJson(found.map(({ form }) => form));
  if (!parsed.ok)
    throw new UserError(problemText(parsed.problems, { files, locate: await locator(files, cwd) }));
  const choreography = fromJson(parsed.choreography);
  const values = found.flatMap(({ value }) => value ?? []);
  const isPart = found.every(({ form }) => isPartial(form));
  return {
    files,
    choreography,
    json: parsed.choreography,
    value: undefined,
    values,
    exported: undefined,
    isPart,
  };
}
