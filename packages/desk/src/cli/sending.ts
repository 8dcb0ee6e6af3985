// What the commands that send have in common: the delivery that was asked for, its outcome, and the contacts
// that it made.
import { DeskError } from "../desk-error.ts";
import type { Kind } from "../documents/kind.ts";
import { type Delivery, folderDelivery, send, type Sendable, smtpDelivery } from "../mail/deliver.ts";
import { recordContact, stakeholderKind } from "../people/stakeholder.ts";
import type { CommonOptions, Session } from "./session.ts";

/** Options of commands that send. */
export interface SendOptions extends CommonOptions {
  readonly smtp?: string;
  readonly again?: true;
}

/** Sends a document into the folder `outbox`, or through a server. */
export function sendDocument<Doc extends Sendable>(
  doc: Doc,
  how: {
    readonly kind: Kind<Doc>;
    readonly message: (doc: Doc) => Promise<Buffer>;
    readonly options: SendOptions;
  },
  session: Session,
): Promise<Doc> {
  const { kind, message, options } = how;
  const { documents, settings } = session;
  return send(doc, {
    kind,
    message,
    documents,
    delivery: deliveryOf(options, session),
    from: settings.sender,
    taking: session.taking(),
    again: options.again === true,
  });
}

/** Refuses an SMTP address that is none, before anything is written. */
export function expectDelivery({ smtp }: SendOptions): void {
  if (smtp !== undefined) smtpDelivery(smtp);
}

/** `D_UNDELIVERED` when a recipient was not reached; `retry` is the command that tries again. */
export function expectSent(doc: Sendable, retry: string): void {
  if (doc.state !== "FAILED") return;
  const reason = doc.history.at(-1)?.note ?? "";
  throw new DeskError(
    "D_UNDELIVERED",
    `${doc.id} did not reach everybody: ${reason}. Nothing is lost; try again with: ${retry}`,
  );
}

/**
 * A mail that arrived is a contact with each stakeholder who got it; `before` are the addresses that had it
 * already.
 */
export function recordContacts(
  { delivered }: Sendable,
  before: readonly string[],
  { session, summary }: { readonly session: Session; readonly summary: string },
): void {
  const fresh = new Set(delivered.filter((address) => !before.includes(address)));
  for (const each of session.documents.list(stakeholderKind)) {
    if (each.address === undefined || !fresh.has(each.address)) continue;
    const contacted = recordContact(each, { channel: "mail", summary }, session.taking());
    session.documents.replace(stakeholderKind, each, contacted);
  }
}

function deliveryOf({ smtp }: SendOptions, session: Session): Delivery {
  return smtp === undefined ? folderDelivery(session.path("outbox")) : smtpDelivery(smtp);
}
