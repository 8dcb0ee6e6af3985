#!/usr/bin/env node
// The `quadrille` command: runs it, and turns whatever goes wrong into one sentence and an exit code.
import { enableCompileCache } from "node:module";

// Compiled once per machine: the second start of a command takes a third of the time of the first.
enableCompileCache();
const { runCommand } = await import("./run-command.ts");
const exitCode = await runCommand(process.argv.slice(2));
// A contract's module may have left a timer or a server behind, or still be loading: end here, when all is written.
process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
