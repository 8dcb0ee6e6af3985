// The commands of the desk itself: its settings, and the lints.
import type { Command } from "commander";
import { addCommand, type RunCommand } from "./command-parts.ts";
import type { CommonOptions } from "./session.ts";

/** Adds them. */
export function settingsCommands(program: Command, run: RunCommand): void {
  addCommand(program, "settings", {
    says: "The settings that hold: zone, sender, audiences, weights. --write makes desk.json to edit.",
    examples: [
      ["settings", ""],
      ["settings --write", "makes desk/desk.json"],
    ],
  })
    .option("--write", "writes them to desk.json in the folder, when there is none")
    .action((options: CommonOptions & { write?: true }) =>
      run(options, async (session) =>
        (await import("./commands/settings.ts")).settingsCommand(options, session),
      ),
    );
  addCommand(program, "import <file>", {
    says: "Adds documents from a JSON file: one document, or a list of them; each names its schema. All or none.",
    examples: [
      ["import STAKEHOLDERS.json", ""],
      ["import -", "from standard input"],
    ],
  }).action((file: string, options: CommonOptions) =>
    run(options, async (session) => (await import("./commands/import.ts")).importCommand(file, session)),
  );
  addCommand(program, "lints", {
    says: "All lints, by what they look at.",
    examples: [["lints", ""]],
  }).action((options: CommonOptions) =>
    run(options, async (session) => (await import("./commands/lints.ts")).lintsCommand(session)),
  );
}
