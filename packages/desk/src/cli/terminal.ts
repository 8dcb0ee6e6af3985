// What a command sees of the world: where it writes, its folder, its clock.
import { isatty } from "node:tty";
import picocolors from "picocolors";
import { type Clock, systemClock } from "../ambient/clock.ts";

/** The colours; each function returns its text unchanged where there are none. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** What a command sees of the world. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colors: Colors;
  /** Whether a person watches: only then is a line drawn again and again. */
  readonly live: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** All of standard input, for a file named `-`. */
  readonly input: () => string;
}

/**
 * The terminal of this process. Colours only where a person reads, and not against `NO_COLOR` (no-color.org).
 */
export function processTerminal(input: () => string): Terminal {
  const { stdout, stderr, env } = process;
  stdout.on("error", (error: Error & { readonly code?: string }) => {
    // The reader of a pipe may stop reading (`| head`), which is no error.
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const live = isatty(stdout.fd) && env["TERM"] !== "dumb";
  const noColor = env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "";
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colors: picocolors.createColors(live && !noColor),
    live,
    cwd: process.cwd(),
    env,
    clock: systemClock,
    signal: stop.signal,
    input,
  };
}
