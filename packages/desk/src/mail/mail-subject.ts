// What the lints of mails look at.
import type { Passage } from "../lint/lint.ts";
import type { MailInput } from "./compose-mail.ts";

/** A mail before it is sent, and what is known around it. */
export interface MailSubject extends MailInput {
  /** The words that it prints. */
  readonly words: readonly Passage[];
  /** Names of people, none of whom may be given as a cause. */
  readonly people: readonly string[];
  /** Ids of the people who can own a measure; no check where there are none. */
  readonly owners: readonly string[];
}
