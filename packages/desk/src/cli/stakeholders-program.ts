// The commands of stakeholders: their options and help.
import { type Command, Option } from "commander";
import { categories, channels } from "../people/stakeholder.ts";
import { addCommand, addGroup, numberOption, type RunCommand, several } from "./command-parts.ts";
import type { AddStakeholderOptions, LearnOptions } from "./commands/stakeholders.ts";
import type { CommonOptions } from "./session.ts";

const load = () => import("./commands/stakeholders.ts");

/** Adds them. */
export function stakeholderCommands(program: Command, run: RunCommand): void {
  const group = addGroup(
    program,
    "stakeholders",
    "Who has an interest: register, matrix, and who is due to hear.",
  );
  addCommand(group, "list", { says: "The stakeholders.", examples: [["stakeholders list", ""]] }).action(
    (options: CommonOptions) => run(options, async (session) => (await load()).listCommand(session)),
  );
  addAdd(group, run);
  addCommand(group, "show <id>", {
    says: "One stakeholder: needs, concerns, and every contact.",
    examples: [["stakeholders show head-of-support", ""]],
  }).action((id: string, options: CommonOptions) =>
    run(options, async (session) => (await load()).showCommand(id, session)),
  );
  addCommand(group, "learn <id>", {
    says: "Adds what a stakeholder needs, fears and values.",
    examples: [['stakeholders learn head-of-support --need "figures before noon"', ""]],
  })
    .option("--goal <text>", "a goal; may be repeated", several)
    .option("--need <text>", "a need; may be repeated", several)
    .option("--concern <text>", "a concern; may be repeated", several)
    .option("--value <text>", "what is of value to them; may be repeated", several)
    .action((id: string, options: LearnOptions) =>
      run(options, async (session) => (await load()).learnCommand(id, options, session)),
    );
  addCommand(group, "tell <id>", {
    says: "Records a contact: the cadence starts over.",
    examples: [['stakeholders tell head-of-support --channel call --summary "the plan of the week"', ""]],
  })
    .requiredOption("--summary <text>", "what was said")
    .addOption(channelOption())
    .action((id: string, options: CommonOptions & { summary: string }) =>
      run(options, async (session) => (await load()).tellCommand(id, options, session)),
    );
  addCommand(group, "matrix", {
    says: "The matrix of influence and impact.",
    examples: [
      ["stakeholders matrix", "in the terminal"],
      ["stakeholders matrix --svg matrix.svg", "as a picture"],
    ],
  })
    .option("--svg <file>", "writes a picture; - for standard output")
    .action((options: CommonOptions & { svg?: string }) =>
      run(options, async (session) => (await load()).matrixCommand(options, session)),
    );
  addCommand(group, "due", {
    says: "Who is due to hear, the longest overdue first.",
    examples: [["stakeholders due", ""]],
  }).action((options: CommonOptions) => run(options, async (session) => (await load()).dueCommand(session)));
}

function addAdd(group: Command, run: RunCommand): void {
  addCommand(group, "add <name>", {
    says: "Adds a stakeholder.",
    examples: [
      ['stakeholders add "Head of Support" --role "leads the support team" --influence 4 --impact 5', ""],
      [
        'stakeholders add "Shop 12" --role shop --category customer --influence 1 --impact 4 --cadence 30',
        "",
      ],
    ],
  })
    .requiredOption("--role <text>", "what they do")
    .addOption(numberOption("--influence <n>", "on your work, 1 to 5", [1, 5]).makeOptionMandatory())
    .addOption(numberOption("--impact <n>", "of your work on them, 1 to 5", [1, 5]).makeOptionMandatory())
    .addOption(new Option("--category <category>", "their area").choices(categories).default("other"))
    .option("--id <id>", "their id (default: from the name)")
    .option("--address <address>", "their mail address")
    .option("--audience <id>", "whose mails they get, as in desk.json")
    .addOption(channelOption().default("mail"))
    .addOption(numberOption("--cadence <days>", "how often they hear, in days", [1, 365]).default(14))
    .option("--style <text>", "how they like to hear")
    .option("--support <text>", "support or resources that they can give")
    .option("--decides", "they are a decision maker")
    .option("--interest <text>", "an interest; may be repeated", several)
    .action((name: string, options: AddStakeholderOptions) =>
      run(options, async (session) => (await load()).addCommand(name, options, session)),
    );
}

function channelOption(): Option {
  return new Option("--channel <channel>", "how they hear").choices(channels);
}
