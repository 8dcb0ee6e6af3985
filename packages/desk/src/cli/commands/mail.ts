// What the commands of mails do.
import { diffLines } from "diff";
import { accents, mailName } from "../../mail/compose-mail.ts";
import { mailMessage } from "../../mail/deliver.ts";
import { parseFacts } from "../../mail/facts.ts";
import { type Mail, mailKind, type MailKind } from "../../mail/mail.ts";
import { mailInput } from "../../mail/mail-input.ts";
import { checkedMail } from "../../mail/mail-lints.ts";
import { nextMail, type Promised, promiseOf } from "../../mail/thread.ts";
import { stakeholderKind } from "../../people/stakeholder.ts";
import { columns, toHtmlPage, toText } from "../../render/markdown.ts";
import { clockText, whenText } from "../../render/when.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { expectDelivery, expectSent, recordContacts, sendDocument, type SendOptions } from "../sending.ts";
import { findingsText, type Session } from "../session.ts";

export interface MailOptions extends SendOptions {
  readonly audience: string;
  readonly send?: true;
  readonly diff?: true;
  readonly to?: "text" | "md" | "html" | "eml";
  /** For an audience that hears about its own orders only: which consumer. */
  readonly consumer?: string;
  /** Of a correction. */
  readonly number?: number;
}

/** `mail alert`, `update`, `resolution`, `correction` */
export async function mailCommand(
  kind: MailKind,
  { file, ...options }: MailOptions & { readonly file: string },
  session: Session,
): Promise<ExitCode> {
  const { documents, settings, now } = session;
  const stakeholders = documents.list(stakeholderKind);
  const facts = parseFacts(session.readJson(file), file);
  const input = mailInput({ ...options, kind }, facts, { documents, stakeholders, settings, at: now });
  const around = { people: stakeholders.map(({ name }) => name), owners: stakeholders.map(({ id }) => id) };
  const { findings, text, ok } = checkedMail(input, around);
  const mail = nextMail(input, text, session.taking().by);
  if (!ok) return session.findings(findings, file);
  if (findings.length > 0) session.terminal.err(`${findingsText(findings, file, session.terminal)}\n`);
  if (options.diff === true) return printDiff(input.earlier.at(-1), mail, session);
  if (options.send !== true && options.smtp === undefined)
    return printDraft(mail, options.to ?? "text", session);
  expectDelivery(options);
  documents.create(mailKind, mail);
  return deliver(mail, options, session);
}

/** `mail send` */
export async function sendCommand(id: string, options: SendOptions, session: Session): Promise<ExitCode> {
  const mail = session.documents.read(mailKind, id);
  return deliver(mail, options, session);
}

/** `mail list`: also whether each promise of a next mail was kept. */
export function listCommand(session: Session): ExitCode {
  const mails = session.documents
    .list(mailKind)
    .toSorted((a, b) => a.at.localeCompare(b.at) || a.number - b.number);
  const now = session.clock.now();
  const threads = Map.groupBy(mails, threadName);
  const rows = mails.map((mail) => ({
    ...mail,
    promise: promiseOf(mail, threads.get(threadName(mail)) ?? [], now),
  }));
  return session.print(rows, () => (rows.length === 0 ? "No mails yet." : listText(rows, session)));
}

/** A mail's id without its number. */
function threadName({ id }: Mail): string {
  return id.replace(/-\d+$/, "");
}

function listText(
  rows: readonly (Mail & { readonly promise: Promised | undefined })[],
  session: Session,
): string {
  const { zone } = session.settings;
  const { red } = session.terminal.colors;
  const lines = columns(
    rows.map(({ id, state, at, subject, nextUpdate, promise }) => [
      id,
      state,
      whenText(at, zone),
      nextUpdate === undefined || promise === undefined
        ? ""
        : `next ${clockText(nextUpdate, zone, at)}: ${promise === "overdue" ? "OVERDUE" : promise}`,
      subject,
    ]),
  );
  return rows
    .map(({ promise }, index) => (promise === "overdue" ? red(lines[index] ?? "") : (lines[index] ?? "")))
    .join("\n");
}

/** `mail show` */
export async function showCommand(
  id: string,
  { to }: Pick<MailOptions, "to">,
  session: Session,
): Promise<ExitCode> {
  const mail = session.documents.read(mailKind, id);
  return session.json ? session.print(mail, () => "") : printDraft(mail, to ?? "text", session);
}

async function printDraft(
  mail: Mail,
  to: "text" | "md" | "html" | "eml",
  session: Session,
): Promise<ExitCode> {
  if (session.json) return session.print(mail, () => "");
  const names = mail.to.map(({ name, address }) => `${name} <${address}>`).join(", ");
  const forms = {
    text: () => `Subject: ${mail.subject}\nTo: ${names}\n\n${toText(mail.body)}`,
    md: () => `# ${mail.subject}\n\n${mail.body}`,
    html: () => toHtmlPage(mail.body, mail.subject, accents[mail.kind]),
    eml: async () => String(await mailMessage(mail, session.settings.sender)),
  };
  session.terminal.out(await forms[to]());
  return exitCodes.ok;
}

function printDiff(last: Mail | undefined, mail: Mail, session: Session): ExitCode {
  if (last === undefined) {
    return session.print([], () => "This is the first mail of its thread: there is none to compare with.");
  }
  const whole = ({ subject, body }: Mail): string => `Subject: ${subject}\n\n${toText(body)}`;
  const changes = diffLines(whole(last), whole(mail)).filter(({ added, removed }) => added || removed);
  const { green, red } = session.terminal.colors;
  return session.print(changes, () =>
    changes
      .map(({ added, value }) => {
        const lines = value
          .trimEnd()
          .split("\n")
          .filter((line) => line !== "");
        return lines.map((line) => (added ? green(`+ ${line}`) : red(`- ${line}`))).join("\n");
      })
      .filter((change) => change !== "")
      .join("\n"),
  );
}

async function deliver(mail: Mail, options: SendOptions, session: Session): Promise<ExitCode> {
  const { settings } = session;
  const sent = await sendDocument(
    mail,
    { kind: mailKind, message: (doc) => mailMessage(doc, settings.sender), options },
    session,
  );
  recordContacts(sent, mail.delivered, { session, summary: sent.subject });
  expectSent(sent, `mail send ${sent.id}`);
  return session.print(
    sent,
    () => `Sent ${mailName(sent, settings.zone)} to ${sent.delivered.join(", ")} (${sent.id}).`,
  );
}
