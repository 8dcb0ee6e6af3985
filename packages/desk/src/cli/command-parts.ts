// How commands are added: each with a description, examples, and the options that all have.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ExitCode } from "./exit-codes.ts";
import type { CommonOptions, Session } from "./session.ts";

/** Runs what a command does and keeps its exit code. */
export type RunCommand = (
  options: CommonOptions,
  work: (session: Session) => ExitCode | Promise<ExitCode>,
) => Promise<void>;

/** An example: what to type after `quadrille-desk`, and what it does. */
export type Example = readonly [text: string, what: string];

/**
 * Adds a command to a program or a group. The first command of a group is what the group does without a verb.
 */
export function addCommand(
  parent: Command,
  name: string,
  { says, examples }: { readonly says: string; readonly examples: readonly Example[] },
): Command {
  const isDefault = parent.parent !== null && parent.commands.length === 0;
  return parent
    .command(name, { isDefault })
    .description(says)
    .exitOverride()
    .option("--folder <folder>", "where the documents are (default: desk, or QUADRILLE_DESK)")
    .option("--now <time>", "takes this as the time, for drills and examples: 2026-11-26T10:12:00Z")
    .option("--by <id>", "who does it, for the history (default: QUADRILLE_DESK_BY, or USER)")
    .option("--json", "as JSON, for programs")
    .addHelpText("after", exampleText(examples));
}

/** Adds a group of commands. */
export function addGroup(program: Command, name: string, says: string): Command {
  return program.command(name).description(says).exitOverride().helpCommand(false);
}

function exampleText(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([text]) => text.length));
  const lines = examples.map(([text, what]) => `  quadrille-desk ${text.padEnd(width)}  ${what}`.trimEnd());
  return `\nExamples:\n${lines.join("\n")}`;
}

/** An option that is a whole number from `min` to `max`. */
export function numberOption(flags: string, says: string, [min, max]: readonly [number, number]): Option {
  return new Option(flags, says).argParser((text) => {
    if (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`A whole number from ${min} to ${max} is expected.`);
  });
}

/** Collects the values of an option that can be given several times. */
export function several(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** `--smtp` */
export function smtpOption(command: Command): Command {
  return command.option("--smtp <url>", "sends it through a server: smtp://user:password@host:587");
}

/** `--limit` */
export function limitOption(): Option {
  return numberOption("--limit <n>", "how many to show at most", [1, 100_000]).default(20);
}
