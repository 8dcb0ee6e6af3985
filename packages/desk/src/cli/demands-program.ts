// The commands of demands: their options and help.
import { type Command, Option } from "commander";
import { answers } from "../people/demand.ts";
import { addCommand, addGroup, limitOption, type RunCommand } from "./command-parts.ts";
import type { AddDemandOptions, AnswerOptions, ScoreOptions } from "./commands/demands.ts";
import type { CommonOptions } from "./session.ts";

const load = () => import("./commands/demands.ts");

/** Adds them. */
export function demandCommands(program: Command, run: RunCommand): void {
  const group = addGroup(
    program,
    "demands",
    "What stakeholders ask for: scored, ordered, answered, and kept.",
  );
  addCommand(group, "board", {
    says: "The demands that wait for an answer, the highest score first.",
    examples: [
      ["demands", ""],
      ["demands board --all --limit 100", "also those that were answered"],
    ],
  })
    .option("--all", "also those that were answered")
    .addOption(limitOption())
    .action((options: CommonOptions & { limit: number }) =>
      run(options, async (session) => (await load()).boardCommand(options, session)),
    );
  addCommand(group, "add <title>", {
    says: "Adds a demand of a stakeholder.",
    examples: [
      ['demands add "Refunds within an hour" --from head-of-support --need "fewer calls"', ""],
      ['demands add "When can we order?" --from shop-12 --incident FACTS.json', "goes to communications"],
    ],
  })
    .requiredOption("--from <id>", "the stakeholder")
    .option("--need <text>", "the need behind it")
    .option("--incident <facts>", "the incident during which it came in")
    .option("--id <id>", "its id (default: from the title)")
    .action((title: string, options: AddDemandOptions) =>
      run(options, async (session) => (await load()).addCommand(title, options, session)),
    );
  addCommand(group, "show <id>", {
    says: "One demand: its scores with their rationale, and its answer.",
    examples: [["demands show refunds-within-an-hour", ""]],
  }).action((id: string, options: CommonOptions) =>
    run(options, async (session) => (await load()).showCommand(id, session)),
  );
  addScore(group, run);
  addAnswer(group, run);
  for (const did of ["keep", "break"] as const) {
    addCommand(group, `${did} <id>`, {
      says: did === "keep" ? "Says that its promise was kept." : "Says that its promise is broken, and why.",
      examples: [
        [
          `demands ${did} refunds-within-an-hour${did === "break" ? ' --reason "the bank changed its rules"' : ""}`,
          "",
        ],
      ],
    })
      .option("--reason <text>", "why, for the history")
      .action((id: string, options: CommonOptions & { reason?: string }) =>
        run(options, async (session) => (await load()).settleCommand(did, { ...options, id }, session)),
      );
  }
}

function addScore(group: Command, run: RunCommand): void {
  addCommand(group, "score <id>", {
    says: "Scores a demand by the criteria, each from 1 to 5 with why.",
    examples: [
      [
        'demands score ID --business-impact "4: half of the calls" --customer-value "5: money back" --urgency "3: before the holidays" --risk-of-not-doing "3: complaints" --effort "2: a week" --risk-of-doing "1: can be switched off"',
        "",
      ],
    ],
  })
    .requiredOption("--business-impact <n: why>", "to the overall goals")
    .requiredOption("--customer-value <n: why>", "does it help customers, how")
    .requiredOption("--urgency <n: why>", "how soon it matters")
    .requiredOption("--risk-of-not-doing <n: why>", "what may happen without it")
    .requiredOption("--effort <n: why>", "time and resources; it is subtracted")
    .requiredOption("--risk-of-doing <n: why>", "what it may break; it is subtracted")
    .action((id: string, options: ScoreOptions) =>
      run(options, async (session) => (await load()).scoreCommand(id, options, session)),
    );
}

function addAnswer(group: Command, run: RunCommand): void {
  addCommand(group, "answer <id>", {
    says: "Answers a demand: accept with a promise, offer or decline with an alternative, defer to a day.",
    examples: [
      [
        'demands answer ID --as accept --reason "it pays for itself" --promise "refunds within an hour" --due 2026-12-18',
        "",
      ],
      [
        'demands answer ID --as decline --reason "one shop asks for it" --alternative "the weekly report"',
        "",
      ],
    ],
  })
    .addOption(new Option("--as <answer>", "the answer").choices(answers).makeOptionMandatory())
    .requiredOption("--reason <text>", "why")
    .option("--alternative <text>", "what can be had instead")
    .option("--until <day>", "when it is looked at again")
    .option("--promise <text>", "what is promised")
    .option("--due <day>", "by when")
    .action((id: string, options: AnswerOptions) =>
      run(options, async (session) => (await load()).answerCommand(id, options, session)),
    );
}
