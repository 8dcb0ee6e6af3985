// Puts together what a mail is made from: the facts that its readers may know, its thread, and to whom it
// goes.
import { DeskError } from "../desk-error.ts";
import type { Documents } from "../documents/folder.ts";
import type { Stakeholder } from "../people/stakeholder.ts";
import type { Settings } from "../settings.ts";
import { audienceSettings, type MailInput } from "./compose-mail.ts";
import { type Facts, factsOfConsumer, type Recipient } from "./facts.ts";
import type { Mail, MailKind } from "./mail.ts";
import { threadOf } from "./thread.ts";

/** Which mail is wanted. */
export interface MailWish {
  readonly kind: MailKind;
  readonly audience: string;
  /** For an audience that hears about its own orders only: the consumer who gets the mail. */
  readonly consumer?: string | undefined;
  /** Of a correction: which mail of the thread is wrong; the last one where it is left out. */
  readonly number?: number | undefined;
}

/** What is known around it. */
export interface MailWorld {
  readonly documents: Documents;
  readonly stakeholders: readonly Stakeholder[];
  readonly settings: Settings;
  /** ISO 8601. */
  readonly at: string;
}

/** What the mail is made from. `D_UNKNOWN` when a mail is to be corrected that the thread does not have. */
export function mailInput(
  { kind, audience, consumer: wanted, number }: MailWish,
  given: Facts,
  { documents, stakeholders, settings, at }: MailWorld,
): MailInput {
  const { ownOnly } = audienceSettings(settings, audience);
  const to = (given.recipients?.[audience] ?? registered(stakeholders, audience)).filter(
    (each) => wanted === undefined || each.consumer === wanted,
  );
  const consumer = ownOnly ? to[0]?.consumer : undefined;
  const facts = consumer === undefined ? given : factsOfConsumer(given, consumer);
  const earlier = threadOf(documents, { incident: facts.id, audience, consumer });
  const corrects = kind === "correction" ? wrongMail(earlier, number) : undefined;
  const names = new Map(stakeholders.map(({ id, name }) => [id, name]));
  const nameOf = (owner: string): string => names.get(owner) ?? owner;
  return { kind, facts, audience, consumer, to, earlier, corrects, nameOf, settings, at };
}

/** The stakeholders of an audience who have a mail address. */
function registered(stakeholders: readonly Stakeholder[], audience: string): readonly Recipient[] {
  return stakeholders.flatMap(({ name, address, audience: theirs }) =>
    theirs === audience && address !== undefined ? [{ name, address }] : [],
  );
}

function wrongMail(earlier: readonly Mail[], number: number | undefined): Mail | undefined {
  if (number === undefined) return earlier.at(-1);
  const found = earlier.find((mail) => mail.number === number);
  if (found !== undefined) return found;
  throw new DeskError("D_UNKNOWN", `The thread has no mail ${number}; it has ${earlier.length}.`);
}
