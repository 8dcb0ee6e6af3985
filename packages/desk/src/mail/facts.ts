// The facts of an incident as they are handed in: figures with their source, the timeline, what is known and
// what is planned. A program that reads the journals writes them; words may name figures as `{{key}}`, so
// that a number is never retyped.
import { z } from "zod";
import { parseDocument } from "../documents/folder.ts";
import { address, day, id, line, list, record, text, time } from "../documents/shape.ts";

/** In the order in which an incident passes them. */
const incidentStates = [
  "TRIAGE",
  "ASSESSING",
  "ACTING",
  "MONITORING",
  "RESOLVED",
  "REVIEWING",
  "CLOSED",
] as const;

/** For which audiences an item is; for all where it is left out. */
const only = { audiences: list(id, 1).optional() };
const item = record({ text, ...only });

const figure = record({
  /** How words name it: `{{ordersStuck}}`. */
  key: z.string().regex(/^[a-z][a-zA-Z0-9]*$/, "must be a name in camelCase"),
  label: line,
  /** `null` where an input is missing: then there is no figure, and never a zero. */
  value: z.number().nullable(),
  unit: line.optional(),
  /** ISO 4217. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be a currency such as EUR")
    .optional(),
  asOf: time,
  /** The query and the journals' positions. */
  provenance: line,
  /** Why there is no value. */
  missing: line.optional(),
  /** The consumer whose orders alone are counted. */
  consumer: id.optional(),
  ...only,
});
/** A number with its source. */
export type Figure = z.infer<typeof figure>;

const mailbox = record({ name: line, address, consumer: id.optional() });
/** Who gets a mail; `consumer` names whose orders it may be about. */
export type Recipient = z.infer<typeof mailbox>;

const facts = record({
  schema: z.literal("quadrille-desk/facts/1"),
  /** The incident's id. */
  id,
  asOf: time,
  system: line,
  /** A few words, as for a subject: "Orders wait for the kitchen". */
  problem: line,
  state: z.enum(incidentStates),
  impact: z.enum(["critical", "high", "medium", "low"]),
  severity: line,
  started: time,
  detected: time.optional(),
  mitigated: time.optional(),
  recovered: time.optional(),
  effect: record({ who: text, business: text }),
  status: text,
  figures: list(figure),
  timeline: list(
    record({
      at: time,
      /** When it became known, where that is later. */
      learned: time.optional(),
      event: text,
      source: line.optional(),
      linkToNext: line.optional(),
      ...only,
    }),
  ),
  /** What is new since the last mail. */
  findings: list(item),
  hypotheses: list(
    record({
      text,
      state: z.enum(["open", "ruled-out", "confirmed", "inconclusive"]),
      evidence: text,
      ...only,
    }),
  ),
  cause: record({ confirmed: z.boolean(), text }).optional(),
  nextSteps: list(item),
  estimatedFix: time.optional(),
  nextUpdate: time.optional(),
  correctiveActions: list(item),
  preventiveMeasures: list(record({ action: text, owner: id, due: day })),
  correction: record({ wrong: text, right: text }).optional(),
  /** Names with digits that are no figures, such as "HTTP 500". */
  terms: list(line),
  /** Who gets the mails, by audience; the register of stakeholders where it is left out. */
  recipients: z.record(id, list(mailbox)).readonly().optional(),
});
/** The facts of an incident at a time. */
export type Facts = z.infer<typeof facts>;

/** The schema of facts, for documents that keep a snapshot. */
export const factsSchema: z.ZodType<Facts> = facts;

/** Checks facts that were handed in. */
export function parseFacts(value: unknown, where: string): Facts {
  return parseDocument(
    { name: "facts", folder: "", schemaName: "quadrille-desk/facts/1", schema: factsSchema },
    value,
    where,
  );
}

/** Whether an item is for an audience. */
export function isFor(
  audience: string,
): (item: { readonly audiences?: readonly string[] | undefined }) => boolean {
  return ({ audiences }) => audiences === undefined || audiences.includes(audience);
}

/** The facts without the figures of other consumers than this one. */
export function factsOfConsumer(facts: Facts, consumer: string): Facts {
  const figures = facts.figures.filter((each) => each.consumer === undefined || each.consumer === consumer);
  return { ...facts, figures };
}

/** `37 orders`, `EUR 1,204.50`; nothing where there is no value. */
export function figureText({
  value,
  unit,
  currency,
}: Pick<Figure, "value" | "unit" | "currency">): string | undefined {
  if (value === null) return undefined;
  if (currency !== undefined) {
    const money = new Intl.NumberFormat("en-GB", { style: "currency", currency, currencyDisplay: "code" });
    return money.format(value).replaceAll("\u00a0", " ");
  }
  const amount = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 }).format(value);
  return unit === undefined ? amount : `${amount} ${unit}`;
}

/** Words with their figures put in; a figure that is unknown or has no value stays as it was written. */
export function withFigures(words: string, figures: readonly Figure[]): string {
  return words.replaceAll(figureName, (written, key: string) => {
    const found = figures.find((each) => each.key === key);
    return (found && figureText(found)) ?? written;
  });
}

/** `{{key}}` in words. */
export const figureName: RegExp = /\{\{\s*([a-zA-Z][a-zA-Z0-9]*)\s*\}\}/g;
