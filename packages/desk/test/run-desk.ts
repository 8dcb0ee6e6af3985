// Runs the `quadrille-desk` command in this process, in a folder of its own, at a time that stands still.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import picocolors from "picocolors";
import { stoppedClock } from "../src/ambient/clock.ts";
import { runCommand } from "../src/cli/run-command.ts";
import type { Terminal } from "../src/cli/terminal.ts";

/** What became of a command. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The time at which the tests' commands run, unless they say another one. */
export const testNow = "2026-11-26T10:00:00Z";

/** A folder in which commands run; it is removed at the end of the scope. */
export class DeskBench implements Disposable {
  readonly cwd: string = mkdtempSync(join(tmpdir(), "quadrille-desk-"));

  /** Runs a command to its end. */
  async run(args: readonly string[], terminal: Partial<Terminal> = {}): Promise<Ran> {
    let [out, err] = ["", ""];
    const code = await runCommand(args, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      colors: picocolors.createColors(false),
      live: false,
      cwd: this.cwd,
      env: { USER: "tester" },
      clock: stoppedClock(Date.parse(testNow)),
      signal: new AbortController().signal,
      input: () => "",
      ...terminal,
    });
    return { code, out, err };
  }

  [Symbol.dispose](): void {
    rmSync(this.cwd, { recursive: true, force: true });
  }
}
