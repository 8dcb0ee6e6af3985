// The commands of the plan: their options and help.
import type { Command } from "commander";
import { addCommand, addGroup, limitOption, numberOption, type RunCommand } from "./command-parts.ts";
import type { PomodoroOptions } from "./commands/plan.ts";
import type { CommonOptions } from "./session.ts";

const load = () => import("./commands/plan.ts");

/** Adds them. */
export function planCommands(program: Command, run: RunCommand): void {
  const group = addGroup(
    program,
    "plan",
    "What to do next: a board over demands and actions, lists, a timer.",
  );
  addCommand(group, "board", {
    says: "Demands and actions by urgency and importance: do, schedule, delegate, drop.",
    examples: [["plan", ""]],
  })
    .addOption(limitOption())
    .action((options: CommonOptions & { limit: number }) =>
      run(options, async (session) => (await load()).boardCommand(options, session)),
    );
  addCommand(group, "gtd", {
    says: "The lists of Getting Things Done over the same items.",
    examples: [["plan gtd --me kitchen-lead", ""]],
  })
    .requiredOption("--me <id>", "whose next actions")
    .addOption(limitOption())
    .action((options: CommonOptions & { me: string; limit: number }) =>
      run(options, async (session) => (await load()).gtdCommand(options, session)),
    );
  addCommand(group, "pomodoro", {
    says: "Spans of work with breaks; a long break after every fourth. Ctrl-C ends it.",
    examples: [
      ["plan pomodoro", "four times 25 minutes"],
      ["plan pomodoro --work 50 --break 10 --spans 2", ""],
    ],
  })
    .addOption(numberOption("--work <minutes>", "a span of work", [1, 90]).default(25))
    .addOption(numberOption("--break <minutes>", "a break", [1, 30]).default(5))
    .addOption(numberOption("--long-break <minutes>", "the break after four spans", [1, 60]).default(15))
    .addOption(numberOption("--spans <n>", "how many spans of work", [1, 16]).default(4))
    .action((options: PomodoroOptions) =>
      run(options, async (session) => (await load()).pomodoroCommand(options, session)),
    );
}
