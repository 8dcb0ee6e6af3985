#!/usr/bin/env node
// The `quadrille-desk` command: runs it, and sets the exit code.
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";

// An old Node is refused in one sentence, before anything is loaded that it does not have; the version is
// that of package.json.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `quadrille-desk needs Node 22.18 or newer, and this is Node ${process.versions.node}. Install a newer one, or one for this folder, which npx finds: npm install --save-dev node@24\n`,
  );
  process.exit(2);
}
// Compiled once per machine: later starts are quicker.
nodeModule.enableCompileCache();
const { runCommand } = await import("./run-command.ts");
const { processTerminal } = await import("./terminal.ts");
process.exitCode = await runCommand(
  process.argv.slice(2),
  processTerminal(() => readFileSync(0, "utf8")),
);
