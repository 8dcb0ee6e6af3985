// The commands that draw a choreography.
import { listed } from "quadrille/check";
import {
  asOne,
  canvasOf,
  drawCanvas,
  drawMap,
  graphOf,
  markdownCanvas,
  type Meeting,
  meetingsOf,
  mermaidMap,
} from "quadrille/draw";
import { type ChoreographyOption, chosenSystem, chosenWhole } from "../read/choreography-option.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes } from "../terminal/user-error.ts";
import { visibleIn } from "../terminal/visible.ts";

/** `quadrille map` */
export async function mapCommand(
  options: ChoreographyOption & { readonly json?: true; readonly mermaid?: true; readonly system?: true },
  terminal: Terminal,
): Promise<ExitCode> {
  const system = (await chosenSystem(options, terminal)).map(({ json }) => json);
  const drawn = options.system === true ? [asOne(system)] : system;
  if (options.json === true) {
    const graphs = drawn.map(graphOf);
    terminal.out(`${JSON.stringify(graphs.length === 1 ? graphs[0] : graphs, undefined, 2)}\n`);
    return exitCodes.ok;
  }
  const draw = options.mermaid === true ? mermaidMap : drawMap;
  terminal.out(drawn.map((one) => draw(visibleIn(one))).join("\n"));
  if (options.mermaid !== true) terminal.out(meetingsText(visibleIn(meetingsOf(system))));
  return exitCodes.ok;
}

/** How choreographies meet, one line for each event; empty where they do not. */
function meetingsText(meetings: readonly Meeting[]): string {
  if (meetings.length === 0) return "";
  const lines = meetings.map(
    ({ event, from, to, takenBy, how }) =>
      `  ${event} of ${from} ${how} of ${to}: taken by ${listed(takenBy)}`,
  );
  return ["", "They meet:", ...lines, ""].join("\n");
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
