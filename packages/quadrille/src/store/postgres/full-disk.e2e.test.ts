// PGlite whose disk is full for a while. The room is taken away by a limit on the size of the process's
// files: its next log file cannot be written, which is what makes PostgreSQL panic on a disk that is full.
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { initialisedFolder } from "../../../../../test/pglite-template.ts";
import { asPromised, within } from "../../../../../test/soon.ts";
import type { DiskReport } from "../../../test/full-disk-process.ts";

const program = join(import.meta.dirname, "../../../test/full-disk-process.ts");
/**
 * A log file that cannot be written makes PostgreSQL panic; a table's file that cannot be extended is an
 * error.
 */
const noRoom = /has crashed .* cannot be opened again yet .*Make room|could not extend file/;

/** Linux can change the limits of a process that runs. */
const canLimit = process.platform === "linux" && works("prlimit", ["--version"]);

function works(name: string, args: readonly string[]): boolean {
  try {
    execFileSync(name, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!canLimit)("PGlite on a full disk (needs Linux and prlimit)", () => {
  let folder: string;
  let child: ChildProcess;
  let report: DiskReport | undefined;
  let exit: Promise<unknown>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "quadrille-full-"));
    await initialisedFolder(folder);
    report = undefined;
    child = fork(program, [folder], { execArgv: ["--conditions=quadrille-source", "--liftoff-only"] });
    exit = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
    child.on("message", (message: DiskReport) => {
      const wrong = message.wrong ?? report?.wrong;
      report = wrong === undefined ? message : { ...message, wrong };
    });
  });
  afterEach(async () => {
    child.kill("SIGKILL");
    await exit;
    await rm(folder, { recursive: true, force: true });
  });

  /** Until a number of further notes was accepted. */
  async function writes(more: number): Promise<void> {
    const before = report?.accepted ?? 0;
    await vi.waitFor(() => expect(report?.accepted ?? 0).toBeGreaterThan(before + more), within);
  }
  function limitFiles(bytes: number | "unlimited"): void {
    execFileSync("prlimit", [`--pid=${child.pid}`, `--fsize=${bytes}:unlimited`]);
  }
  async function fills(): Promise<void> {
    await writes(5);
    limitFiles(16_000_000);
    await vi.waitFor(() => expect(report?.trouble).toMatch(noRoom), within);
  }

  it("goes on by itself when there is room again, and stops in time while there is none", async () => {
    await fills();
    limitFiles("unlimited");
    await writes(20);
    child.send("count");
    await vi.waitFor(() => expect(report?.wrong).toBeDefined(), within);
    // Nothing lost, and nothing twice.
    expect(report?.wrong).toEqual([]);

    await fills();
    const begun = performance.now();
    child.send("stop");
    expect(await exit).toBe(0);
    // The time of its drain.
    expect(performance.now() - begun).toBeLessThan(asPromised(3_000));
  });
});
