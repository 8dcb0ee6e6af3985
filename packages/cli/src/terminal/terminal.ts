// The command's output, and whether it has colours.
import { isatty } from "node:tty";
import picocolors from "picocolors";
import { type ExitCode, exitCodes } from "./user-error.ts";

/** The colours; each function returns its text unchanged where there are none. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** The output of commands. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /**
   * Shows the progress of long work, replacing what was shown before; nothing if the output is not a
   * terminal. An empty text removes it.
   */
  readonly progress: (text: string) => void;
  readonly colors: Colors;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The terminal of this process, which `end` ends. Colours only on a terminal, and not with `NO_COLOR`
 * (no-color.org).
 */
export function processTerminal(end: (exitCode: ExitCode) => never): Terminal {
  const { stdout, stderr, env } = process;
  // The reader may stop reading (`| head`): that is not an error.
  stdout.on("error", (error: Error & { readonly code?: string }) => {
    if (error.code === "EPIPE") end(exitCodes.ok);
    stderr.write(`The output cannot be written: ${error.message}.\n`);
    end(exitCodes.findings);
  });
  const noColor = env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "";
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    progress: (text) => {
      // Erases the line (ECMA-48 EL), and writes in its place.
      if (isatty(stderr.fd) && env["TERM"] !== "dumb") stderr.write(`\r\u001B[K${text}`);
    },
    // `isTTY` is undefined in a pipe, and `createColors` takes that for "decide yourself": in CI, colours.
    colors: picocolors.createColors(isatty(stdout.fd) && !noColor && env["TERM"] !== "dumb"),
    cwd: process.cwd(),
    env,
  };
}
