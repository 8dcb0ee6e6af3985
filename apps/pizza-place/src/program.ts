// What the programs have in common: an exit code in the end, and one sentence for what the user can mend.
import { UserError } from "./user-error.ts";

/** Runs `main` with the arguments and sets the exit code. Errors of the program itself end it with their trace. */
export async function runProgram(main: (args: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const exitCode = await exitCodeOf(error);
    if (exitCode === undefined || !(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = exitCode;
  }
}

// The library is loaded late, so that help and mistakes in the options are told at once.
async function exitCodeOf(error: unknown): Promise<number | undefined> {
  if (error instanceof UserError) return error.exitCode;
  const { isQuadrilleError } = await import("quadrille");
  return isQuadrilleError(error) ? 1 : undefined;
}
