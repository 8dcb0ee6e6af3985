// Audits from outside: asks the running process, or opens the database itself when no process has it.
import { isQuadrilleError } from "quadrille";
import { readAddress } from "../../shared/address.ts";
import { openBooks } from "../../composition/books.ts";
import { hasData, openDatabase } from "../../database/open.ts";
import { Audit } from "../../http/schemas.ts";
import type { AuditOptions } from "../start/options.ts";
import { UserError } from "../../shared/user-error.ts";
import type { AuditReport } from "../../audit/audit.ts";

/** Makes the report. Throws a {@link UserError} when there is nothing to audit, or no process to ask. */
export async function makeReport(options: AuditOptions): Promise<AuditReport> {
  const { database: choice, settled } = options;
  if (!(await hasData(choice))) {
    const where = choice.url === undefined ? `the folder ${choice.dataFolder}` : "this database";
    throw new UserError(`There is no pizza place in ${where}: run npm start first.`, 1);
  }
  try {
    await using database = await openDatabase(choice);
    return await (await openBooks(database)).audit({ settled });
  } catch (error) {
    if (!isQuadrilleError(error) || error.code !== "Q_DATA_FOLDER_BUSY") throw error;
    return await askRunning(options, error);
  }
}

async function askRunning({ database, settled }: AuditOptions, busy: Error): Promise<AuditReport> {
  const url = await readAddress(database.dataFolder);
  const answer =
    url === undefined ? undefined : await fetch(`${url}/audit?settled=${settled}`).catch(() => undefined);
  if (answer?.ok !== true) {
    throw new UserError(`${busy.message} It does not answer as a pizza place, either.`, 1);
  }
  return Audit.parse(await answer.json());
}
