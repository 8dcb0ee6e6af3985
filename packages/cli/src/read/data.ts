// Finds the data to look at: the running process, PostgreSQL, or the data folder itself when no process has
// it open.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Choreography, Clock, Database } from "quadrille";
import { isQuadrilleError, QuadrilleError, systemAmbient } from "quadrille/tooling";
import { type Fetch, type Operations, readAddress } from "quadrille/operations";
import { assertPostgresUrl } from "quadrille/postgres";
import { chosenPath, type ChoreographyOption } from "./choreography-option.ts";
import { findConfig } from "./config.ts";
import { findSystem } from "./load.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

/** Options of every command that looks at data. */
export interface DataOptions extends ChoreographyOption {
  readonly dataFolder?: string;
  readonly database?: string;
  readonly schemaPrefix?: string;
}

/** How long a running process may take for an answer. */
const answerMsMax = 30_000;

/** Opens the data, hands it to `use`, closes it. */
export async function withOperations<T>(
  options: DataOptions,
  terminal: Terminal,
  use: (operations: Operations) => Promise<T>,
): Promise<T> {
  const config = await findConfig(terminal.cwd);
  const folder = options.dataFolder ?? config.dataFolder;
  const address = options.database === undefined ? await readAddress(folder) : undefined;
  if (address !== undefined) {
    const { remoteOperations } = await import("quadrille/operations");
    return use(remoteOperations(address, timedFetch(systemAmbient().clock)));
  }
  const opened = await openData(options, terminal);
  const { openOperations } = await import("quadrille/operations");
  await using database = opened.database;
  return await use(await openOperations({ choreographies: opened.choreographies, database }));
}

/** Data that were opened straight, and the choreography that they belong to. */
export interface OpenedData {
  readonly choreographies: readonly Choreography[];
  readonly database: Database;
}

/** Opens the database or the data folder itself: no process may have the folder open then. */
export async function openData(options: DataOptions, terminal: Terminal): Promise<OpenedData> {
  const folder = options.dataFolder ?? (await findConfig(terminal.cwd)).dataFolder;
  const url = options.database ?? terminal.env["QUADRILLE_DATABASE"];
  if (url === undefined && !existsSync(join(folder, "data"))) {
    throw new UserError(
      `There is no data in ${folder}: start the program first, or name its data with --data-folder or --database.`,
      1,
    );
  }
  const system = await findSystem(await chosenPath(options, terminal), terminal.cwd);
  const choreographies = system.map(({ choreography }) => choreography);
  const prefix = options.schemaPrefix === undefined ? {} : { schemaPrefix: options.schemaPrefix };
  return { choreographies, database: await openDatabase(url, folder, prefix) };
}

async function openDatabase(
  url: string | undefined,
  folder: string,
  options: { readonly schemaPrefix?: string },
): Promise<Database> {
  if (url === undefined) {
    const { pgliteDatabase } = await import("quadrille/pglite");
    return pgliteDatabase({ folder, ...options });
  }
  try {
    assertPostgresUrl(url);
  } catch (error) {
    throw isQuadrilleError(error) ? new UserError(error.message) : error;
  }
  const { postgresDatabase } = await import("quadrille/postgres");
  return postgresDatabase({ url, connectionsMax: 4, ...options });
}

/** `fetch` that gives up after a while with `Q_STORE_UNREACHABLE`. */
function timedFetch(clock: Clock): Fetch {
  return async (url, init) => {
    const answered = new AbortController();
    const late = clock.sleep(answerMsMax, answered.signal).then((): never => {
      throw new QuadrilleError(
        "Q_STORE_UNREACHABLE",
        `The running process did not answer within ${answerMsMax} ms.`,
      );
    });
    // Aborting the sleep ends it as well; by then its error has no listener.
    late.catch(() => undefined);
    try {
      return await Promise.race([fetch(url, init), late]);
    } finally {
      answered.abort();
    }
  };
}
