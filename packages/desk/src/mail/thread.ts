// Reads the thread of an incident and audience, and makes the next mail of it as a document.
import type { Documents } from "../documents/folder.ts";
import type { MailInput, MailText } from "./compose-mail.ts";
import { type Mail, mailKind } from "./mail.ts";

/** The mails of a thread, oldest first. */
export function threadOf(documents: Documents, incident: string, audience: string): readonly Mail[] {
  return documents
    .list(mailKind)
    .filter((mail) => mail.incident === incident && mail.audience === audience)
    .toSorted((a, b) => a.number - b.number);
}

/** The next mail of the thread, as a draft. */
export function nextMail(input: MailInput, { subject, body }: MailText, by: string): Mail {
  const { kind, facts, audience, at, to, earlier, corrects } = input;
  const number = (earlier.at(-1)?.number ?? 0) + 1;
  const ids = earlier.map(({ id }) => id);
  const promised = kind === "resolution" ? undefined : facts.nextUpdate;
  return {
    schema: "quadrille-desk/mail/1",
    id: `${facts.id}-${audience}-${number}`,
    incident: facts.id,
    audience,
    kind,
    number,
    at,
    subject,
    body,
    to: to.map(({ name, address }) => ({ name, address })),
    thread: corrects === undefined ? ids : [...ids.filter((id) => id !== corrects.id), corrects.id],
    ...(promised === undefined ? {} : { nextUpdate: promised }),
    facts,
    state: "DRAFTED",
    delivered: [],
    history: [{ at, by, did: "draft" }],
  };
}
