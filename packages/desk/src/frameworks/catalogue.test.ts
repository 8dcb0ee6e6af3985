// Every framework of the catalogue: its example holds and renders, each of its checks can fail, no required
// slot is unused.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { passagesIn } from "../lint/lint.ts";
import { toHtmlPage, toText } from "../render/markdown.ts";
import { frameworkOf, readCatalogue, readFramework } from "./catalogue.ts";
import { checkFramework } from "./check-framework.ts";
import { boundSlots, checkFilled } from "./fill-slots.ts";
import type { Framework } from "./framework.ts";
import { renderFilled } from "./render-filled.ts";

const given = { people: ["Kitchen lead"], now: Date.parse("2026-11-26T10:00:00Z") };
const catalogue = readCatalogue();
const all = [...catalogue.values()];

/** The example with other slots; `null` takes one away. */
function changed({ example }: Framework, other: Readonly<Record<string, unknown>>) {
  const slots = { ...example.slots, ...other };
  return { slots: Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== null)) };
}

it("has the nineteen frameworks of the design, and the iceberg", () => {
  expect([...catalogue.keys()].toSorted()).toEqual(
    [
      ..."bluf scqa pas bab sparkline star five-whys systems-thinking four-questions chain-of-events human-factors".split(
        " ",
      ),
      ..."eisenhower pomodoro gtd aair swot five-forces adkar kotter iceberg".split(" "),
    ].toSorted(),
  );
});

describe.each(all.map((each) => [each.id, each] as const))("%s", (_, framework) => {
  it("has an example without findings, in which every slot is filled", () => {
    expect(checkFilled(framework, framework.example, given).findings).toEqual([]);
    expect(Object.keys(framework.example.slots).toSorted()).toEqual(
      framework.slots.map(({ key }) => key).toSorted(),
    );
  });

  it("renders its example, with every text of it", () => {
    const markdown = renderFilled(framework, framework.example, "UTC");
    const text = toText(markdown);
    const words = passagesIn(framework.example.slots).map((passage) => passage.text);
    const leaves = words.filter((leaf) => !/^\d{4}-/.test(leaf));
    expect(leaves.filter((leaf) => !text.replaceAll(/\s+/g, " ").includes(leaf))).toEqual([]);
    expect(toHtmlPage(markdown, framework.example.title)).toContain("<h1");
    expect(text).not.toContain("{{");
  });

  it("finds each required slot that is missing", () => {
    for (const { key } of framework.slots.filter(({ required }) => required)) {
      const { findings } = checkFilled(framework, changed(framework, { [key]: null }), given);
      expect(findings).toContainEqual({
        lint: "slots",
        level: "error",
        place: `/slots/${key}`,
        message: "is missing.",
      });
    }
  });

  it.each(
    framework.checks.map((check, index) => [`${index + 1}, ${check.lint} of ${check.slot}`, check] as const),
  )("has a check %s, which fails on its bad example", (_name, check) => {
    const { findings } = checkFilled(framework, changed(framework, check.bad), given);
    expect(findings.map(({ lint }) => lint)).toContain(check.lint);
    expect(findings.filter(({ lint }) => lint === "slots")).toEqual([]);
  });
});

describe("a framework of one's own", () => {
  const bluf = frameworkOf(catalogue, "bluf");

  it("is checked like those of the catalogue, which have nothing wrong", () => {
    expect(all.flatMap((each) => checkFramework(each, given.now))).toEqual([]);
  });

  it("has findings when its example does not hold, or a bad example is good", () => {
    const [check] = bluf.checks;
    const checks = check === undefined ? [] : [{ ...check, bad: { bottomLine: "Short." } }];
    const example = { ...bluf.example, slots: { ...bluf.example.slots, context: [] } };
    expect(checkFramework({ ...bluf, checks }, given.now)).toEqual([
      {
        lint: "bad-example",
        level: "error",
        place: "/checks/0/bad",
        message: "does not break the check max-words of bottomLine: give slots that do.",
      },
    ]);
    expect(checkFramework({ ...bluf, checks: [], example }, given.now)).toMatchObject([
      { place: "/example/slots/context" },
    ]);
  });
});

describe("a framework's file", () => {
  const bluf = JSON.parse(
    readFileSync(join(import.meta.dirname, "catalogue/bluf.json"), "utf8"),
  ) as Framework;
  const read = (other: object) => () => readFramework(JSON.stringify({ ...bluf, ...other }), "mine.json");

  it.each([
    [
      "a template that lacks a required slot",
      { template: ["# {{title}}", "{{bottomLine}}"] },
      "mine.json: the template never prints the required slot context.",
    ],
    [
      "a template with an unknown slot",
      { template: [...bluf.template, "{{conclusion}}"] },
      "mine.json: the template uses {{conclusion}}, which is no slot.",
    ],
    [
      "an unescaped name",
      { template: [...bluf.template, "{{{ask}}}"] },
      "mine.json is not a template: {{&ask}} is not allowed: values are always escaped, and there are no partials.",
    ],
    [
      "a section that is not closed",
      { template: ["{{#ask}}"] },
      'mine.json is not a template: Unclosed section "ask" at 8.',
    ],
    [
      "a check that does not exist",
      { checks: [{ lint: "nice", slot: "ask", bad: {} }] },
      "mine.json: the check nice does not exist; there are max-words,",
    ],
    [
      "a check of no slot",
      { checks: [{ lint: "measured", slot: "price", bad: {} }] },
      "mine.json: the check measured looks at price, which is no slot.",
    ],
    [
      "another schema",
      { schema: "quadrille-desk/demand/1" },
      'mine.json has the schema "quadrille-desk/demand/1"; "schema": "quadrille-desk/framework/1" is expected here.',
    ],
    ["a field too many", { colour: "red" }, "mine.json: /colour is not a field of this schema."],
    ["an unknown family", { families: ["magic"] }, 'mine.json: /families/0 must be "communication" or '],
  ])("is refused with %s", (_, other, message) => {
    expect(read(other)).toThrow(message);
  });

  it("is refused when it is not JSON", () => {
    expect(() => readFramework("{", "mine.json")).toThrow("mine.json is not JSON: ");
  });
});

describe("a slot that is bound to a fact", () => {
  const chain = frameworkOf(catalogue, "chain-of-events");
  const timeline = [
    { at: "2026-11-20T18:02:00Z", event: "It stops.", source: "journal", learned: "2026-11-20T18:10:00Z" },
    { at: "2026-11-20T18:09:00Z", event: "It goes on.", source: "journal" },
  ];

  it("is filled from the facts, with the fields that it has", () => {
    const { slots, findings } = checkFilled(chain, { slots: {} }, { ...given, facts: { timeline } });
    expect(findings).toEqual([]);
    expect(slots["events"]).toEqual([
      { at: timeline[0]?.at, event: "It stops.", source: "journal" },
      timeline[1],
    ]);
    expect(boundSlots(chain, undefined)).toEqual({});
  });

  it("cannot be retyped", () => {
    const { findings } = checkFilled(chain, chain.example, { ...given, facts: { timeline } });
    expect(findings).toEqual([
      {
        lint: "retyped",
        level: "error",
        place: "/slots/events",
        message: "is bound to a fact and cannot be retyped: remove it.",
      },
    ]);
  });
});
