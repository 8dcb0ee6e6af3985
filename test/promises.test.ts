// Every promise of docs/promises.md names a test that exists.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const docs = join(import.meta.dirname, "..", "docs");

/** A row of the page: the promise, and the tests that it names. */
interface Row {
  readonly promise: string;
  readonly tests: readonly { readonly title: string; readonly path: string }[];
}

/** The rows of the first table on the page. */
function rowsOf(page: string): readonly Row[] {
  return [...page.matchAll(/^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$/gm)]
    .map(([, promise = "", tests = ""]) => ({
      promise,
      tests: [...tests.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = "", path = ""]) => ({
        title,
        path,
      })),
    }))
    .filter(({ promise }) => promise !== "promise" && !promise.startsWith("---"));
}

/** What is wrong with a row; nothing where all is well. */
function problemsOf({ promise, tests }: Row): readonly string[] {
  if (tests.length === 0) return [`"${promise}" names no test`];
  return tests.flatMap(({ title, path }) => {
    const file = join(docs, path);
    if (!path.endsWith(".test.ts") || !existsSync(file))
      return [`"${promise}" names ${path}, which is no test file`];
    return titlesIn(readFileSync(file, "utf8")).includes(title) ? [] : [`${path} has no test "${title}"`];
  });
}

/**
 * The titles of a file's tests as they stand in its text: also those of `it.each`, with their placeholders.
 * Not of what is left out (`it.skip`, `it.todo`), of groups, or of other calls.
 */
function titlesIn(text: string): readonly string[] {
  const called = /(?:\bit|\bit\.(?:each|for|skipIf|runIf)(?:\([^;]*?\)|<[^;]*?\)))\(\s*"((?:[^"\\]|\\.)+)"/g;
  return [...text.matchAll(called)].map(([, title = ""]) => title);
}

const rows = rowsOf(readFileSync(join(docs, "promises.md"), "utf8"));

describe("what is promised", () => {
  it("is a table that can be read", () => {
    expect(rows.length).toBeGreaterThan(5);
  });

  it("is said once each", () => {
    const promises = rows.map(({ promise }) => promise);
    expect(promises.filter((promise, index) => promises.indexOf(promise) !== index)).toEqual([]);
  });

  it.each(rows)("$promise", (row) => {
    expect(problemsOf(row)).toEqual([]);
  });

  it("is refused without a test, with a file that is none, and with a title that is not there", () => {
    const [row] = rows;
    const tests = row?.tests ?? [];
    expect(problemsOf({ promise: "x", tests: [] })).toHaveLength(1);
    expect(problemsOf({ promise: "x", tests: [{ title: "x", path: "../README.md" }] })).toHaveLength(1);
    expect(problemsOf({ promise: "x", tests: tests.map((one) => ({ ...one, title: "x" })) })).toHaveLength(1);
  });
});
