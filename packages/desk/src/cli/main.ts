#!/usr/bin/env node
// The `quadrille-desk` command: runs it, and sets the exit code.
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";

// Compiled once per machine: later starts are quicker.
enableCompileCache();
const { runCommand } = await import("./run-command.ts");
const { processTerminal } = await import("./terminal.ts");
process.exitCode = await runCommand(
  process.argv.slice(2),
  processTerminal(() => readFileSync(0, "utf8")),
);
