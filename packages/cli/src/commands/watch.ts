// Checks again whenever a contract changes. JSON files are checked in this process, warm; a module's check
// runs in a process of its own, because a process never loads a changed module twice.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { systemAmbient } from "quadrille/tooling";
import { chosenPath } from "../read/choreography-option.ts";
import { checkCommand, type CheckCommandOptions } from "./check.ts";
import { contractFile } from "../read/load.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, UserError } from "../terminal/user-error.ts";

/** An editor writes a file in several steps; they count as one change. */
const settleMs = 30;

/** Checks now and after every change, until the process is interrupted. */
export async function watchCheck(
  paths: readonly string[],
  options: CheckCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const named = paths.length === 0 ? [await chosenPath({}, terminal)] : paths;
  const places = await Promise.all(named.map((path) => contractFile(path, terminal.cwd)));
  const warm = places.every((place) => place.endsWith(".json"));
  const written = options.writeTests === undefined ? undefined : resolve(terminal.cwd, options.writeTests);
  const checkNow = warm ? () => inProcess(paths, options, terminal) : () => inChild();
  const { clock } = systemAmbient();
  for (;;) {
    const changed = nextChange(places, written);
    await checkNow();
    terminal.err(terminal.colors.dim("Watching; Ctrl-C ends.\n"));
    await changed;
    await clock.sleep(settleMs, new AbortController().signal);
  }
}

/** Resolves at the first change of a contract: of its file, or of a module, code anywhere in its package. */
async function nextChange(places: readonly string[], written: string | undefined): Promise<void> {
  const { promise, resolve: seen } = Promise.withResolvers<void>();
  const watchers = places.map((place) => {
    const folder = folderOf(place);
    return watch(folder, { recursive: !place.endsWith(".json") }, (_, file) => {
      if (file === null || isContract(join(folder, file), place, written)) seen();
    });
  });
  await promise;
  for (const watcher of watchers) watcher.close();
}

/**
 * Whether a file that has changed may be part of a contract. What the command itself writes is none: its
 * output may go into a file of the folder, and its tests into one of the package.
 */
function isContract(file: string, place: string, written: string | undefined): boolean {
  if (place.endsWith(".json")) return file === place;
  const isWritten = written !== undefined && !relative(written, file).startsWith("..");
  const isForeign = /[\\/](node_modules|\.git|\.quadrille)[\\/]/.test(file);
  return /(\.[cm]?[jt]sx?|package\.json)$/.test(file) && !isWritten && !isForeign;
}

function folderOf(place: string): string {
  if (place.endsWith(".json")) return dirname(place);
  for (let at = place; at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
  }
  return dirname(place);
}

async function inProcess(
  paths: readonly string[],
  options: CheckCommandOptions,
  terminal: Terminal,
): Promise<void> {
  try {
    await checkCommand(paths, options, terminal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.err(`${error.message}\n`);
  }
}

async function inChild(): Promise<void> {
  const args = [...process.execArgv, ...process.argv.slice(1).filter((arg) => arg !== "--watch")];
  await once(spawn(process.execPath, args, { stdio: "inherit" }), "exit");
}
