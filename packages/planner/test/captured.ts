// Runs a command line in this process, and keeps what it writes.
import { join } from "node:path";
import picocolors from "picocolors";
import { runCommand } from "../src/cli/run-command.ts";

const root = join(import.meta.dirname, "../../..");

/** What became of a command. */
export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs it in `cwd`, the repository's root unless given. */
export async function captured(args: readonly string[], cwd: string = root): Promise<Captured> {
  let out = "";
  let err = "";
  const code = await runCommand(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    progress: () => {},
    colors: picocolors.createColors(false),
    cwd,
  });
  return { code, out, err };
}
