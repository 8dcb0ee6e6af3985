// The command line: the groups of commands, and help. What a command does is loaded when it is called.
import { Command } from "commander";
import type { RunCommand } from "./command-parts.ts";
import { frameworkCommands } from "./frameworks-program.ts";
import { mailCommands } from "./mail-program.ts";
import { minutesCommands } from "./minutes-program.ts";
import { stakeholderCommands } from "./stakeholders-program.ts";
import { demandCommands } from "./demands-program.ts";
import { actionCommands } from "./actions-program.ts";
import { playbookCommands } from "./playbook-program.ts";
import { planCommands } from "./plan-program.ts";
import { settingsCommands } from "./settings-program.ts";
import type { Terminal } from "./terminal.ts";

/** The whole command line. */
export function commandLine(run: RunCommand, terminal: Pick<Terminal, "out" | "err">): Command {
  const program = new Command("quadrille-desk")
    .description(
      "The desk's paper: mails, minutes, stakeholders, demands, playbooks, frameworks, as checked files in a folder.",
    )
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .helpCommand(false)
    .showSuggestionAfterError(true);
  frameworkCommands(program, run);
  mailCommands(program, run);
  minutesCommands(program, run);
  stakeholderCommands(program, run);
  demandCommands(program, run);
  actionCommands(program, run);
  playbookCommands(program, run);
  planCommands(program, run);
  settingsCommands(program, run);
  return program.addHelpText(
    "after",
    "\nDocuments are JSON files in a folder: desk, or --folder, or QUADRILLE_DESK.\nQUADRILLE_DESK_NOW is --now and QUADRILLE_DESK_BY is --by for every command.\nExit codes: 0 done, 1 findings or not possible now, 2 wrong use or input, 3 the command is broken.",
  );
}
