// The one registry of lints: those over words, which any document can have, those of mails, of minutes, and
// the checks that a framework's file asks for by name.
import { slotChecks } from "./frameworks/slot-checks.ts";
import type { Lint } from "./lint/lint.ts";
import { wordLints } from "./lint/word-lints.ts";
import { mailLints } from "./mail/mail-lints.ts";
import { minutesLints } from "./minutes/minutes-lints.ts";

/** Lints by what they look at, and by name. No name is there twice. */
export const lintRegistry: Readonly<
  Record<string, Readonly<Record<string, Pick<Lint<never>, "level" | "says">>>>
> = {
  words: wordLints,
  frameworks: slotChecks,
  mails: mailLints,
  minutes: minutesLints,
};
