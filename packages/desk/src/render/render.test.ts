// No value can be markup: whatever a person writes stands in Markdown, HTML and text as it was written.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHtmlPage, toText } from "./markdown.ts";
import { escapeMarkdown, fill, namesOf } from "./template.ts";
import { clockText, dayOf, dayText, spanText, whenText } from "./when.ts";

const tricky = fc.string({
  unit: fc.constantFrom(
    ..."<>&*_`[]()#|~\\-+=!:;.\"'0 1aé{}@/\n".split(""),
    "&amp;",
    "http://a.b",
    "](x)",
    "1. ",
    "---",
  ),
});

describe("a value", () => {
  it("stays text, at the beginning of a line and within it", () => {
    fc.assert(
      fc.property(tricky, (value) => {
        const line = value.trim().replaceAll(/\s+/g, " ");
        fc.pre(line !== "");
        expect(toText(fill("{{value}}", { value }))).toBe(`${line}\n`);
        expect(toText(fill("- a {{value}}", { value }))).toBe(`- a ${line}\n`);
        expect(toText(fill("| a |\n| --- |\n| {{value}} |", { value }))).toContain(line);
      }),
      { numRuns: 300 },
    );
  });

  it("brings no element of HTML with it", () => {
    const tags = (value: string) => toHtmlPage(fill("{{value}}", { value }), "t").match(/<\/?[a-z][^>]*>/gi);
    const plain = tags("a");
    fc.assert(
      fc.property(tricky, (value) => {
        fc.pre(value.trim() !== "");
        expect(tags(value)).toEqual(plain);
      }),
      { numRuns: 300 },
    );
    expect(toHtmlPage("a", "<script>")).toContain("<title>&lt;script&gt;</title>");
  });

  it("is escaped only where Markdown would take it for more than text", () => {
    expect(escapeMarkdown("error_rate is 5 - 3, see 12.")).toBe("error_rate is 5 - 3, see 12.");
    expect(escapeMarkdown("2026. A year")).toBe("2026\\. A year");
  });
});

it("text has underlined headings, numbered lists and tables in columns", () => {
  const markdown =
    "# A title\n\n1. one\n2. two\n   - below\n\n| a | b |\n| --- | --- |\n| long | c |\n\n---\n\n> quote";
  expect(toText(markdown)).toBe(
    "A title\n=======\n\n1. one\n2. two\n  - below\n\na     b\n-------\nlong  c\n\n----\n\n>> quote\n",
  );
});

it("the names of a template are found, in sections too", () => {
  expect(namesOf("{{a}} {{#b}}{{c}}{{.}}{{/b}}{{^d}}{{e}}{{/d}}", "t")).toEqual([
    { path: "a", section: false },
    { path: "b", section: true },
    { path: "b.c", section: false },
    { path: "b", section: false },
    { path: "d", section: true },
    { path: "e", section: false },
  ]);
});

describe("times", () => {
  it("are shown in the zone, with its name", () => {
    expect(whenText("2026-07-01T23:30:00Z", "Europe/London")).toBe("Thu 2 Jul 2026, 00:30 BST");
    expect(clockText("2026-11-25T23:00:00Z", "UTC", "2026-11-26T10:00:00Z")).toBe("25 Nov, 23:00 UTC");
    expect(clockText("2026-11-26T09:00:00Z", "UTC", "2026-11-26T10:00:00Z")).toBe("09:00 UTC");
    expect(dayOf("2026-11-26T23:30:00Z", "Asia/Tokyo")).toBe("2026-11-27");
    expect(dayText("2026-12-01")).toBe("Tue 1 Dec 2026");
  });

  it.each([
    [0, "0 minutes"],
    [59 * 60_000, "59 minutes"],
    [125 * 60_000, "2 hours 5 minutes"],
    [49 * 3_600_000 + 60_000, "2 days 1 hour"],
  ])("%d ms are %s", (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });
});
