// `quadrille migrate`: compares a contract with the tables, and accepts a changed one on purpose.
import { systemAmbient } from "quadrille/tooling";
import { acceptContracts, type ContractReview, reviewContracts } from "quadrille/operations";
import { type DataOptions, openData } from "../read/data.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes } from "../terminal/user-error.ts";

/** Of `quadrille migrate`. */
export interface MigrateCommandOptions extends DataOptions {
  readonly accept?: true;
  readonly json?: true;
}

/** Shows what the next start would do, and with `--accept` makes the tables take the contract as it is. */
export async function migrateCommand(options: MigrateCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const { choreographies, database: opened } = await openData(options, terminal);
  await using database = opened;
  const ambient = systemAmbient(({ message }) => terminal.err(`${message}\n`));
  const about = { choreographies, database, ambient };
  const reviews = await reviewContracts(about);
  if (options.accept === true) await acceptContracts(about);
  const after = options.accept === true ? await reviewContracts(about) : reviews;
  if (options.json === true) terminal.out(`${JSON.stringify(after, undefined, 2)}\n`);
  else for (const one of after) terminal.out(`${lineOf(one, terminal)}\n`);
  return after.some(({ verdict }) => verdict === "refused") ? exitCodes.findings : exitCodes.ok;
}

function lineOf({ participant, generation, verdict, reason }: ContractReview, { colors }: Terminal): string {
  switch (verdict) {
    case "same":
      return `${participant}: ${colors.green("same")}, generation ${generation}.`;
    case "new":
      return `${participant}: ${colors.yellow("new")}; the next start records generation ${generation + 1}.`;
    case "refused":
      return `${participant}: ${colors.red("refused")}. ${reason ?? ""}`;
  }
}
