// The commands of action items: their options and help.
import { type Command, Option } from "commander";
import { type ActionStep, priorities } from "../people/action.ts";
import { addCommand, addGroup, limitOption, type RunCommand } from "./command-parts.ts";
import type { AddActionOptions, ListOptions } from "./commands/actions.ts";
import type { CommonOptions } from "./session.ts";

const load = () => import("./commands/actions.ts");

const steps: readonly (readonly [name: string, did: ActionStep, says: string])[] = [
  ["start", "start", "Marks it as begun."],
  ["done", "claim", "Marks it as done; a second person verifies it."],
  ["verify", "verify", "Verifies that it is done, as a second person."],
  ["reopen", "reopen", "Opens it again, with a reason."],
  ["drop", "drop", "Gives it up, with a reason."],
];

/** Adds them. */
export function actionCommands(program: Command, run: RunCommand): void {
  const group = addGroup(
    program,
    "actions",
    "Action items: one owner, a due day, done when a second person says so.",
  );
  addCommand(group, "list", {
    says: "The open action items, by due day.",
    examples: [
      ["actions", ""],
      ["actions list --owner kitchen-lead --overdue", ""],
    ],
  })
    .option("--owner <id>", "of one owner")
    .option("--overdue", "only those whose day is over")
    .option("--all", "also those that are verified or dropped")
    .addOption(limitOption())
    .action((options: ListOptions) =>
      run(options, async (session) => (await load()).listCommand(options, session)),
    );
  addCommand(group, "add <description>", {
    says: "Adds an action item.",
    examples: [
      [
        'actions add "Bound the queue of the printer" --owner kitchen-lead --due 2026-12-11 --priority high',
        "",
      ],
    ],
  })
    .requiredOption("--owner <id>", "who does it: a stakeholder")
    .requiredOption("--due <day>", "by when")
    .addOption(new Option("--priority <priority>", "how important").choices(priorities).default("medium"))
    .option("--check <text>", "how it is seen that it is done")
    .option("--source <text>", "where it comes from")
    .option("--id <id>", "its id (default: from the description)")
    .action((description: string, options: AddActionOptions) =>
      run(options, async (session) => (await load()).addCommand(description, options, session)),
    );
  for (const [name, did, says] of steps) {
    addCommand(group, `${name} <id>`, {
      says,
      examples: [[`actions ${name} bound-the-queue-of-the-printer`, ""]],
    })
      .option("--reason <text>", "why, for the history")
      .action((id: string, options: CommonOptions & { reason?: string }) =>
        run(options, async (session) => (await load()).stepCommand(did, { ...options, id }, session)),
      );
  }
}
