// Runs the `quadrille` command: in this process, or in a process of its own for tests of the process.
import { execFile } from "node:child_process";
import { join } from "node:path";
import picocolors from "picocolors";
import { runCommand } from "../src/run-command.ts";

const main = join(import.meta.dirname, "../src/main.ts");
const root = join(import.meta.dirname, "../../..");

/** The result of a command. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Where a command runs: in the repository's root and without variables, unless given. */
export interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs it to its end, as `main.ts` does with the terminal of its process. */
export async function runCli(args: readonly string[], { cwd = root, env = {} }: Place = {}): Promise<Ran> {
  let [out, err] = ["", ""];
  const code = await runCommand(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    progress: () => undefined,
    colors: picocolors.createColors(false),
    cwd,
    env,
  });
  return { code, out, err };
}

/** Runs it as a process of its own, as users do: for exit codes, and for modules that affect the process. */
export function spawnCli(args: readonly string[], { cwd = root, env = {} }: Place = {}): Promise<Ran> {
  const inherited = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      // PGlite's code is compiled quickly: no command works long enough to gain from compiling it well.
      ["--conditions=quadrille-source", "--liftoff-only", main, ...args],
      { cwd, env: { ...inherited, ...env }, maxBuffer: 64 * 1_024 * 1_024 },
      (error, out, err) => {
        const failed = typeof error?.code === "number" ? error.code : -1;
        const code = error === null ? 0 : failed;
        resolve({ code, out, err });
      },
    );
  });
}
