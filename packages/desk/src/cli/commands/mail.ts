// What the commands of mails do.
import { diffLines } from "diff";
import { DeskError } from "../../desk-error.ts";
import { accents, type MailInput, mailName } from "../../mail/compose-mail.ts";
import { mailMessage } from "../../mail/deliver.ts";
import { type Facts, parseFacts, type Recipient } from "../../mail/facts.ts";
import { type Mail, mailKind, type MailKind } from "../../mail/mail.ts";
import { checkedMail } from "../../mail/mail-lints.ts";
import { nextMail, threadOf } from "../../mail/thread.ts";
import { stakeholderKind } from "../../people/stakeholder.ts";
import { columns, toHtmlPage, toText } from "../../render/markdown.ts";
import { whenText } from "../../render/when.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { expectDelivery, expectSent, recordTold, sendDocument, type SendOptions } from "../sending.ts";
import { findingsText, type Session } from "../session.ts";

export interface MailOptions extends SendOptions {
  readonly audience: string;
  readonly send?: true;
  readonly diff?: true;
  readonly to?: "text" | "md" | "html" | "eml";
  /** Of a correction. */
  readonly number?: number;
}

/** `mail alert`, `update`, `resolution`, `correction` */
export async function mailCommand(
  kind: MailKind,
  { file, ...options }: MailOptions & { readonly file: string },
  session: Session,
): Promise<ExitCode> {
  const input = mailInput(kind, { facts: parseFacts(session.readJson(file), file), options, session });
  const stakeholders = session.documents.list(stakeholderKind);
  const around = { people: stakeholders.map(({ name }) => name), owners: stakeholders.map(({ id }) => id) };
  const { findings, text, ok } = checkedMail(input, around);
  const mail = nextMail(input, text, session.taking().by);
  if (!ok || (session.json && findings.length > 0 && options.send !== true))
    return session.findings(findings, file);
  if (findings.length > 0) session.terminal.err(`${findingsText(findings, file, session.terminal)}\n`);
  if (options.diff === true) return printDiff(input.earlier.at(-1), mail, session);
  if (options.send !== true && options.smtp === undefined)
    return printDraft(mail, options.to ?? "text", session);
  expectDelivery(options);
  session.documents.create(mailKind, mail);
  return deliver(mail, options, session);
}

/** `mail send` */
export async function sendCommand(id: string, options: SendOptions, session: Session): Promise<ExitCode> {
  const mail = session.documents.read(mailKind, id);
  return deliver(mail, options, session);
}

/** `mail list` */
export function listCommand(session: Session): ExitCode {
  const mails = session.documents
    .list(mailKind)
    .toSorted((a, b) => a.at.localeCompare(b.at) || a.number - b.number);
  const { zone } = session.settings;
  return session.print(mails, () =>
    mails.length === 0
      ? "No mails yet."
      : columns(mails.map(({ id, state, at, subject }) => [id, state, whenText(at, zone), subject])).join(
          "\n",
        ),
  );
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

function mailInput(
  kind: MailKind,
  {
    facts,
    options,
    session,
  }: { readonly facts: Facts; readonly options: MailOptions; readonly session: Session },
): MailInput {
  const { audience, number } = options;
  const earlier = threadOf(session.documents, facts.id, audience);
  const corrects = kind === "correction" ? wrongMail(earlier, number) : undefined;
  const to = recipientsOf(facts, audience, session);
  const names = new Map(session.documents.list(stakeholderKind).map(({ id, name }) => [id, name]));
  const nameOf = (owner: string): string => names.get(owner) ?? owner;
  return {
    kind,
    facts,
    audience,
    to,
    earlier,
    corrects,
    nameOf,
    settings: session.settings,
    at: session.now,
  };
}

function wrongMail(earlier: readonly Mail[], number: number | undefined): Mail | undefined {
  if (number === undefined) return earlier.at(-1);
  const found = earlier.find((mail) => mail.number === number);
  if (found !== undefined) return found;
  throw new DeskError("D_UNKNOWN", `The thread has no mail ${number}; it has ${earlier.length}.`);
}

function recipientsOf(facts: Facts, audience: string, session: Session): readonly Recipient[] {
  const given = facts.recipients?.[audience];
  if (given !== undefined) return given;
  return session.documents
    .list(stakeholderKind)
    .flatMap(({ name, address, audience: theirs }) =>
      theirs === audience && address !== undefined ? [{ name, address }] : [],
    );
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
  recordTold(sent, mail.delivered, { session, summary: sent.subject });
  expectSent(sent, `mail send ${sent.id}`);
  return session.print(
    sent,
    () => `Sent ${mailName(sent, settings.zone)} to ${sent.delivered.join(", ")} (${sent.id}).`,
  );
}
