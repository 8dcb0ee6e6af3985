// A mail as a document: which one of its thread it is, what it says, to whom it goes, and what became of it.
import { z } from "zod";
import type { Kind } from "../documents/kind.ts";
import type { Lifecycle } from "../documents/lifecycle.ts";
import { address, id, line, list, record, step, time } from "../documents/shape.ts";
import { factsSchema } from "./facts.ts";

/** The three mails of an incident, and the correction. */
export const mailKinds = ["alert", "update", "resolution", "correction"] as const;
/** The three mails of an incident, and the correction. */
export type MailKind = (typeof mailKinds)[number];

/** All of them; {@link MailState} says what they promise. */
export const mailStates = ["DRAFTED", "APPROVED", "SENDING", "SENT", "FAILED", "WITHDRAWN"] as const;
/**
 * The states of a mail. `SENDING` is written before the first byte leaves: after a crash it says that
 * delivery is unknown.
 */
export type MailState = (typeof mailStates)[number];

/** How a mail moves. */
export const mailLifecycle: Lifecycle<
  MailState,
  "approve" | "send" | "repeat" | "deliver" | "fail" | "withdraw"
> = {
  initial: "DRAFTED",
  steps: {
    approve: { from: ["DRAFTED"], to: "APPROVED" },
    send: { from: ["DRAFTED", "APPROVED", "FAILED"], to: "SENDING" },
    // Delivery is unknown: the same Message-ID lets the reader's program show it once.
    repeat: { from: ["SENDING"], to: "SENDING" },
    deliver: { from: ["SENDING"], to: "SENT" },
    fail: { from: ["SENDING"], to: "FAILED" },
    withdraw: { from: ["DRAFTED", "APPROVED", "FAILED"], to: "WITHDRAWN" },
  },
  ends: ["SENT", "WITHDRAWN"],
};

const mail = record({
  schema: z.literal("quadrille-desk/mail/1"),
  /** incident-audience-number, with the consumer before the number */
  id,
  incident: id,
  audience: id,
  /** Whose orders it is about: consumers have threads of their own. */
  consumer: id.optional(),
  kind: z.enum(mailKinds),
  /** From 1, in its thread: one for each incident and audience, or consumer. */
  number: z.int().min(1),
  at: time,
  subject: line,
  /** The body as Markdown; text and HTML are made from it. */
  body: z.string(),
  to: list(record({ name: line, address })),
  /**
   * Ids of the earlier mails of the thread, oldest first; a correction ends with the mail that it corrects.
   */
  thread: list(id),
  /** The next update that it promises. */
  nextUpdate: time.optional(),
  /** The snapshot from which it was made. */
  facts: factsSchema,
  state: z.enum(mailStates),
  /** Addresses that a server took. */
  delivered: list(address),
  history: list(step),
});
/** A mail of an incident. */
export type Mail = z.infer<typeof mail>;

/** Mails, in the folder `mails`. */
export const mailKind: Kind<Mail> = {
  name: "mail",
  folder: "mails",
  schemaName: "quadrille-desk/mail/1",
  schema: mail,
};
