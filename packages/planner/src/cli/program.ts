// The command line: its commands, options and help.
import { Command } from "commander";
import { addBacktest } from "./backtest.ts";
import { addBench } from "./bench.ts";
import { addGates } from "./gates.ts";
import { addPizzaYear } from "./pizza-year.ts";
import { addWhy } from "./why.ts";
import type { Shell, Terminal } from "./terminal.ts";
import type { ExitCode } from "./user-error.ts";

/** Builds the command line. */
export function commandLine(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  const program = new Command("planner")
    .description("What to order, how much, and why: a replenishment planner for one stock point.")
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError("(--help shows what there is)");
  const shell: Shell = { terminal, exit };
  addBench(program, shell);
  addWhy(program, shell);
  addBacktest(program, shell);
  addPizzaYear(program, shell);
  addGates(program, shell);
  return program;
}
