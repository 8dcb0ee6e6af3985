// The commands of playbooks: their options and help.
import { type Command } from "commander";
import { addCommand, addGroup, type RunCommand } from "./command-parts.ts";
import type { CommonOptions } from "./session.ts";

const load = () => import("./commands/playbook.ts");

type StepOptions = CommonOptions & { readonly reason?: string; readonly note?: string };

/** Adds them. */
export function playbookCommands(program: Command, run: RunCommand): void {
  const group = addGroup(program, "playbook", "Playbooks: phases of actions, run step by step.");
  addCommand(group, "list", { says: "The playbooks, and the runs.", examples: [["playbook", ""]] }).action(
    (options: CommonOptions) => run(options, async (session) => (await load()).listCommand(session)),
  );
  addCommand(group, "start <playbook>", {
    says: "Begins a run.",
    examples: [['playbook start aair --title "Ovens offline"', ""]],
  })
    .option("--title <text>", "what it is for (default: the playbook's name)")
    .option("--id <id>", "its id (default: from the title)")
    .action((id: string, options: CommonOptions & { title?: string; id?: string }) =>
      run(options, async (session) => (await load()).startCommand(id, options, session)),
    );
  addCommand(group, "next <run>", {
    says: "What can be done now: actions with purpose, questions and tools.",
    examples: [["playbook next ovens-offline", ""]],
  }).action((id: string, options: CommonOptions) =>
    run(options, async (session) => (await load()).nextCommand(id, session)),
  );
  addSteps(group, run);
  addCommand(group, "show <id>", {
    says: "A run, or a playbook.",
    examples: [
      ["playbook show ovens-offline", ""],
      ["playbook show pppp", ""],
    ],
  }).action((id: string, options: CommonOptions) =>
    run(options, async (session) => (await load()).showCommand(id, session)),
  );
}

function addSteps(group: Command, run: RunCommand): void {
  for (const [did, says] of [
    ["begin", "Says that actions are being done."],
    ["done", "Says that actions are done."],
  ] as const) {
    addCommand(group, `${did} <run> <actions...>`, {
      says,
      examples: [[`playbook ${did} ovens-offline contain`, ""]],
    })
      .option("--note <text>", "what was found or done")
      .action((id: string, keys: readonly string[], options: StepOptions) =>
        run(options, async (session) =>
          (await load()).stepCommand(did, stepOf(id, keys, options.note), session),
        ),
      );
  }
  for (const [did, says] of [
    ["skip", "Skips actions, with a reason."],
    ["back", "Opens actions again, and what follows them where the order matters."],
  ] as const) {
    addCommand(group, `${did} <run> <actions...>`, {
      says,
      examples: [[`playbook ${did} ovens-offline diagnose --reason "the test failed"`, ""]],
    })
      .requiredOption("--reason <text>", "why")
      .action((id: string, keys: readonly string[], options: StepOptions) =>
        run(options, async (session) =>
          (await load()).stepCommand(did, stepOf(id, keys, options.reason), session),
        ),
      );
  }
}

function stepOf(id: string, keys: readonly string[], note: string | undefined) {
  return note === undefined ? { id, keys } : { id, keys, note };
}
