#!/usr/bin/env node
// The `quadrille-planner` command: a thin shell around the library.
import * as nodeModule from "node:module";

// An old Node is refused in one sentence, before anything is loaded that it does not have; the version is
// that of package.json.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `quadrille-planner needs Node 22.18 or newer, and this is Node ${process.versions.node}. Install a newer one, or one for this folder, which npx finds: npm install --save-dev node@24\n`,
  );
  process.exit(2);
}
nodeModule.enableCompileCache();
const { runCommand } = await import("./run-command.ts");
const { processTerminal } = await import("./terminal.ts");
// The reader may stop reading (`| head`): that is no error of this command.
process.stdout.on("error", (error: Error & { readonly code?: string }) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
process.exitCode = await runCommand(process.argv.slice(2), processTerminal());
