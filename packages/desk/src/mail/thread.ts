// Reads the thread of an incident and audience, and makes the next mail of it as a document.
import type { Documents } from "../documents/folder.ts";
import type { MailInput, MailText } from "./compose-mail.ts";
import { type Mail, mailKind } from "./mail.ts";

/** Which thread: of an incident and an audience, or of one consumer of it. */
export interface ThreadKey {
  readonly incident: string;
  readonly audience: string;
  readonly consumer?: string | undefined;
}

/** The mails of a thread, oldest first. */
export function threadOf(documents: Documents, { incident, audience, consumer }: ThreadKey): readonly Mail[] {
  return documents
    .list(mailKind)
    .filter((mail) => mail.incident === incident && mail.audience === audience && mail.consumer === consumer)
    .toSorted((a, b) => a.number - b.number);
}

/** The next mail of the thread, as a draft. */
export function nextMail(input: MailInput, { subject, body }: MailText, by: string): Mail {
  const { kind, facts, audience, consumer, at, to, earlier, corrects } = input;
  const number = (earlier.at(-1)?.number ?? 0) + 1;
  const ids = earlier.map(({ id }) => id);
  const promised = kind === "resolution" ? undefined : facts.nextUpdate;
  return {
    schema: "quadrille-desk/mail/1",
    id: [facts.id, audience, ...(consumer === undefined ? [] : [consumer]), number].join("-"),
    incident: facts.id,
    audience,
    ...(consumer === undefined ? {} : { consumer }),
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

/** Whether the next mail came when it was promised. */
export type Promised = "kept" | "broken" | "open" | "overdue";

/**
 * What became of a mail's promise of a next one; undefined where it made none. `now` is the time in
 * milliseconds since 1970.
 */
export function promiseOf(mail: Mail, thread: readonly Mail[], now: number): Promised | undefined {
  if (mail.nextUpdate === undefined) return undefined;
  const due = Date.parse(mail.nextUpdate);
  // A correction is not the next update: it repairs an earlier mail.
  const next = thread.find(
    (each) => each.number > mail.number && each.kind !== "correction" && each.state === "SENT",
  );
  if (next !== undefined) return Date.parse(next.at) <= due ? "kept" : "broken";
  return now <= due ? "open" : "overdue";
}
