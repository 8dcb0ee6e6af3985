// Runs one command line to its exit code.
import { CommanderError } from "commander";
import { isQuadrilleError, thrownText } from "quadrille/tooling";
import { commandLine } from "./program/program.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { type ExitCode, exitCodes, UserError } from "./terminal/user-error.ts";
import { visibleOutput } from "./terminal/visible.ts";

/** Runs the command; never rejects. */
export async function runCommand(args: readonly string[], outside: Terminal): Promise<ExitCode> {
  const terminal: Terminal = {
    ...outside,
    out: (text) => outside.out(visibleOutput(text)),
    err: (text) => outside.err(visibleOutput(text)),
  };
  let exitCode: ExitCode = exitCodes.ok;
  try {
    const program = commandLine(async (work) => {
      exitCode = await work(terminal);
    }, terminal);
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return failure(error, terminal);
  }
}

function failure(error: unknown, { err, env }: Terminal): ExitCode {
  // Commander has printed it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof UserError) {
    err(`${error.message}\n`);
    return error.exitCode;
  }
  if (isQuadrilleError(error)) {
    err(`${error.message} (${error.code})\n`);
    return error.code === "Q_CONTRACT_MALFORMED" ? exitCodes.usage : exitCodes.findings;
  }
  const message = thrownText(error);
  const stack = error instanceof Error ? error.stack : undefined;
  err(`quadrille is broken: ${message.split("\n")[0]}. QUADRILLE_DEBUG=1 shows where.\n`);
  if (env["QUADRILLE_DEBUG"] !== undefined && stack !== undefined) err(`${stack}\n`);
  return exitCodes.internal;
}
