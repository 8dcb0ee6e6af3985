// Where the command writes, and whether in colour.
import { isatty } from "node:tty";
import picocolors from "picocolors";
import type { ExitCode } from "./user-error.ts";

/** The colours; each function returns its text unchanged where there are none. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** What a command sees of the world. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Replaces the progress line; nothing where it is not a terminal. An empty text removes it. */
  readonly progress: (text: string) => void;
  readonly colors: Colors;
  readonly cwd: string;
}

/** What every command gets. */
export interface Shell {
  readonly terminal: Terminal;
  /** Sets the exit code; without a call it is 0. */
  readonly exit: (code: ExitCode) => void;
}

/** The terminal of this process. Colours only on a terminal, and not against `NO_COLOR` (no-color.org). */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const noColor = env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "";
  const watched = isatty(stderr.fd);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    progress: (text) => {
      if (watched) stderr.write(`\r\u001b[K${text}`);
    },
    colors: picocolors.createColors(isatty(stdout.fd) && !noColor && env["TERM"] !== "dumb"),
    cwd: process.cwd(),
  };
}
