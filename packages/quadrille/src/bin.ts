#!/usr/bin/env node
// The name `quadrille` for the shell. The command itself is the package quadrille-cli, so that a program that
// runs sagas does not install it; this hands over to it, or says in one sentence how to get it.

// Not a literal: the command is built with this library, and not the other way round.
const command = "quadrille-cli/main";
try {
  await import(command);
} catch (error) {
  const isMissing =
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes("'quadrille-cli'");
  if (!isMissing) throw error;
  process.stderr.write("The command is a package of its own: npm install --save-dev quadrille-cli\n");
  process.exitCode = 2;
}
