// Runs one command line to its exit code.
import { CommanderError } from "commander";
import { isDeskError } from "../desk-error.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { commandLine } from "./program.ts";
import { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** Runs the command; never rejects. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  try {
    const program = commandLine(async (options, work) => {
      exitCode = await work(new Session(options, terminal));
    }, terminal);
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return failure(error, terminal);
  }
}

function failure(error: unknown, { err, env }: Terminal): ExitCode {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (isDeskError(error)) {
    err(`${error.message}\n`);
    return exitCodeOf(error.code);
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  err(`quadrille-desk is broken: ${message.split("\n")[0]}. QUADRILLE_DEBUG=1 shows where.\n`);
  if (env["QUADRILLE_DEBUG"] !== undefined && stack !== undefined) err(`${stack}\n`);
  return exitCodes.internal;
}
