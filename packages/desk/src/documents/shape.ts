// The parts of which the documents' schemas are made: texts, ids, times, and records that refuse unknown
// fields.
import { z } from "zod";

/** The longest text of a field, in characters: a page, not a book. */
const textMax = 4_000;

// Control characters could steer a terminal or forge a mail header; nothing that a person writes needs them.
// oxlint-disable-next-line no-control-regex -- these are the characters to refuse
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

/** A text of one or more lines, without control characters. */
export const text = z.string().check(texting(textProblem));

/** A text of one line. */
export const line = z
  .string()
  .check(texting((value) => textProblem(value) ?? (/[\n\t]/.test(value) ? "must be one line" : undefined)));

/** The name of a document or a person: also its file name. */
export const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens, such as kitchen-lead")
  .max(80);

/** A time with its offset, such as 2026-11-26T10:12:00Z or 2026-11-26T10:12:00+01:00. */
export const time = z.iso.datetime({
  offset: true,
  error: "must be a time with a zone, such as 2026-11-26T10:12:00Z",
});

/** A day, such as 2026-12-01. */
export const day = z.iso.date({ error: "must be a day, such as 2026-12-01" });

/** A mail address. */
export const address = z.email({ error: "must be a mail address, such as support@example.org" }).max(254);

/** A rating from 1 (low) to 5 (high). */
export const rating = z.int().min(1).max(5);

/** An object with exactly these fields. */
export function record<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodType<Readonly<z.infer<z.ZodObject<Shape>>>> {
  // Not `.readonly()`, which would freeze each object of a large folder.
  return z.strictObject(shape);
}

/** A list of `min` to 500 items. */
export function list<Item extends z.ZodType>(item: Item, min = 0): z.ZodType<readonly z.infer<Item>[]> {
  return z.array(item).min(min).max(500);
}

/** One step in the life of a document: who did what, when, and why. */
export const step = record({ at: time, by: line, did: line, note: text.optional() });

/** One step in the life of a document. */
export type Step = z.infer<typeof step>;

// One check instead of four: a large folder has a hundred thousand texts, and each check of each is a call.
function texting(problemOf: (value: string) => string | undefined): z.core.CheckFn<string> {
  return ({ value, issues }) => {
    const message = problemOf(value);
    if (message !== undefined) issues.push({ code: "custom", message, input: value });
  };
}

function textProblem(value: string): string | undefined {
  if (value.trim() === "") return "must not be empty";
  if (value.length > textMax) return `must have ${textMax} characters or less`;
  return control.test(value) ? "must have no control characters" : undefined;
}
