// What a lint is: a named rule that reads a document and says each problem with its place. One registry has
// all of them.

/** Errors stop a document from being sent; warnings are shown. */
export type Level = "error" | "warning";

/** A problem in a document. */
export interface Finding {
  readonly lint: string;
  readonly level: Level;
  /** Where, as JSON Pointer (RFC 6901). */
  readonly place: string;
  /** What is wrong and what to do, in one sentence. */
  readonly message: string;
}

/** A problem, before it has the lint's name. */
export type Problem = readonly [place: string, message: string];

/** A named rule over subjects of one kind. */
export interface Lint<Subject> {
  readonly level: Level;
  /** What it looks for, in one sentence. */
  readonly says: string;
  readonly find: (subject: Subject) => readonly Problem[];
}

/** Lints by name. */
export type Lints<Subject> = Readonly<Record<string, Lint<Subject>>>;

/** Runs all of them; findings in the order of the lints. */
export function runLints<Subject>(lints: Lints<Subject>, subject: Subject): readonly Finding[] {
  return Object.entries(lints).flatMap(([lint, { level, find }]) =>
    find(subject).map(([place, message]) => ({ lint, level, place, message })),
  );
}

/** A text that a person wrote, and where. */
export interface Passage {
  readonly place: string;
  readonly text: string;
}

/**
 * All texts in a value, with their places; a field for which `skip` is true is left out with all that it
 * holds.
 */
export function passagesIn(
  value: unknown,
  place = "",
  skip: (field: string) => boolean = () => false,
): readonly Passage[] {
  if (typeof value === "string") return [{ place, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, each]) =>
    skip(field) ? [] : passagesIn(each, `${place}/${field}`, skip),
  );
}
