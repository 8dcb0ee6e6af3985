// Delivers a mail: into a folder of .eml files, or to an SMTP server. The intent is written before, the
// outcome after, so that after a crash it is known that delivery is unknown; the Message-ID is the same at
// every attempt.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { DeskError } from "../desk-error.ts";
import type { Documents } from "../documents/folder.ts";
import type { Kind } from "../documents/kind.ts";
import { type Living, type Taking, take } from "../documents/lifecycle.ts";
import { accents } from "./compose-mail.ts";
import { type Mail, mailLifecycle, type MailState } from "./mail.ts";
import { composeMessage, type Mailbox } from "./message.ts";

/** Takes the bytes of a message to its recipients. */
export interface Delivery {
  /**
   * Gives the addresses that were taken, and a reason for each other one. Rejects when no recipient was
   * reached.
   */
  deliver(message: Buffer, envelope: Envelope): Promise<Delivered>;
}

/** Who sends and who gets a message, and its name. */
export interface Envelope {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** What became of each recipient. */
export interface Delivered {
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
}

/** A folder of `.eml` files. */
export function folderDelivery(folder: string): Delivery {
  return {
    deliver: async (message, { id, to }) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${id}.eml`), message);
      return { accepted: to, refused: [] };
    },
  };
}

/** An SMTP server by its URL: `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
export function smtpDelivery(url: string): Delivery {
  if (!/^smtps?:\/\/[^/]/.test(url)) {
    throw new DeskError("D_INVALID", `${JSON.stringify(url)} is no SMTP address; give smtp://host:port.`);
  }
  const timeoutMs = 10_000;
  return {
    deliver: async (raw, { from, to }) => {
      const transport = createTransport({
        url,
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
      });
      try {
        const { accepted, rejected } = await transport.sendMail({ raw, envelope: { from, to: [...to] } });
        return { accepted: accepted.map(addressOf), refused: rejected.map(addressOf) };
      } finally {
        transport.close();
      }
    },
  };
}

/** What can be sent: a mail, or minutes. */
export interface Sendable extends Living<MailState> {
  readonly to: readonly Mailbox[];
  /** Addresses that a server took. */
  readonly delivered: readonly string[];
}

/** What sending needs. */
export interface Sending<Doc extends Sendable> {
  readonly kind: Kind<Doc>;
  readonly documents: Documents;
  readonly delivery: Delivery;
  readonly from: Mailbox;
  readonly taking: Taking;
  /** Sends once more what may have been delivered before a crash. */
  readonly again: boolean;
  /** The bytes that are sent. */
  readonly message: (doc: Doc) => Promise<Buffer>;
}

/**
 * Sends a document to everybody who has not got it. Gives it as it is then: SENT, or FAILED with the reason.
 */
export async function send<Doc extends Sendable>(doc: Doc, sending: Sending<Doc>): Promise<Doc> {
  const { kind, documents, taking, again } = sending;
  if (doc.state === "SENDING" && !again) {
    throw new DeskError(
      "D_REFUSED",
      `${doc.id} was being sent when the program ended, and may have arrived: look, then repeat with --again (its Message-ID is the same).`,
    );
  }
  const begun = take(mailLifecycle, doc, { did: doc.state === "SENDING" ? "repeat" : "send", ...taking });
  documents.replace(kind, doc, begun);
  const outcome = await attempt(begun, sending);
  const delivered = [...begun.delivered, ...outcome.accepted];
  const missing = begun.to.filter(({ address }) => !delivered.includes(address));
  const did = missing.length === 0 ? "deliver" : "fail";
  const note =
    did === "fail"
      ? `${outcome.reason ?? "refused"}: ${missing.map(({ address }) => address).join(", ")}`
      : undefined;
  const done = { ...take(mailLifecycle, begun, { ...taking, did, note }), delivered };
  documents.replace(kind, begun, done);
  return done;
}

async function attempt<Doc extends Sendable>(
  doc: Doc,
  { delivery, from, message }: Sending<Doc>,
): Promise<Delivered & { readonly reason?: string }> {
  const to = doc.to.filter(({ address }) => !doc.delivered.includes(address)).map(({ address }) => address);
  try {
    return await delivery.deliver(await message(doc), { id: doc.id, from: from.address, to });
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    return { accepted: [], refused: to, reason };
  }
}

/** The bytes of a mail. */
export function mailMessage(
  { id, to, subject, at, body, thread, kind }: Mail,
  from: Mailbox,
): Promise<Buffer> {
  return composeMessage({ id, from, to, subject, at, markdown: body, thread, accent: accents[kind] });
}

function addressOf(recipient: string | { readonly address?: string | undefined }): string {
  return typeof recipient === "string" ? recipient : (recipient.address ?? "");
}
