// Runs the `quadrille` command as a process of its own, as users do.
import { execFile } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../src/main.ts");
const root = join(import.meta.dirname, "../../..");

/** What became of a command. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs it in `cwd` (the repository's root unless given) to its end. */
export function runCli(
  args: readonly string[],
  { cwd = root, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const inherited = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--conditions=quadrille-source", main, ...args],
      { cwd, env: { ...inherited, ...env }, maxBuffer: 64 * 1_024 * 1_024 },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, out, err });
      },
    );
  });
}
