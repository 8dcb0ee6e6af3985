// What the groups of commands have in common: how one is added and run, and the options that several have.
import { type Command, Option } from "commander";
import type { Terminal } from "../terminal/terminal.ts";
import type { ExitCode } from "../terminal/user-error.ts";

/** Runs what a command does and keeps its exit code. */
export type Run = (work: (terminal: Terminal) => Promise<ExitCode>) => Promise<void>;

/** Adds a command with its examples: what to type after `quadrille`, and what it does. */
export type AddCommand = (
  name: string,
  description: string,
  examples: readonly (readonly [text: string, what: string])[],
) => Command;

/** `--choreography` */
export function choreographyOption(): Option {
  return new Option(
    "-c, --choreography <path or name>",
    "module, JSON file or folder, or the name of a choreography of this project (default: as in package.json)",
  );
}

/** `--json` */
export function jsonOption(): Option {
  return new Option("--json", "as JSON, for programs");
}
