// The commands of frameworks: their options and help.
import { type Command, Option } from "commander";
import { audiences, moments } from "../frameworks/framework.ts";
import { addCommand, addGroup, numberOption, type RunCommand } from "./command-parts.ts";
import type { NewDocumentOptions, RenderOptions, SuggestOptions } from "./commands/frameworks.ts";
import type { CommonOptions } from "./session.ts";

const load = () => import("./commands/frameworks.ts");

/** Adds them. */
export function frameworkCommands(program: Command, run: RunCommand): void {
  const group = addGroup(
    program,
    "frameworks",
    "Frameworks to think and write with: list, suggest, fill, check, render.",
  );
  addCommand(group, "list", {
    says: "The frameworks, by family.",
    examples: [
      ["frameworks", "all of them"],
      ["frameworks list --json", "with slots, checks and templates"],
    ],
  }).action((options: CommonOptions) => run(options, async (session) => (await load()).listCommand(session)));
  addCommand(group, "show <id>", {
    says: "One framework: when to use it, its slots, its checks, its example.",
    examples: [["frameworks show bluf", ""]],
  }).action((id: string, options: CommonOptions) =>
    run(options, async (session) => (await load()).showCommand(id, session)),
  );
  addCommand(group, "suggest", {
    says: "Which framework fits, and why.",
    examples: [["frameworks suggest --moment review --audience leaders --minutes 20", ""]],
  })
    .addOption(new Option("--moment <moment>", "what it is for").choices(moments))
    .addOption(new Option("--audience <audience>", "for whom").choices(audiences))
    .addOption(numberOption("--minutes <n>", "how much time there is", [1, 10_000]))
    .action((options: SuggestOptions) =>
      run(options, async (session) => (await load()).suggestCommand(options, session)),
    );
  addCommand(group, "new <framework>", {
    says: "Makes a document with the framework's slots to fill; slots that facts fill are left out.",
    examples: [
      ['frameworks new scqa --title "Friday orders in time"', "desk/documents/friday-orders-in-time.json"],
      ["frameworks new chain-of-events --title Timeline --facts FACTS.json", ""],
    ],
  })
    .requiredOption("--title <text>", "the document's title")
    .option("--id <id>", "its id (default: from the title)")
    .option("--facts <file>", "facts that fill bound slots")
    .action((framework: string, options: NewDocumentOptions) =>
      run(options, async (session) => (await load()).newCommand(framework, options, session)),
    );
  addCommand(group, "check <file>", {
    says: "Checks a document: slots, types, the framework's checks. Also a framework's own file.",
    examples: [["frameworks check desk/documents/friday-orders-in-time.json", ""]],
  })
    .option("--facts <file>", "facts that fill bound slots")
    .action((file: string, options: RenderOptions) =>
      run(options, async (session) => (await load()).checkCommand(file, options, session)),
    );
  addCommand(group, "render <file>", {
    says: "Renders a document as Markdown, HTML or a mail.",
    examples: [
      ["frameworks render desk/documents/friday-orders-in-time.json", "Markdown"],
      ["frameworks render desk/documents/friday-orders-in-time.json --to html > page.html", ""],
    ],
  })
    .addOption(new Option("--to <form>", "what to make").choices(["md", "html", "eml", "text"]).default("md"))
    .option("--facts <file>", "facts that fill bound slots")
    .action((file: string, options: RenderOptions) =>
      run(options, async (session) => (await load()).renderCommand(file, options, session)),
    );
}
