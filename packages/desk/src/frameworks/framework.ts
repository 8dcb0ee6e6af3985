// What a framework is: slots with types, checks, a template and an example. Each is one data file in
// `catalogue/`.
import { z } from "zod";
import { id, line, list, record, text, time } from "../documents/shape.ts";

/** Families, as the team's catalogue has them. */
export const families = [
  "communication",
  "problem-solving",
  "time-management",
  "incident-management",
  "post-mortem",
  "strategic-planning",
  "change-management",
] as const;

/** When one reaches for a framework. */
export const moments = [
  "mail",
  "report",
  "proposal",
  "presentation",
  "interview",
  "incident",
  "review",
  "prioritisation",
  "work",
  "strategy",
  "change",
] as const;
/** When one reaches for a framework. */
export type Moment = (typeof moments)[number];

/** For whom. */
export const audiences = ["leaders", "team", "customers", "self"] as const;
/** For whom. */
export type Audience = (typeof audiences)[number];

const key = z.string().regex(/^[a-z][a-zA-Z0-9]*$/, "must be a name in camelCase");

const field = {
  key,
  label: line,
  required: z.boolean(),
  hint: line.optional(),
  /** Of a `choice`. */
  choices: list(line).optional(),
  /** Of a `number`. */
  min: z.number().optional(),
  max: z.number().optional(),
};

const rowField = record({ ...field, type: z.enum(["text", "number", "flag", "date", "time", "choice"]) });
/** A field of a row: a slot without rows of its own. */
export type RowField = z.infer<typeof rowField>;

const slot = record({
  ...field,
  type: z.enum(["text", "number", "flag", "date", "time", "choice", "texts", "rows"]),
  /** Of `rows`. */
  fields: list(rowField).optional(),
  /**
   * The fact that fills the slot when facts are given: a path such as `timeline`. Then it cannot be retyped.
   */
  fact: line.optional(),
});
/** A place in a framework that a document fills. */
export type Slot = z.infer<typeof slot>;

const check = record({
  /** One of the slot checks. */
  lint: line,
  slot: key,
  /** Of rows: the field that is looked at. */
  field: key.optional(),
  /** Another slot, or another field of the row, that is compared with. */
  other: key.optional(),
  otherField: key.optional(),
  /** A number of words or items. */
  limit: z.number().optional(),
  equals: line.optional(),
  /** Slots that, put into the example, break the check; a test shows it. */
  bad: z.record(key, z.unknown()),
});
/** A check of a framework: a slot check with its arguments, and an example that breaks it. */
export type Check = z.infer<typeof check>;

/** The schema of a framework's file. */
export const framework = record({
  schema: z.literal("quadrille-desk/framework/1"),
  id,
  name: line,
  expansion: line,
  families: list(z.enum(families), 1),
  /** What the team uses it for. */
  note: text,
  when: list(line, 1),
  whenNot: list(line, 1),
  roles: list(z.enum(["everybody", "tech-lead", "leadership", "contributor"]), 1),
  suits: record({
    moments: list(z.enum(moments), 1),
    audiences: list(z.enum(audiences), 1),
    minutes: z.int().min(1),
  }),
  slots: list(slot, 1),
  /** The word lints that hold in its texts. */
  words: list(z.enum(["blame", "person-as-cause", "vague"])),
  checks: list(check),
  /** Lines of Markdown with mustache names of slots. */
  template: list(z.string()),
  example: record({ title: line, slots: z.record(key, z.unknown()) }),
});
/** A file of the catalogue: slots, checks, template and example. */
export type Framework = z.infer<typeof framework>;

/** The schema of a filled framework. */
export const filled = record({
  schema: z.literal("quadrille-desk/document/1"),
  id,
  framework: id,
  title: line,
  at: time,
  slots: z.record(key, z.unknown()).readonly(),
});
/** A filled framework. */
export type Filled = z.infer<typeof filled>;

/** Filled frameworks, in the folder `documents`. */
export const filledKind = {
  name: "document",
  folder: "documents",
  schemaName: "quadrille-desk/document/1",
  schema: filled,
} as const;
