// Checks again whenever a contract changes. JSON files are checked in this process, warm; a module's check
// runs in a process of its own, because a process never loads a changed module twice.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { systemAmbient } from "quadrille/tooling";
import { chosenPath } from "../read/choreography-option.ts";
import { checkCommand, type CheckCommandOptions } from "./check.ts";
import { emptyPath } from "../read/load.ts";
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
  if (paths.some((path) => path.trim() === "")) throw new UserError(emptyPath);
  const watched = paths.length === 0 ? [await chosenPath({}, terminal)] : paths;
  const places = watched.map((path) => resolve(terminal.cwd, path));
  const missing = places.find((place) => !existsSync(place));
  if (missing !== undefined) throw new UserError(`${missing} does not exist.`);
  const warm = places.every((place) => place.endsWith(".json"));
  const checkNow = warm ? () => inProcess(paths, options, terminal) : () => inChild();
  const { clock } = systemAmbient();
  for (;;) {
    const changed = nextChange(places);
    await checkNow();
    terminal.err(terminal.colors.dim("Watching; Ctrl-C ends.\n"));
    await changed;
    await clock.sleep(settleMs, new AbortController().signal);
  }
}

/** Resolves at the first change in a contract's folder, or, for a module, anywhere in its package. */
async function nextChange(places: readonly string[]): Promise<void> {
  const { promise, resolve: seen } = Promise.withResolvers<void>();
  const watchers = places.map((place) =>
    watch(folderOf(place), { recursive: !place.endsWith(".json") }, (_, file) => {
      if (file === null || !/(^|\/)(node_modules|\.git|\.quadrille)(\/|$)/.test(file)) seen();
    }),
  );
  await promise;
  for (const watcher of watchers) watcher.close();
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
