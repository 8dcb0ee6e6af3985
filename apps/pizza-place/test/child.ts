// For end-to-end tests: the pizza place as a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quickFolder } from "../../../test/quick-folder.ts";

const source = new URL("../src/", import.meta.url);

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A running process. */
export interface Child {
  readonly ended: Promise<Ended>;
  /**
   * Resolves with the first match in what it has written so far to its standard output; rejects when it ends
   * without.
   */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** The address of its HTTP API, once it serves. */
  url(): Promise<string>;
  /** Sends the signal to this process alone. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * PGlite's code is compiled once and quickly: no process here works long enough to gain from compiling it
 * well.
 */
const flags = ["--conditions=quadrille-source", "--liftoff-only"];

type Environment = Readonly<Record<string, string>>;

/** The programs; `loyal-main` is one of the tests. */
type Program = "main" | "audit-main" | "loyal-main";

/**
 * Starts a program with arguments; on the database that they name, whatever the environment of the tests
 * says.
 */
export function start(program: Program, args: readonly string[], env: Environment = {}): Child {
  const folder = program === "loyal-main" ? import.meta.url : source;
  const file = fileURLToPath(new URL(`${program}.ts`, folder));
  const running = spawn(process.execPath, [...flags, file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, QUADRILLE_DATABASE: "", ...env },
  });
  const written = { out: "", err: "" };
  running.stdout.setEncoding("utf8").on("data", (text: string) => (written.out += text));
  running.stderr.setEncoding("utf8").on("data", (text: string) => (written.err += text));
  const ended = once(running, "close").then(([code]) => ({ code: code as number | null, ...written }));
  const until = (pattern: RegExp) => untilWritten(running, pattern, () => written);
  return {
    ended,
    until,
    url: async () => (await until(/HTTP API at (http:\S+)/))[1] ?? "",
    kill: (signal) => void running.kill(signal),
  };
}

/** Runs to the end. */
export async function runToEnd(
  program: Program,
  args: readonly string[],
  env: Environment = {},
): Promise<Ended> {
  return await start(program, args, env).ended;
}

/**
 * What it wrote to its standard error but for warnings and news: a busy machine keeps databases and providers
 * waiting.
 */
export function errorsOf({ err }: Ended): readonly string[] {
  return err.split("\n").filter((line) => !/^(?:(?:warn|info): .*)?$/.test(line));
}

/** A new and empty folder, and what removes it. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(quickFolder(), "pizza-place-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function untilWritten(
  child: ChildProcess,
  pattern: RegExp,
  written: () => { readonly out: string; readonly err: string },
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const match = pattern.exec(written().out);
      if (match === null) return;
      child.stdout?.off("data", look);
      resolve(match);
    };
    child.stdout?.on("data", look);
    child.once("close", (code) => {
      const { out, err } = written();
      reject(new Error(`ended with ${code} before it wrote ${pattern.source}:\n${out}\n${err}`));
    });
    look();
  });
}
