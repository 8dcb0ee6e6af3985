// Runs one Promela model through SPIN and a C compiler, and reads what its verifier counted and which
// assertions it saw fail.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What SPIN's verifier says of a model of `toPromela`. */
export interface SpinResult {
  /** States stored. */
  readonly states: number;
  /** Transitions, which are one more than the steps: the initial one. */
  readonly transitions: number;
  /** The places of unhandled deliveries (P1), as `participant.state.event` in numbers; sorted. */
  readonly unsaid: readonly string[];
  /** The same of `never` (P2). */
  readonly never: readonly string[];
}

/** The most a verifier may print: a line for each failed assertion. */
const outputBytesMax = 64 * 2 ** 20;
/** Steps from the beginning in depth-first order; 45 MB of stack. */
const depthMax = 1_000_000;
/**
 * Large models compile in half a second and run in less; this is for a machine that is busy with other
 * things.
 */
const timeoutMs = 120_000;

/**
 * Explores a model completely, without partial order reduction; failed assertions are noted and do not stop
 * it.
 */
export async function runSpin(model: string): Promise<SpinResult> {
  const folder = await mkdtemp(join(tmpdir(), "quadrille-spin-"));
  const options = { cwd: folder, maxBuffer: outputBytesMax, timeout: timeoutMs };
  try {
    await writeFile(join(folder, "model.pml"), model);
    await run("spin", ["-DP1", "-DP2", "-a", "model.pml"], options);
    // Unoptimized: these models run for milliseconds, and -O2 would compile for seconds.
    await run("gcc", ["-O0", "-w", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"], options);
    const { stdout } = await run(join(folder, "pan"), ["-E", "-c0", "-n", `-m${depthMax}`, "-w20"], options);
    return readVerifier(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads the verifier's report; throws where it was not complete. */
export function readVerifier(output: string): SpinResult {
  const complaint = /^(?:error: .*|.*(?:search not completed|out of memory|max search depth).*)$/im.exec(
    output,
  );
  if (complaint !== null) throw new Error(`SPIN did not explore everything: ${complaint[0]}`);
  return {
    states: numberBefore(output, "states, stored"),
    transitions: numberBefore(output, "transitions (= stored+matched)"),
    unsaid: places(output, /assertion violated \(\(\((\d+)\+(\d+)\)\+(\d+)\)<0\)/g),
    never: places(output, /assertion violated \(0>\(\((\d+)\+(\d+)\)\+(\d+)\)\)/g),
  };
}

function numberBefore(output: string, words: string): number {
  const line = output.split("\n").find((one) => one.trim().endsWith(words));
  const value = Number.parseInt(line ?? "", 10);
  if (Number.isNaN(value)) throw new Error(`SPIN's report names no "${words}":\n${output.slice(0, 2_000)}`);
  return value;
}

function places(output: string, assertion: RegExp): string[] {
  const found = [...output.matchAll(assertion)].map((match) => match.slice(1).join("."));
  return [...new Set(found)].toSorted();
}
