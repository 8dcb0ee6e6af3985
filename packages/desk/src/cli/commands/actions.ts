// What the commands of action items do.
import { slug } from "../../documents/slug.ts";
import {
  type ActionItem,
  actionKind,
  actionLifecycle,
  type ActionStep,
  byDue,
  expectOwner,
  expectToCome,
  isOpen,
  isOverdue,
  statusText,
  takeActionStep,
} from "../../people/action.ts";
import { parseDocument } from "../../documents/folder.ts";
import { columns } from "../../render/markdown.ts";
import { dayOf, dayText } from "../../render/when.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { CommonOptions, Session } from "../session.ts";

export interface ListOptions extends CommonOptions {
  readonly owner?: string;
  readonly overdue?: true;
  readonly all?: true;
  readonly limit: number;
}

export interface AddActionOptions extends CommonOptions {
  readonly id?: string;
  readonly owner: string;
  readonly due: string;
  readonly priority: ActionItem["priority"];
  readonly check?: string;
  readonly source?: string;
}

/** `actions list` */
export function listCommand({ owner, overdue, all, limit }: ListOptions, session: Session): ExitCode {
  const today = dayOf(session.now, session.settings.zone);
  const found = session.documents
    .list(actionKind)
    .filter((item) => all === true || isOpen(item))
    .filter((item) => owner === undefined || item.owner === owner)
    .filter((item) => overdue !== true || isOverdue(item, today))
    .toSorted(byDue);
  return session.print(found, () =>
    found.length === 0 ? "No action items." : listText(found, { limit, today }, session),
  );
}

/** `actions add` */
export function addCommand(description: string, options: AddActionOptions, session: Session): ExitCode {
  const { documents } = session;
  const taking = session.taking();
  const item = parseDocument<ActionItem>(
    actionKind,
    {
      schema: "quadrille-desk/action/1",
      id: options.id ?? slug(description, (taken) => documents.has(actionKind, taken)),
      description,
      owner: options.owner,
      due: options.due,
      priority: options.priority,
      state: actionLifecycle.initial,
      check: options.check,
      source: options.source,
      history: [{ at: taking.at, by: taking.by, did: "open" }],
    },
    "the action item",
  );
  expectOwner(item.owner, documents);
  expectToCome(item.due, dayOf(session.now, session.settings.zone), "The due day");
  documents.create(actionKind, item);
  return session.print(item, () => `Added ${item.id}, due ${dayText(item.due)}.`);
}

/** `actions start`, `done`, `verify`, `reopen`, `drop` */
export function stepCommand(
  did: ActionStep,
  { id, reason }: CommonOptions & { readonly id: string; readonly reason?: string },
  session: Session,
): ExitCode {
  const before = session.documents.read(actionKind, id);
  const after = takeActionStep(before, { did, ...session.taking(reason) });
  session.documents.replace(actionKind, before, after);
  return session.print(after, () => `${id} is ${after.state}: ${statusText(after.state)}.`);
}

function listText(
  found: readonly ActionItem[],
  { limit, today }: { readonly limit: number; readonly today: string },
  session: Session,
): string {
  const { red } = session.terminal.colors;
  const shown = found.slice(0, limit);
  const lines = columns(
    shown.map((item) => [
      item.id,
      statusText(item.state),
      item.priority,
      item.owner,
      `${dayText(item.due)}${isOverdue(item, today) ? " OVERDUE" : ""}`,
      item.description,
    ]),
  );
  const marked = shown.map((item, index) =>
    isOverdue(item, today) ? red(lines[index] ?? "") : (lines[index] ?? ""),
  );
  const rest = found.length - shown.length;
  return [
    ...marked,
    ...(rest > 0 ? [`and ${rest.toLocaleString("en-GB")} more: --limit ${found.length} shows them`] : []),
  ].join("\n");
}
