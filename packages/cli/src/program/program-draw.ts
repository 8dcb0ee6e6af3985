// The commands that draw: map and canvas.
import { type AddCommand, choreographyOption, jsonOption, type Run } from "./command-parts.ts";

/** Adds the drawing commands to the program. */
export function drawCommands(add: AddCommand, run: Run): void {
  add("map", "Who publishes and who takes which event.", [
    ["map", "of this project"],
    ["map -c apps/pizza-place", "of the choreography in a folder"],
    ["map --mermaid > map.mmd", "as a flowchart"],
    ["map --system", "several choreographies as one, with the events through which they meet"],
  ])
    .addOption(choreographyOption())
    .addOption(jsonOption().conflicts("mermaid"))
    .option("--mermaid", "as a Mermaid flowchart")
    .option("--system", "all choreographies in one drawing")
    .action((options: { choreography?: string; json?: true; mermaid?: true; system?: true }) =>
      run(async (terminal) => (await import("../commands/draw.ts")).mapCommand(options, terminal)),
    );
  add("canvas", "The saga canvas: step, trigger, participant, change, events, compensation.", [
    ["canvas", "of this project"],
    ["canvas --markdown > canvas.md", "as a table for documents"],
  ])
    .addOption(choreographyOption())
    .addOption(jsonOption().conflicts("markdown"))
    .option("--markdown", "as a Markdown table")
    .action((options: { choreography?: string; json?: true; markdown?: true }) =>
      run(async (terminal) => (await import("../commands/draw.ts")).canvasCommand(options, terminal)),
    );
}
