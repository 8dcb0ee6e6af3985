// The minutes of a meeting: header, discussion points, action items, next steps, distribution.
import { z } from "zod";
import type { Documents } from "../documents/folder.ts";
import type { Kind } from "../documents/kind.ts";
import { address, day, id, line, list, record, step, text, time } from "../documents/shape.ts";
import { mailStates } from "../mail/mail.ts";
import { type ActionItem, actionKind, byDue, isOpen, priorities, statusText } from "../people/action.ts";

const person = record({ id, name: line, role: line });
/** A person who was invited. */
export type Invited = z.infer<typeof person>;

const point = record({
  text,
  /** What it means for stakeholders. */
  effect: text.optional(),
});
/** A discussion point. */
export type Point = z.infer<typeof point>;

const minuted = record({
  /** The id of its action item; none before the minutes are sent. */
  id: id.optional(),
  description: text,
  owner: line,
  due: day,
  priority: z.enum(priorities),
  /** Not Started, In Progress, Completed, as of the meeting. */
  status: line,
});
/** A row of the action table. */
export type MinutedAction = z.infer<typeof minuted>;

const minutes = record({
  schema: z.literal("quadrille-desk/minutes/1"),
  id,
  /** The meetings of one series carry their open actions on. */
  series: id,
  title: line,
  at: time,
  place: line,
  attendees: list(person),
  absent: list(person),
  /** Who ran it, and who wrote it down. */
  meetingOwner: id,
  documentOwner: id,
  decisions: list(point),
  information: list(point),
  questions: list(point),
  openIssues: list(point),
  actions: list(minuted),
  followUp: record({ at: time, purpose: text }).optional(),
  nextSteps: list(text),
  distribution: record({ to: list(id), channel: line, storedAt: line.optional() }),
  state: z.enum(mailStates),
  to: list(record({ name: line, address })),
  delivered: list(address),
  history: list(step),
});
/** The minutes of a meeting. */
export type Minutes = z.infer<typeof minutes>;

/** Minutes, in the folder `minutes`. */
export const minutesKind: Kind<Minutes> = {
  name: "minutes",
  folder: "minutes",
  schemaName: "quadrille-desk/minutes/1",
  schema: minutes,
};

/**
 * The open action items of the earlier meetings of a series, by due day, as rows of the next action table.
 */
export function carriedOver(documents: Documents, series: string): readonly MinutedAction[] {
  const sources = new Set(
    documents
      .list(minutesKind)
      .filter((each) => each.series === series)
      .map((each) => sourceOf(each)),
  );
  return documents
    .list(actionKind)
    .filter((item) => isOpen(item) && sources.has(item.source ?? ""))
    .toSorted(byDue)
    .map(({ id, description, owner, due, priority, state }) => ({
      id,
      description,
      owner,
      due,
      priority,
      status: statusText(state),
    }));
}

/**
 * The action items that the minutes begin: those rows that have none yet. Ids follow from the minutes' id and
 * the row.
 */
export function newActions(
  minutes: Minutes,
  taking: { readonly at: string; readonly by: string },
): readonly ActionItem[] {
  return numberedActions(minutes)
    .filter((_, index) => minutes.actions[index]?.id === undefined)
    .map(({ id, description, owner, due, priority }) => ({
      schema: "quadrille-desk/action/1",
      id: id ?? "",
      description,
      owner,
      due,
      priority,
      state: "OPEN",
      source: sourceOf(minutes),
      history: [{ ...taking, did: "open" }],
    }));
}

/** The rows of the action table, each with the id of its action item. */
export function numberedActions(minutes: Minutes): readonly MinutedAction[] {
  return minutes.actions.map((action, index) => ({
    ...action,
    id: action.id ?? `${minutes.id}-${index + 1}`,
  }));
}

/** What an action item says about where it comes from. */
function sourceOf({ id }: Pick<Minutes, "id">): string {
  return `minutes/${id}`;
}
