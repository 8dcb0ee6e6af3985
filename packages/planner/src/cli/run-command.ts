// Runs one command line to its exit code.
import { CommanderError } from "commander";
import { PlannerInputError } from "../planner/errors.ts";
import { commandLine } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { type ExitCode, exitCodes, UserError } from "./user-error.ts";

/** Runs the command; never rejects. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = commandLine(terminal, (code) => {
    exitCode = code;
  });
  try {
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return failure(error, terminal);
  }
}

function failure(error: unknown, { err, progress }: Terminal): ExitCode {
  progress("");
  // Commander has printed it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof UserError) {
    err(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof PlannerInputError) {
    err(error.problems.map((problem) => `${problem}\n`).join(""));
    return exitCodes.usage;
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err(`quadrille-planner is broken, please report this: ${message}\n`);
  return exitCodes.internal;
}
