// `why`: the reasons of a plan, and of its change since an earlier snapshot.
import type { Command } from "commander";
import { type Change, whyChanged } from "../explain/change.ts";
import { whatItTakes } from "../explain/what-it-takes.ts";
import { changeGrounds, type Ground, takesGrounds, whyItem } from "../explain/why.ts";
import { checkSnapshot } from "../planner/check-snapshot.ts";
import { embeddedPlanner } from "../planner/embedded.ts";
import { PlannerInputError } from "../planner/errors.ts";
import type { PlanningSnapshot } from "../planner/snapshot.ts";
import { readJson } from "./files.ts";
import type { Shell } from "./terminal.ts";
import { UserError } from "./user-error.ts";

interface WhyOptions {
  readonly item?: string;
  readonly before?: string;
  readonly json?: true;
}

/** Adds the command. */
export function addWhy(program: Command, shell: Shell): void {
  program
    .command("why")
    .argument("<snapshot>", "a planning snapshot, .json or .json.gz")
    .option("--item <id>", "the item; without it, one line for each item")
    .option("--before <snapshot>", "an earlier snapshot: why the quantity changed since then")
    .option("--json", "print one JSON object")
    .description("why an item is ordered, or not; why this much; what it would take")
    .addHelpText(
      "after",
      "\nExamples:\n  planner why docs/planner/june.json --item mozzarella\n  planner why docs/planner/june.json --before docs/planner/may.json --item mozzarella",
    )
    .action((file: string, options: WhyOptions) => {
      const snapshot = readSnapshot(shell, file);
      if (options.item === undefined) return explainAll(shell, snapshot, options);
      return explainOne(shell, snapshot, { ...options, item: options.item });
    });
}

/** A snapshot of a file, checked. */
function readSnapshot({ terminal }: Shell, file: string): PlanningSnapshot {
  const checked = checkSnapshot(readJson(terminal.cwd, file));
  if (!checked.ok) throw new PlannerInputError(checked.problems);
  return checked.snapshot;
}

function explainAll({ terminal }: Shell, snapshot: PlanningSnapshot, { json, before }: WhyOptions): void {
  if (before !== undefined) throw new UserError("--before needs --item: a change is explained item by item.");
  const result = embeddedPlanner.plan(snapshot);
  if (json) return terminal.out(`${JSON.stringify(result)}\n`);
  for (const { id } of snapshot.items) terminal.out(`${whyItem(result, id)?.headline ?? id}\n`);
}

function explainOne(
  shell: Shell,
  snapshot: PlanningSnapshot,
  options: WhyOptions & { readonly item: string },
): void {
  const { terminal } = shell;
  const unit = snapshot.items.find(({ id }) => id === options.item)?.unit;
  if (unit === undefined)
    throw new UserError(`No item ${options.item} in the snapshot; it has ${someIds(snapshot)}.`);
  const result = embeddedPlanner.plan(snapshot);
  const explanation = whyItem(result, options.item);
  const takes = whatItTakes(snapshot, options.item);
  const change: Change | undefined =
    options.before === undefined
      ? undefined
      : whyChanged(readSnapshot(shell, options.before), snapshot, options.item);
  if (options.json)
    return terminal.out(`${JSON.stringify({ ...explanation, whatItTakes: takes, change })}\n`);
  terminal.out(`${terminal.colors.bold(explanation?.headline ?? "")}\n\n`);
  terminal.out(grounds(explanation?.grounds ?? []));
  const needed = takesGrounds(takes, unit);
  if (needed.length > 0) terminal.out(`\nWhat it would take\n${grounds(needed)}`);
  if (change !== undefined)
    terminal.out(`\nWhy it changed since ${options.before ?? ""}\n${grounds(changeGrounds(change, unit))}`);
}

function grounds(list: readonly Ground[]): string {
  const width = Math.max(0, ...list.map(({ about }) => about.length));
  return list.map(({ about, text }) => `  ${about.padEnd(width)}  ${text}\n`).join("");
}

function someIds({ items }: PlanningSnapshot): string {
  const ids = items.slice(0, 5).map(({ id }) => id);
  return `${ids.join(", ")}${items.length > 5 ? ` and ${items.length - 5} more` : ""}`;
}
