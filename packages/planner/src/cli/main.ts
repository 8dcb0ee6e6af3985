#!/usr/bin/env node
// The `quadrille-planner` command: a thin shell around the library.
import { enableCompileCache } from "node:module";

enableCompileCache();
const { runCommand } = await import("./run-command.ts");
const { processTerminal } = await import("./terminal.ts");
// The reader may stop reading (`| head`): that is no error of this command.
process.stdout.on("error", (error: Error & { readonly code?: string }) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
process.exitCode = await runCommand(process.argv.slice(2), processTerminal());
