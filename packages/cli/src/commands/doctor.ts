// `quadrille doctor`: what keeps a PostgreSQL database from vacuuming, and how to end it.
import { heldOpen, type Holder } from "quadrille/postgres";
import { thrownText } from "quadrille/tooling";
import { span } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";
import { visible } from "../terminal/visible.ts";

/** Options of the command. */
export interface DoctorOptions {
  readonly database?: string;
  /** Milliseconds. */
  readonly longerThan: number;
  readonly json?: true;
}

/** Names the holders of old row versions. Exit code 1 if there are any. */
export async function doctorCommand(options: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  const url = options.database ?? terminal.env["QUADRILLE_DATABASE"];
  if (url === undefined) {
    throw new UserError(
      "The doctor looks at a PostgreSQL server: name it with --database or QUADRILLE_DATABASE. PGlite has no other sessions.",
    );
  }
  const holders = await holdersAt(url, options.longerThan);
  if (options.json === true) terminal.out(`${JSON.stringify(holders, undefined, 2)}\n`);
  else terminal.out(textOf(holders, options.longerThan, terminal));
  return holders.length === 0 ? exitCodes.ok : exitCodes.findings;
}

async function holdersAt(url: string, longerMs: number): Promise<readonly Holder[]> {
  try {
    return await heldOpen({ url, longerMs });
  } catch (error) {
    const reason = thrownText(error) || "no answer";
    throw new UserError(
      `The database cannot be asked (${reason}): check --database and that the server runs.`,
      1,
    );
  }
}

function textOf(holders: readonly Holder[], longerMs: number, { colors }: Terminal): string {
  if (holders.length === 0)
    return `${colors.green("All is well.")} No transaction has been open for longer than ${span(longerMs)}.\n`;
  const head =
    "Old rows cannot be cleared away, and every flush becomes slower until these end (the tables recover by themselves then):";
  return `${[colors.yellow(head), ...holders.map(lineOf)].join("\n")}\n`;
}

function lineOf({ kind, name, user, application, address, state, openMs, statement, cure }: Holder): string {
  const who = [user && `user ${user}`, application, address && `from ${address}`].filter(Boolean).join(", ");
  const since = openMs === undefined ? "" : `, open for ${span(openMs)}`;
  const last = statement === undefined || statement === "" ? "" : `; last statement: ${statement}`;
  return visible(`${kind} ${name} (${who}) is ${state ?? "open"}${since}${last}. To end it: ${cure};`);
}
