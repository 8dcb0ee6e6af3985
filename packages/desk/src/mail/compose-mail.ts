// Makes the text of a mail from the facts: the subject and the sections of its kind, for one audience.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { plainText } from "../documents/values.ts";
import { fill, type View } from "../render/template.ts";
import { clockText, dayText, spanText, whenText, type Zone } from "../render/when.ts";
import type { AudienceSettings, Settings } from "../settings.ts";
import { type Facts, figureName, figureText, isFor, type Recipient, withFigures } from "./facts.ts";
import type { Mail, MailKind } from "./mail.ts";

/** What a mail is made from. */
export interface MailInput {
  readonly kind: MailKind;
  readonly facts: Facts;
  readonly audience: string;
  /** The consumer who gets the mail, for an audience that hears about its own orders only. */
  readonly consumer?: string | undefined;
  readonly to: readonly Recipient[];
  /** The earlier mails of the thread, oldest first. */
  readonly earlier: readonly Mail[];
  /** The mail that a correction corrects. */
  readonly corrects?: Mail | undefined;
  readonly settings: Settings;
  /** How the owner of a measure is called; their id where it is left out. */
  readonly nameOf?: (owner: string) => string;
  /** ISO 8601. */
  readonly at: string;
}

/** A subject and a body in Markdown. */
export interface MailText {
  readonly subject: string;
  readonly body: string;
}

const folder = join(import.meta.dirname, "templates");
const readTemplate = (name: string): string => readFileSync(join(folder, `${name}.mustache`), "utf8");

/** The colour of a mail's top edge. */
export const accents: Readonly<Record<MailKind, string>> = {
  alert: "#c92a2a",
  update: "#e67700",
  resolution: "#2b8a3e",
  correction: "#495057",
};

/** Makes the mail's text. The first line of a template is the subject. */
export function composeMail(input: MailInput): MailText {
  const [subjectLine = "", ...lines] = readTemplate(input.kind).split("\n");
  const view = mailView(input);
  return {
    subject: plainSubject(subjectLine, view),
    body: fill([...lines, "", readTemplate("close")].join("\n"), view),
  };
}

/** How the audience is written to; readers of an audience without settings are not technical. */
export function audienceSettings({ audiences }: Settings, audience: string): AudienceSettings {
  return audiences[audience] ?? { plain: true, ownOnly: false, alertMinutes: 30, updateMinutes: 60 };
}

/** "Alert", "Update 2 of Thu 26 Nov 2026, 10:42 UTC". */
export function mailName({ kind, number, at }: Pick<Mail, "kind" | "number" | "at">, zone: Zone): string {
  const name = `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
  return `${name} ${number} of ${whenText(at, zone)}`;
}

// A subject is plain text: it is filled without escapes, and a header takes one line only.
function plainSubject(template: string, view: View): string {
  return template
    .replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => plainText(view[name]))
    .replaceAll(/\s+/g, " ")
    .trim();
}

function mailView(input: MailInput): View {
  const { facts, settings, at, to, audience, corrects, nameOf = (owner) => owner } = input;
  const { zone, sender } = settings;
  const words = (text: string): string => withFigures(text, facts.figures);
  const mine = isFor(audience);
  const texts = (items: Facts["findings"]): readonly string[] =>
    items.filter(mine).map(({ text }) => words(text));
  return {
    salutation: salutation(to),
    system: facts.system,
    problem: facts.problem,
    impact: facts.impact,
    who: words(facts.effect.who),
    business: words(facts.effect.business),
    status: words(facts.status),
    ...promises(facts, at, zone),
    findings: texts(facts.findings),
    timeline: facts.timeline
      .filter(mine)
      .map(({ at: when, event }) => ({ at: clockText(when, zone, at), event: words(event) })),
    figures: figureViews(input),
    cause: facts.cause?.confirmed === true ? words(facts.cause.text) : "",
    ruledOut: facts.hypotheses
      .filter((each) => each.state === "ruled-out" && mine(each))
      .map(({ text, evidence }) => ({ text: words(text), evidence: words(evidence) })),
    nextSteps: texts(facts.nextSteps),
    correctiveActions: texts(facts.correctiveActions),
    preventiveMeasures: facts.preventiveMeasures.map(({ action, owner, due }) => ({
      action,
      owner: nameOf(owner),
      due: dayText(due),
    })),
    hasPreventiveMeasures: facts.preventiveMeasures.length > 0,
    corrected: corrects === undefined ? "earlier mail" : mailName(corrects, zone),
    wrong: words(facts.correction?.wrong ?? ""),
    right: words(facts.correction?.right ?? ""),
    contact: settings.contact,
    senderName: sender.name,
    senderTitle: sender.title,
  };
}

function promises(facts: Facts, at: string, zone: Zone): View {
  const { nextUpdate, estimatedFix, started, recovered } = facts;
  const until = (time: string): string => spanText(Date.parse(time) - Date.parse(at));
  return {
    nextUpdate: nextUpdate === undefined ? "" : whenText(nextUpdate, zone),
    nextWithin: nextUpdate === undefined ? "" : until(nextUpdate),
    estimatedFix: estimatedFix === undefined ? "" : whenText(estimatedFix, zone),
    fixIn: estimatedFix === undefined ? "" : until(estimatedFix),
    started: whenText(started, zone),
    recovered: recovered === undefined ? "" : whenText(recovered, zone),
    duration: recovered === undefined ? "" : spanText(Date.parse(recovered) - Date.parse(started)),
  };
}

/**
 * Figures with their value, or why there is none. Technical readers see all of them with their source; the
 * others those that the words about the effect have not given already.
 */
function figureViews({ facts, audience, settings }: MailInput): readonly View[] {
  const { plain } = audienceSettings(settings, audience);
  const named = new Set(
    [...Object.values(facts.effect).join(" ").matchAll(figureName)].map(([, key]) => key),
  );
  const shown = facts.figures.filter(isFor(audience)).filter(({ key }) => !plain || !named.has(key));
  return shown.map((figure) => ({
    label: figure.label,
    value: figureText(figure) ?? `not known yet (${figure.missing ?? "an input is missing"})`,
    source: plain ? "" : `${figure.provenance}, as of ${clockText(figure.asOf, settings.zone, facts.asOf)}`,
  }));
}

function salutation(to: readonly Recipient[]): string {
  const names = to.map(({ name }) => name);
  if (names.length === 0) return "all";
  return names.length === 1 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
