// The commands of minutes: their options and help.
import { type Command, Option } from "commander";
import { addCommand, addGroup, type RunCommand, several, smtpOption } from "./command-parts.ts";
import type { NewMinutesOptions } from "./commands/minutes.ts";
import type { SendOptions } from "./sending.ts";
import type { CommonOptions } from "./session.ts";

const load = () => import("./commands/minutes.ts");

/** Adds them. */
export function minutesCommands(program: Command, run: RunCommand): void {
  const group = addGroup(
    program,
    "minutes",
    "Minutes of meetings: draft with what is still open, check, render, send.",
  );
  addCommand(group, "list", { says: "The minutes, oldest first.", examples: [["minutes list", ""]] }).action(
    (options: CommonOptions) => run(options, async (session) => (await load()).listCommand(session)),
  );
  addCommand(group, "new <title>", {
    says: "Makes minutes to fill; open actions of the series are carried over.",
    examples: [
      [
        'minutes new "Weekly, week 48" --series weekly --place "Room 2" --attendee kitchen-lead --attendee on-call',
        "",
      ],
    ],
  })
    .requiredOption("--place <text>", "the room or platform")
    .requiredOption("--attendee <id>", "who is there; the first one runs it; may be repeated", several)
    .option("--absent <id>", "who was invited and did not come; may be repeated", several)
    .option("--series <id>", "the series of meetings whose open actions are carried over")
    .option("--at <time>", "when it is (default: now)")
    .option("--id <id>", "its id (default: from the title)")
    .action((title: string, options: NewMinutesOptions) =>
      run(options, async (session) => (await load()).newCommand(title, options, session)),
    );
  addCommand(group, "fill <id> <file>", {
    says: "Puts points, actions and next steps of a JSON file into the draft; a list is added to what is there.",
    examples: [
      [
        "minutes fill weekly-week-48 POINTS.json",
        '{"decisions": [{"text": …, "effect": …}], "actions": […]}',
      ],
    ],
  }).action((id: string, file: string, options: CommonOptions) =>
    run(options, async (session) => (await load()).fillCommand(id, file, session)),
  );
  addCommand(group, "check <id>", {
    says: "Checks minutes: owners, days, distribution, words.",
    examples: [["minutes check weekly-week-48", ""]],
  }).action((id: string, options: CommonOptions) =>
    run(options, async (session) => (await load()).checkCommand(id, session)),
  );
  addCommand(group, "render <id>", {
    says: "Renders minutes.",
    examples: [["minutes render weekly-week-48 --to html > minutes.html", ""]],
  })
    .addOption(new Option("--to <form>", "what to make").choices(["md", "text", "html", "eml"]).default("md"))
    .action((id: string, options: CommonOptions) =>
      run(options, async (session) => (await load()).renderCommand(id, options, session)),
    );
  smtpOption(
    addCommand(group, "send <id>", {
      says: "Checks minutes, makes their action items, and sends them to the distribution list.",
      examples: [
        ["minutes send weekly-week-48", "into desk/outbox, as .eml"],
        ["minutes send weekly-week-48 --smtp smtp://localhost:2525", ""],
      ],
    }),
  )
    .option("--again", "repeats minutes that were being sent when the program ended")
    .action((id: string, options: SendOptions) =>
      run(options, async (session) => (await load()).sendCommand(id, options, session)),
    );
}
