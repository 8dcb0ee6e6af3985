// An action item: one owner, a due day, a priority, and a state that a second person closes.
import { z } from "zod";
import { DeskError } from "../desk-error.ts";
import type { Documents } from "../documents/folder.ts";
import { known } from "../documents/folder.ts";
import type { Kind } from "../documents/kind.ts";
import { type Lifecycle, type Taking, take } from "../documents/lifecycle.ts";
import { day, id, line, list, record, step, text } from "../documents/shape.ts";
import { stakeholderKind } from "./stakeholder.ts";

const states = ["OPEN", "IN_PROGRESS", "CLAIMED_DONE", "VERIFIED", "REOPENED", "DROPPED"] as const;
/** Where an action item stands; `CLAIMED_DONE` is done, and not verified yet. */
export type ActionItemState = (typeof states)[number];
/** What can be done with one. */
export type ActionStep = "start" | "claim" | "verify" | "reopen" | "drop";

/** How an action item moves. */
export const actionLifecycle: Lifecycle<ActionItemState, ActionStep> = {
  initial: "OPEN",
  steps: {
    start: { from: ["OPEN", "REOPENED"], to: "IN_PROGRESS" },
    claim: { from: ["OPEN", "IN_PROGRESS", "REOPENED"], to: "CLAIMED_DONE" },
    verify: { from: ["CLAIMED_DONE"], to: "VERIFIED" },
    reopen: { from: ["CLAIMED_DONE", "VERIFIED"], to: "REOPENED" },
    drop: { from: ["OPEN", "IN_PROGRESS", "REOPENED", "CLAIMED_DONE"], to: "DROPPED" },
  },
  ends: ["VERIFIED", "DROPPED"],
};

/** Priorities, the highest first. */
export const priorities = ["high", "medium", "low"] as const;

const action = record({
  schema: z.literal("quadrille-desk/action/1"),
  id,
  description: text,
  owner: id,
  due: day,
  priority: z.enum(priorities),
  state: z.enum(states),
  /** How it is seen that it is done: a command, a query, a look. */
  check: text.optional(),
  /** Where it comes from: `minutes/week-48`, `incident/ovens-offline`, `demand/faster-refunds`. */
  source: line.optional(),
  history: list(step),
});
/** The document of one action: who does what by when, and how it is verified. */
export type ActionItem = z.infer<typeof action>;

/** Action items, in the folder `actions`. */
export const actionKind: Kind<ActionItem> = {
  name: "action",
  folder: "actions",
  schemaName: "quadrille-desk/action/1",
  schema: action,
};

/** Whether something is still to be done. */
export function isOpen({ state }: Pick<ActionItem, "state">): boolean {
  return !actionLifecycle.ends.includes(state);
}

/** Whether it is late: its day is over, and its owner has not done it. `today` is a day. */
export function isOverdue({ state, due }: Pick<ActionItem, "state" | "due">, today: string): boolean {
  return due < today && ["OPEN", "IN_PROGRESS", "REOPENED"].includes(state);
}

/** The word for a state in minutes: Not Started, In Progress, Completed. */
export function statusText(state: ActionItemState): string {
  const words: Readonly<Record<ActionItemState, string>> = {
    OPEN: "Not Started",
    IN_PROGRESS: "In Progress",
    REOPENED: "In Progress",
    CLAIMED_DONE: "Completed, to be verified",
    VERIFIED: "Completed",
    DROPPED: "Dropped",
  };
  return words[state];
}

/** Takes a step. `D_REFUSED` when the state does not allow it, or when a person verifies their own work. */
export function takeActionStep(
  item: ActionItem,
  { did, ...taking }: Taking & { readonly did: ActionStep },
): ActionItem {
  const claimed = item.history.findLast((each) => each.did === "claim");
  if (did === "verify" && (taking.by === item.owner || taking.by === claimed?.by)) {
    throw new DeskError(
      "D_REFUSED",
      `${item.id} is verified by a second person, not by ${taking.by}: use --by.`,
    );
  }
  if ((did === "drop" || did === "reopen") && taking.note === undefined) {
    throw new DeskError("D_REFUSED", `${did} ${item.id} needs a reason: --reason.`);
  }
  return take(actionLifecycle, item, { did, ...taking });
}

/** By due day, the more important first on the same day. */
export function byDue(a: ActionItem, b: ActionItem): number {
  return (
    a.due.localeCompare(b.due) ||
    priorities.indexOf(a.priority) - priorities.indexOf(b.priority) ||
    a.id.localeCompare(b.id)
  );
}

/** `D_UNKNOWN` when the owner is no stakeholder. */
export function expectOwner(owner: string, documents: Documents): void {
  if (documents.has(stakeholderKind, owner)) return;
  const ids = documents.list(stakeholderKind).map((each) => each.id);
  throw new DeskError(
    "D_UNKNOWN",
    `The owner ${JSON.stringify(owner)} is no known person; ${known(ids)}. Add them with: stakeholders add.`,
  );
}

/** `D_INVALID` when the day is over. */
export function expectToCome(due: string, today: string, what: string): void {
  if (due >= today) return;
  throw new DeskError("D_INVALID", `${what} is ${due}, which has passed: today is ${today}.`);
}
