// The common parts of the programs: an exit code, and one sentence for a mistake that the user can fix.
import { UserError } from "./user-error.ts";

/** What to say of a failure, and the exit code. */
export interface Failure {
  readonly text: string;
  readonly exitCode: 1 | 2;
}

/**
 * Runs `main` with the arguments and sets the exit code. An error of the program itself ends it with its
 * trace.
 */
export async function runProgram(main: (args: readonly string[]) => Promise<number>): Promise<void> {
  try {
    const exitCode = await main(process.argv.slice(2));
    process.exitCode = exitCode;
    // Everything is closed. Only a connection to a silent server could still keep the process alive.
    process.stdout.write("", () => process.exit(exitCode));
  } catch (error) {
    const { text, exitCode } = failureOf(error);
    process.exitCode = exitCode;
    // Not thrown again: Node would print the line of the source with it, and of a bundled one that is all of
    // it. What the program had begun may be left open, so the process ends here.
    process.stderr.write(`${text}\n`, () => process.exit(exitCode));
  }
}

/**
 * The message of what has a code, which says what to do; else the trace. Never the cause: it is kept for
 * programs.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof UserError) return { text: error.message, exitCode: error.exitCode };
  if (!(error instanceof Error)) return { text: textOf(error), exitCode: 1 };
  const hasCode = "code" in error && typeof error.code === "string";
  return { text: hasCode ? error.message : (error.stack ?? error.message), exitCode: 1 };
}

/** PGlite throws an object of its own when its PostgreSQL exits. */
function textOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null || !("message" in thrown)) return String(thrown);
  return String(thrown.message);
}
