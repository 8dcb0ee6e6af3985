// What the checker's commands are about: one choreography, or the contracts of several repositories composed.
import { composeJson, listed } from "quadrille/check";
import type { Choreography, ChoreographyJson } from "quadrille";
import { fromJson } from "quadrille/tooling";
import { chosenPath } from "./choreography-option.ts";
import { find, type Found, findSystem, problemText, refuseMalformed, type Whole } from "./load.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

/** A choreography to be checked. */
export interface CheckInput {
  /** The files, as the user would name them. */
  readonly files: readonly string[];
  readonly json: ChoreographyJson;
  /** As values, without schemas where it comes from JSON files. */
  readonly choreography: Choreography;
  /** The value, where one module exports the whole. */
  readonly value: Choreography | undefined;
  /** The values, where modules export choreographies. */
  readonly values: readonly Choreography[];
  /** The name under which the module exports it. */
  readonly exported: string | undefined;
}

/** Reads what was named; the project's own choreography when nothing was. */
export async function checkInput(paths: readonly string[], terminal: Terminal): Promise<CheckInput> {
  const [only, ...others] = paths.length === 0 ? [await chosenPath({}, terminal)] : paths;
  if (only === undefined || others.length > 0) return composed(paths, terminal.cwd);
  const system = await findSystem(only, terminal.cwd);
  return inputOf(system[0], terminal);
}

/** One whole choreography as what is checked. */
function inputOf(whole: Whole, terminal: Terminal): CheckInput {
  const { file, choreography, json, value, exported, others: left } = whole;
  if (left.length > 0) {
    const rest = `${listed(left)} ${left.length === 1 ? "is" : "are"} left out`;
    terminal.err(
      `${file} exports several choreographies. This is about ${choreography.name}; ${rest}: give each a module of its own.\n`,
    );
  }
  const values = value === undefined ? [] : [value];
  return { files: [file], choreography, json, value, values, exported };
}

/** Reads several forms as one. */
export async function composed(paths: readonly string[], cwd: string): Promise<CheckInput> {
  // One after the other: of two modules that load at once nobody could say which one ended the process.
  const found: Found[] = [];
  for (const path of paths) found.push(await find(path, cwd));
  const files = found.map(({ file }) => file);
  const parsed = composeJson(found.map(({ form }) => form));
  if (!parsed.ok) throw new UserError(problemText(parsed.problems, files));
  const choreography = fromJson(parsed.choreography);
  refuseMalformed(choreography, files.join(" + "));
  const values = found.flatMap(({ value }) => value ?? []);
  return { files, choreography, json: parsed.choreography, value: undefined, values, exported: undefined };
}
