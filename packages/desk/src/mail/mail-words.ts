// The words of a person that a mail will print, with their places in the facts.
import type { Passage } from "../lint/lint.ts";
import { type Facts, isFor } from "./facts.ts";
import type { MailKind } from "./mail.ts";

/** What each kind prints of the facts, beside the system and the problem. */
const printed = {
  alert: ["effect"],
  update: ["effect", "status", "findings", "timeline", "cause", "hypotheses", "nextSteps"],
  resolution: ["effect", "status", "timeline", "cause", "correctiveActions", "preventiveMeasures"],
  correction: ["correction"],
} as const satisfies Readonly<Record<MailKind, readonly (keyof Facts)[]>>;

/** Which text of an item is printed. */
const texts = ["text", "event", "action", "evidence", "who", "business", "wrong", "right"] as const;

/** The words that a mail of this kind prints for the audience. */
export function mailWords(kind: MailKind, facts: Facts, audience: string): readonly Passage[] {
  const fields: readonly (keyof Facts)[] = ["system", "problem", ...printed[kind]];
  return fields.flatMap((field) => fieldWords(field, facts[field], audience));
}

function fieldWords(field: string, value: unknown, audience: string): readonly Passage[] {
  if (typeof value === "string") return [{ place: `/${field}`, text: value }];
  if (Array.isArray(value)) {
    return (value as readonly Readonly<Record<string, unknown>>[]).flatMap((item, index) =>
      isFor(audience)(item) ? itemWords(`/${field}/${index}`, item) : [],
    );
  }
  return typeof value === "object" && value !== null ? itemWords(`/${field}`, { ...value }) : [];
}

function itemWords(place: string, item: Readonly<Record<string, unknown>>): readonly Passage[] {
  return texts.flatMap((key) => {
    const text = item[key];
    return typeof text === "string" ? [{ place: `${place}/${key}`, text }] : [];
  });
}
