// Which choreography a command is about, when it takes none as argument.
import { findConfig } from "./config.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

/** The option that names it. */
export interface ChoreographyOption {
  readonly choreography?: string;
}

/** The path of the choreography: as told, or as the project's package.json says. */
export async function chosenPath({ choreography }: ChoreographyOption, { cwd }: Terminal): Promise<string> {
  const path = choreography ?? (await findConfig(cwd)).choreography;
  if (path !== undefined) return path;
  throw new UserError(
    'Which choreography? Name a module, a JSON file or a folder, or put {"quadrille": {"choreography": "path"}} into package.json.',
  );
}
