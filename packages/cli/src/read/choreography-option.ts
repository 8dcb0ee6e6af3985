// Which choreography a command is about, when it takes none as argument.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { listed } from "quadrille/check";
import { findConfig } from "./config.ts";
import { findSystem, type Whole } from "./load.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

/** The option that names it: a path, or the name of a choreography of this project. */
export interface ChoreographyOption {
  readonly choreography?: string;
}

const setting = '{"quadrille": {"choreography": "path"}}';

/** The path of the choreography: from the option, or from the project's package.json. */
export async function chosenPath(options: ChoreographyOption, { cwd }: Terminal): Promise<string> {
  const { choreography: own } = await findConfig(cwd);
  const name = nameIn(options, { cwd });
  const isName = own !== undefined && name !== undefined;
  if (own === undefined && name !== undefined)
    throw new UserError(
      `${name} is no file here, and the project does not say where its choreographies are: put ${setting} into package.json, or name a module.`,
    );
  const path = isName ? own : (options.choreography ?? own);
  if (path !== undefined) return path;
  throw new UserError(
    `Which choreography? Name a module, a JSON file or a folder, or put ${setting} into package.json.`,
  );
}

/** The option's name, if it is not a path. */
export function nameIn(
  { choreography }: ChoreographyOption,
  { cwd }: Pick<Terminal, "cwd">,
): string | undefined {
  const isPath = choreography === undefined || choreography === "" || existsSync(resolve(cwd, choreography));
  return isPath || /[/\\]|\.\w+$/.test(choreography) ? undefined : choreography;
}

/** The choreographies of the project or of the given path; only the named one, if one is named. */
export async function chosenSystem(
  options: ChoreographyOption,
  terminal: Terminal,
): Promise<readonly Whole[]> {
  const system = await findSystem(await chosenPath(options, terminal), terminal.cwd);
  const name = nameIn(options, terminal);
  const named = name === undefined ? system : system.filter(({ json }) => json.name === name);
  if (named.length > 0) return named;
  const known = system.map(({ json }) => json.name);
  throw new UserError(
    `${name} is neither a file nor a choreography of ${system[0].file}: there ${known.length === 1 ? "is" : "are"} ${listed(known)}.`,
  );
}

/** The one choreography that a command is about: the first of the project's, unless one is named. */
export async function chosenWhole(options: ChoreographyOption, terminal: Terminal): Promise<Whole> {
  const [first] = await chosenSystem(options, terminal);
  if (first === undefined) throw new Error("a system has a choreography");
  return first;
}
