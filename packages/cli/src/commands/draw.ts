// The commands that draw a choreography.
import { canvasOf, drawCanvas, drawMap, graphOf, markdownCanvas, mermaidMap } from "quadrille/draw";
import { type ChoreographyOption, chosenWhole } from "../read/choreography-option.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes } from "../terminal/user-error.ts";
import { visibleIn } from "../terminal/visible.ts";

/** `quadrille map` */
export async function mapCommand(
  options: ChoreographyOption & { readonly json?: true; readonly mermaid?: true },
  terminal: Terminal,
): Promise<ExitCode> {
  const { json } = await chosenWhole(options, terminal);
  if (options.json === true) terminal.out(`${JSON.stringify(graphOf(json), undefined, 2)}\n`);
  else terminal.out(options.mermaid === true ? mermaidMap(visibleIn(json)) : drawMap(visibleIn(json)));
  return exitCodes.ok;
}

/** `quadrille canvas` */
export async function canvasCommand(
  options: ChoreographyOption & { readonly json?: true; readonly markdown?: true },
  terminal: Terminal,
): Promise<ExitCode> {
  const { json } = await chosenWhole(options, terminal);
  if (options.json === true) terminal.out(`${JSON.stringify(canvasOf(json), undefined, 2)}\n`);
  else
    terminal.out(options.markdown === true ? markdownCanvas(visibleIn(json)) : drawCanvas(visibleIn(json)));
  return exitCodes.ok;
}
