// The commands of mails: their options and help.
import { type Command, Option } from "commander";
import { type MailKind, mailKinds } from "../mail/mail.ts";
import { addCommand, addGroup, numberOption, type RunCommand, smtpOption } from "./command-parts.ts";
import type { MailOptions } from "./commands/mail.ts";
import type { SendOptions } from "./sending.ts";
import type { CommonOptions } from "./session.ts";

const load = () => import("./commands/mail.ts");

const says: Readonly<Record<MailKind, string>> = {
  alert: "The initial alert: what happens, who is hit, and when the next update comes.",
  update: "An update: status, timeline, impact, cause, next steps, and when the next update comes.",
  resolution: "The report after the resolution: timeline, impact, cause, corrective and preventive actions.",
  correction: "Corrects a mail of the thread; the wrong mail stays as it is.",
};

/** Adds them. */
export function mailCommands(program: Command, run: RunCommand): void {
  const group = addGroup(program, "mail", "The mails of an incident: draft, check, compare, send.");
  addCommand(group, "list", { says: "The mails, oldest first.", examples: [["mail list", ""]] }).action(
    (options: CommonOptions) => run(options, async (session) => (await load()).listCommand(session)),
  );
  for (const kind of mailKinds) addKind(group, kind, run);
  formOption(
    addCommand(group, "show <id>", {
      says: "One mail as it was sent.",
      examples: [["mail show ovens-offline-leaders-1 --to html > mail.html", ""]],
    }),
  ).action((id: string, options: CommonOptions & Pick<MailOptions, "to">) =>
    run(options, async (session) => (await load()).showCommand(id, options, session)),
  );
  smtpOption(
    addCommand(group, "send <id>", {
      says: "Sends a mail again to those whom it did not reach.",
      examples: [["mail send ovens-offline-leaders-1 --smtp smtp://localhost:2525", ""]],
    }),
  )
    .option("--again", "repeats a mail that was being sent when the program ended")
    .action((id: string, options: SendOptions) =>
      run(options, async (session) => (await load()).sendCommand(id, options, session)),
    );
}

function addKind(group: Command, kind: MailKind, run: RunCommand): void {
  const command = smtpOption(
    formOption(
      addCommand(group, `${kind} <facts>`, {
        says: says[kind],
        examples: [
          [`mail ${kind} FACTS.json`, "the draft, with what is wrong"],
          [`mail ${kind} FACTS.json --diff`, "what changed since the last mail"],
          [`mail ${kind} FACTS.json --audience technical --send`, "into desk/outbox, as .eml"],
          [`mail ${kind} FACTS.json --smtp smtp://localhost:2525`, "through a server"],
        ],
      }),
    ),
  )
    .option("--audience <id>", "whom it is for, as in desk.json", "leaders")
    .option("--consumer <id>", "the one consumer who is written to, of their own orders")
    .option("--diff", "shows what changed since the last mail of the thread")
    .option("--send", "sends it, into the folder outbox or by --smtp");
  if (kind === "correction") {
    command.addOption(
      numberOption("--number <n>", "which mail of the thread is wrong (default: the last)", [1, 10_000]),
    );
  }
  command.action((file: string, options: MailOptions) =>
    run(options, async (session) => (await load()).mailCommand(kind, { ...options, file }, session)),
  );
}

function formOption(command: Command): Command {
  return command.addOption(
    new Option("--to <form>", "how to print it").choices(["text", "md", "html", "eml"]).default("text"),
  );
}
