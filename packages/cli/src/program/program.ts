// The command line: its commands, their options, and help with examples. The code of a command is loaded when
// it is called, so that each command starts fast.
import { Command, Option } from "commander";
import type { AddCommand, Run } from "./command-parts.ts";
import { drawCommands } from "./program-draw.ts";
import { checkCommands } from "./program-check.ts";
import { dataCommands } from "./program-data.ts";
import { loadSecondsDefault, limitLoading } from "../read/load-limit.ts";
import { wholeBetween } from "../read/check-options.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** The whole command line. */
export function commandLine(run: Run, terminal: Pick<Terminal, "out" | "err">): Command {
  const program = new Command("quadrille")
    .description("Choreography-based sagas: look at them, check them, fix them.")
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .helpCommand(false)
    .addOption(
      new Option("--load-seconds <n>", "how long a module may load, 1 to 3600")
        .default(loadSecondsDefault)
        .argParser(wholeBetween(1, 3_600)),
    )
    .hook("preAction", (root) => limitLoading(root.opts<{ loadSeconds: number }>().loadSeconds))
    .showSuggestionAfterError(true);
  const add: AddCommand = (name, description, examples) => {
    const command = program.command(name).description(description).exitOverride();
    const width = Math.max(...examples.map(([text]) => text.length));
    const lines = examples.map(([text, what]) => `  quadrille ${text.padEnd(width)}  ${what}`.trimEnd());
    return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
  };
  drawCommands(add, run);
  checkCommands(add, run);
  dataCommands(add, run);
  return program.addHelpText(
    "after",
    '\nA choreography is named by the option or argument, or by {"quadrille": {"choreography": "path"}} in package.json.\nExit codes: 0 done, 1 findings or not possible now, 2 wrong use or input, 3 the command is broken.',
  );
}
