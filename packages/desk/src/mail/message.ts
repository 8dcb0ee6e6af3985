// One mail message as the bytes that are sent: text and HTML from the same Markdown, headers that keep a
// thread together.
import { createTransport } from "nodemailer";
import { DeskError } from "../desk-error.ts";
import { toHtmlPage, toText } from "../render/markdown.ts";

/** A name and its mail address. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** What a message is made of. */
export interface MessageParts {
  /** Becomes the Message-ID together with the sender's domain: the same mail always has the same one. */
  readonly id: string;
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly subject: string;
  /** ISO 8601. */
  readonly at: string;
  readonly markdown: string;
  /** The ids of the earlier mails of the thread, oldest first. */
  readonly thread?: readonly string[];
  /** The colour of the page's top edge. */
  readonly accent?: string;
}

/** The message (RFC 5322) as bytes. `D_INVALID` when a header's text has a line break. */
export async function composeMessage(parts: MessageParts): Promise<Buffer> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  const { message } = await transport.sendMail(messageOptions(parts));
  return Buffer.isBuffer(message) ? message : Buffer.from([]);
}

/** The message as nodemailer takes it. */
function messageOptions({ id, from, to, subject, at, markdown, thread = [], accent }: MessageParts) {
  for (const text of [subject, from.name, ...to.map(({ name }) => name)]) expectLine(text);
  const earlier = thread.map((each) => messageId(each, from));
  const previous = earlier.at(-1);
  return {
    messageId: messageId(id, from),
    date: new Date(at),
    // Copies: nodemailer writes into the addresses that it is given.
    from: { ...from },
    to: to.map((mailbox) => ({ ...mailbox })),
    subject,
    text: toText(markdown),
    html: toHtmlPage(markdown, subject, accent),
    ...(previous === undefined ? {} : { inReplyTo: previous, references: [...earlier] }),
    // RFC 3834: programs that answer mails by themselves leave this one alone.
    headers: { "Auto-Submitted": "auto-generated" },
    // Derived from the id, so that the same mail is the same file.
    baseBoundary: id.replaceAll(/[^a-z0-9]/g, ""),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** `<id@domain>` (RFC 5322, 3.6.4). */
function messageId(id: string, from: Pick<Mailbox, "address">): string {
  return `<${id}@${from.address.split("@").at(-1)}>`;
}

// nodemailer would fold or remove a line break; a forged header is a mistake to be seen, not to be repaired
// in silence.
function expectLine(text: string): void {
  // oxlint-disable-next-line no-control-regex -- these are the characters to refuse
  if (!/[\u0000-\u001f\u007f]/.test(text)) return;
  throw new DeskError(
    "D_INVALID",
    `A mail header must be one line without control characters: ${JSON.stringify(text)}.`,
  );
}
