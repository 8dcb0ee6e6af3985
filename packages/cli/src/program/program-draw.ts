// The commands that draw: map and canvas.
import { UserError } from "../terminal/user-error.ts";
import { type AddCommand, choreographyOption, jsonOption, type Run } from "./command-parts.ts";

/** Adds the drawing commands to the program. */
export function drawCommands(add: AddCommand, run: Run): void {
  add("map [choreography]", "Who publishes and who takes which event.", [
    ["map", "of this project"],
    ["map apps/pizza-place", "of the choreography in a folder; also a module or a JSON file"],
    ["map --mermaid > map.mmd", "as a flowchart"],
    ["map --system", "several choreographies as one, with the events through which they meet"],
  ])
    .addOption(choreographyOption())
    .addOption(jsonOption().conflicts("mermaid"))
    .option("--mermaid", "as a Mermaid flowchart")
    .option("--system", "all choreographies in one drawing")
    .action((path: string | undefined, options: Draw & { readonly mermaid?: true; readonly system?: true }) =>
      run(async (terminal) =>
        (await import("../commands/draw.ts")).mapCommand(withPath(path, options), terminal),
      ),
    );
  add("canvas [choreography]", "The saga canvas: step, trigger, participant, change, events, compensation.", [
    ["canvas", "of this project"],
    ["canvas --markdown > canvas.md", "as a table for documents"],
  ])
    .addOption(choreographyOption())
    .addOption(jsonOption().conflicts("markdown"))
    .option("--markdown", "as a Markdown table")
    .action((path: string | undefined, options: Draw & { readonly markdown?: true }) =>
      run(async (terminal) =>
        (await import("../commands/draw.ts")).canvasCommand(withPath(path, options), terminal),
      ),
    );
}

interface Draw {
  readonly choreography?: string;
  readonly json?: true;
}

/** The choreography may be an argument, as for a check, or an option. */
function withPath<T extends Draw>(path: string | undefined, options: T): T {
  if (path === undefined) return options;
  if (options.choreography !== undefined)
    throw new UserError(`Name one choreography: ${path}, or --choreography ${options.choreography}.`);
  return { ...options, choreography: path };
}
