#!/usr/bin/env node
// The `quadrille` command: runs it, and turns whatever goes wrong into one sentence and an exit code.
import * as nodeModule from "node:module";
import { nodeProblem } from "./node-version.ts";
import type { ExitCode } from "./terminal/user-error.ts";

const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}
// Compiled once per machine: the second start of a command takes a third of the time of the first.
nodeModule.enableCompileCache();
const { runCommand } = await import("./run-command.ts");
const { processTerminal } = await import("./terminal/terminal.ts");
const { exitCodes, moduleAdvice } = await import("./terminal/user-error.ts");

let exitCode: ExitCode | undefined;
const end = (code: ExitCode): never => process.exit((exitCode = code));
// A contract's module is foreign code and may end the process at any time. With its exit code a check could
// pass that found errors or never began. So while a module is loading, the exit code is that of a wrong
// input, and the message names the module.
process.on("exit", () => {
  if (exitCode === undefined && process.exitCode !== exitCodes.usage) {
    process.stderr.write(
      `The process ended before the command was done, most likely by code of a module that it loaded: ${moduleAdvice}.\n`,
    );
  }
  process.exitCode = exitCode ?? exitCodes.usage;
});
exitCode = await runCommand(process.argv.slice(2), processTerminal(end));
const { stdout, stderr } = process;
// It may also have left a timer or a server behind, or still be loading: end the process once everything is
// written.
stdout.write("", (error) => {
  // What could not be written ends the process in the terminal's own handler.
  if (!error) stderr.write("", () => process.exit(exitCode));
});
