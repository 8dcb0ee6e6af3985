// What the commands of minutes do.
import { DeskError } from "../../desk-error.ts";
import { parseDocument } from "../../documents/folder.ts";
import { slug } from "../../documents/slug.ts";
import { isValues, listOf } from "../../documents/values.ts";
import { composeMessage } from "../../mail/message.ts";
import {
  carriedOver,
  type Invited,
  type Minutes,
  minutesKind,
  newActions,
  numberedActions,
} from "../../minutes/minutes.ts";
import { lintMinutes } from "../../minutes/minutes-lints.ts";
import { renderMinutes } from "../../minutes/render-minutes.ts";
import { actionKind } from "../../people/action.ts";
import { stakeholderKind } from "../../people/stakeholder.ts";
import { columns, toHtmlPage, toText } from "../../render/markdown.ts";
import { whenText } from "../../render/when.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { expectDelivery, expectSent, recordContacts, sendDocument, type SendOptions } from "../sending.ts";
import type { CommonOptions, Session } from "../session.ts";

export interface NewMinutesOptions extends CommonOptions {
  readonly id?: string;
  readonly series?: string;
  readonly at?: string;
  readonly place: string;
  readonly attendee: readonly string[];
  readonly absent?: readonly string[];
}

/** `minutes list` */
export function listCommand(session: Session): ExitCode {
  const all = session.documents.list(minutesKind).toSorted((a, b) => a.at.localeCompare(b.at));
  return session.print(all, () =>
    all.length === 0
      ? "No minutes yet."
      : columns(
          all.map(({ id, state, at, title }) => [id, state, whenText(at, session.settings.zone), title]),
        ).join("\n"),
  );
}

/** `minutes new` */
export function newCommand(title: string, options: NewMinutesOptions, session: Session): ExitCode {
  const { documents } = session;
  const taking = session.taking();
  const invited = (ids: readonly string[]): readonly Invited[] =>
    ids.map((id) => {
      const { name, role } = documents.read(stakeholderKind, id);
      return { id, name, role };
    });
  const attendees = invited(options.attendee);
  const absent = invited(options.absent ?? []);
  const id = options.id ?? slug(title, (taken) => documents.has(minutesKind, taken));
  const series = options.series ?? id;
  const actions = carriedOver(documents, series);
  const doc = {
    schema: "quadrille-desk/minutes/1",
    id,
    series,
    title,
    at: options.at ?? taking.at,
    place: options.place,
    attendees,
    absent,
    meetingOwner: options.attendee[0] ?? "",
    documentOwner: options.attendee[0] ?? "",
    decisions: [],
    information: [],
    questions: [],
    openIssues: [],
    actions,
    nextSteps: [],
    distribution: { to: [...attendees, ...absent].map((person) => person.id), channel: "mail" },
    state: "DRAFTED",
    to: [],
    delivered: [],
    history: [{ at: taking.at, by: taking.by, did: "draft" }],
  };
  const minutes = parseDocument<Minutes>(minutesKind, doc, `the minutes ${id}`);
  documents.create(minutesKind, minutes);
  const carried = actions.length === 0 ? "" : ` ${actions.length} open actions were carried over.`;
  return session.print(
    minutes,
    () =>
      `Made ${session.path(minutesKind.folder, `${id}.json`)}: fill the discussion points and actions.${carried}`,
  );
}

/** `minutes fill`: lists are added to, other fields are set. */
export function fillCommand(id: string, file: string, session: Session): ExitCode {
  const before = session.documents.read(minutesKind, id);
  if (before.state !== "DRAFTED") {
    throw new DeskError("D_REFUSED", `${id} is ${before.state}: what was sent is not rewritten.`);
  }
  const given = session.readJson(file);
  if (!isValues(given))
    throw new DeskError("D_INVALID", `${file} has no fields of minutes: a JSON object is expected.`);
  const kept = ["schema", "id", "state", "to", "delivered", "history"].find((key) => key in given);
  if (kept !== undefined)
    throw new DeskError("D_INVALID", `${file}: /${kept} is kept by the desk: leave it out.`);
  const fields = Object.entries(given).map(([key, value]) => {
    const had: unknown = Object.entries(before).find(([name]) => name === key)?.[1];
    return [key, Array.isArray(had) ? [...listOf(had), ...listOf(value)] : value] as const;
  });
  const after = parseDocument<Minutes>(minutesKind, { ...before, ...Object.fromEntries(fields) }, file);
  session.documents.replace(minutesKind, before, after);
  return checkCommand(id, session);
}

/** `minutes check` */
export function checkCommand(id: string, session: Session): ExitCode {
  const minutes = session.documents.read(minutesKind, id);
  return session.findings(findingsOf(minutes, session), `minutes/${id}.json`);
}

/** `minutes render` */
export async function renderCommand(
  id: string,
  { to = "md" }: CommonOptions & { readonly to?: "md" | "text" | "html" | "eml" },
  session: Session,
): Promise<ExitCode> {
  const minutes = session.documents.read(minutesKind, id);
  const markdown = renderMinutes(minutes, session.settings.zone);
  const forms = {
    md: () => markdown,
    text: () => toText(markdown),
    html: () => toHtmlPage(markdown, minutes.title),
    eml: async () => String(await messageOf(minutes, session)),
  };
  session.terminal.out(await forms[to]());
  return exitCodes.ok;
}

/**
 * `minutes send`: checks, makes the action items, sends to the distribution list. Each step can be repeated
 * after a crash.
 */
export async function sendCommand(id: string, options: SendOptions, session: Session): Promise<ExitCode> {
  const { documents } = session;
  const before = documents.read(minutesKind, id);
  const findings = findingsOf(before, session);
  if (findings.some(({ level }) => level === "error"))
    return session.findings(findings, `minutes/${id}.json`);
  expectDelivery(options);
  const to = mailboxes(before, session);
  if (["SENDING", "SENT", "WITHDRAWN"].includes(before.state)) return deliver(before, options, session);
  const fresh = newActions(before, session.taking());
  for (const item of fresh) if (!documents.has(actionKind, item.id)) documents.create(actionKind, item);
  const ready = { ...before, to, actions: numberedActions(before) };
  documents.replace(minutesKind, before, ready);
  return deliver(ready, options, session);
}

async function deliver(minutes: Minutes, options: SendOptions, session: Session): Promise<ExitCode> {
  const message = (doc: Minutes): Promise<Buffer> => messageOf(doc, session);
  const sent = await sendDocument(minutes, { kind: minutesKind, message, options }, session);
  recordContacts(sent, minutes.delivered, { session, summary: `Minutes: ${sent.title}` });
  expectSent(sent, `minutes send ${sent.id}`);
  return session.print(
    sent,
    () =>
      `Sent the minutes to ${sent.delivered.join(", ")}. Action items: ${sent.actions.map((each) => each.id).join(", ") || "none"}.`,
  );
}

function findingsOf(minutes: Minutes, session: Session) {
  const known = session.documents.list(stakeholderKind).map((each) => each.id);
  return lintMinutes({ minutes, known, zone: session.settings.zone });
}

function messageOf(minutes: Minutes, session: Session): Promise<Buffer> {
  const { zone, sender } = session.settings;
  return composeMessage({
    id: `minutes.${minutes.id}`,
    from: sender,
    to: minutes.to,
    subject: `Minutes: ${minutes.title}`,
    at: minutes.at,
    markdown: renderMinutes(minutes, zone),
  });
}

function mailboxes({ distribution }: Minutes, session: Session): Minutes["to"] {
  if (distribution.to.length === 0)
    throw new DeskError("D_INVALID", "The distribution list is empty: name who gets the minutes.");
  return distribution.to.map((id) => {
    const { name, address } = session.documents.read(stakeholderKind, id);
    if (address !== undefined) return { name, address };
    throw new DeskError(
      "D_INVALID",
      `The stakeholder ${id} has no mail address: set one in stakeholders/${id}.json.`,
    );
  });
}
