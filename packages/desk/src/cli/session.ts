// One run of a command: its options, its documents, and how it prints.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Clock, stoppedClock } from "../ambient/clock.ts";
import { DeskError } from "../desk-error.ts";
import { FolderDocuments } from "../documents/folder.ts";
import type { Taking } from "../documents/lifecycle.ts";
import { parseAs, parseJson } from "../documents/parse.ts";
import { time } from "../documents/shape.ts";
import type { Finding } from "../lint/lint.ts";
import { isoText } from "../render/when.ts";
import { readSettings, type Settings } from "../settings.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** Options that every command has. */
export interface CommonOptions {
  readonly folder?: string;
  readonly now?: string;
  readonly by?: string;
  readonly json?: true;
}

/** One run of a command. */
export class Session {
  readonly terminal: Terminal;
  readonly folder: string;
  readonly documents: FolderDocuments;
  readonly clock: Clock;
  readonly json: boolean;
  readonly #options: CommonOptions;
  #settings: Settings | undefined;

  constructor(options: CommonOptions, terminal: Terminal) {
    this.#options = options;
    this.terminal = terminal;
    this.folder = resolve(terminal.cwd, options.folder ?? terminal.env["QUADRILLE_DESK"] ?? "desk");
    this.documents = new FolderDocuments(this.folder);
    const now = options.now ?? terminal.env["QUADRILLE_DESK_NOW"];
    this.clock = now === undefined ? terminal.clock : stoppedClock(Date.parse(parseAs(time, now, "--now")));
    this.json = options.json === true;
  }

  get settings(): Settings {
    this.#settings ??= readSettings(this.folder);
    return this.#settings;
  }

  /** The time as ISO 8601. */
  get now(): string {
    return isoText(this.clock.now());
  }

  /** Who takes a step, when, and why. */
  taking(note?: string): Taking {
    const { QUADRILLE_DESK_BY: named, USER: user } = this.terminal.env;
    return { at: this.now, by: this.#options.by ?? named ?? user ?? "desk", note };
  }

  /** Reads a JSON file named on the command line; `-` is standard input. */
  readJson(file: string): unknown {
    if (file === "-") return parseJson(this.terminal.input(), "standard input");
    return parseJson(this.readFile(file), file);
  }

  /** Reads a file named on the command line. */
  readFile(file: string): string {
    const path = resolve(this.terminal.cwd, file);
    if (!existsSync(path)) throw new DeskError("D_UNKNOWN", `There is no file ${file}.`);
    return readFileSync(path, "utf8");
  }

  /** A path under the desk's folder. */
  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Prints a value as JSON where that was asked for, and otherwise the text. */
  print(value: unknown, text: () => string): ExitCode {
    const printed = this.json ? JSON.stringify(value, null, 2) : text().trimEnd();
    if (printed !== "") this.terminal.out(`${printed}\n`);
    return exitCodes.ok;
  }

  /** Prints findings, errors first; the exit code says whether there were errors. */
  findings(findings: readonly Finding[], where: string): ExitCode {
    const errors = findings.filter(({ level }) => level === "error");
    const sorted = [...errors, ...findings.filter(({ level }) => level !== "error")];
    this.print(sorted, () => findingsText(sorted, where, this.terminal));
    return errors.length === 0 ? exitCodes.ok : exitCodes.findings;
  }
}

/** Findings as lines. */
export function findingsText(
  findings: readonly Finding[],
  where: string,
  { colors }: Pick<Terminal, "colors">,
): string {
  if (findings.length === 0) return colors.green(`${where}: nothing to say against it.`);
  return findings
    .map(({ lint, level, place, message }) => {
      const mark = level === "error" ? colors.red("error") : colors.yellow("warning");
      return `${mark}  ${where}${place}: ${message} ${colors.dim(`(${lint})`)}`;
    })
    .join("\n");
}
