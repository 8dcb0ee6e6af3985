// The house rules, held by reading every source; and each rule shown able to fail on a small bad sample.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandFloors, floors } from "./tidy/floors.ts";
import { cycleProblems, emptyFloors, layerProblems } from "./tidy/layers.ts";
import { plainWordProblems, plainWords } from "./tidy/plain-words.ts";
import { rules, undoneWords } from "./tidy/rules.ts";
import { readPages, readSources, type Source, source } from "./tidy/source.ts";
import { typeNameProblems } from "./tidy/type-names.ts";

const root = join(import.meta.dirname, "..");
const sources = readSources(root, ["packages", "apps", "bench", "test", "docs"]);
const library = "packages/quadrille/src/";

/** A file of the library from its place under `src` and its text. */
const inLibrary = (path: string, text: string): Source => source(library + path, text);
const importer = (path: string, from: string): Source => inLibrary(path, `import { x } from "${from}";`);

/** A class with so many public methods, and a private one more. */
const classOf = (methods: number): string =>
  `class A { constructor() {} #hidden() {} ${Array.from({ length: methods }, (_, nth) => `m${nth}() {}`).join(" ")} }`;

/** For each rule a source that breaks it, and one close to it that does not. */
const samples: Readonly<Record<keyof typeof rules, { readonly bad: Source[]; readonly good: Source[] }>> = {
  shortFile: {
    bad: [inLibrary("a.ts", "// x\n".repeat(401))],
    good: [inLibrary("a.ts", "// x\n".repeat(400))],
  },
  narrowClass: {
    bad: [inLibrary("a.ts", classOf(26))],
    good: [inLibrary("a.ts", classOf(25))],
  },
  kebabCaseName: {
    bad: ["engine/laneClaim.ts", "engine/lane_claim.ts", "Engine/lane.ts", "a.spec.ts"].map((path) =>
      inLibrary(path, ""),
    ),
    good: ["engine/lane-claim.ts", "lane.int.test.ts", "event.test-d.ts", "store/sql/0001-start.sql"].map(
      (path) => inLibrary(path, ""),
    ),
  },
  openingComment: {
    bad: [
      inLibrary("a.ts", "export const a = 1; // late"),
      inLibrary("a.ts", "//\nexport const a = 1;"),
      inLibrary("a.sql", "select 1;"),
    ],
    good: [
      inLibrary("a.ts", "// Says what it is for.\n"),
      inLibrary("a.ts", "#!/usr/bin/env node\n/** Says what it is for. */\n"),
      inLibrary("a.ts", "/**\n * Says what it is for.\n */\n"),
      inLibrary("a.sql", "-- Says what it is for.\nselect 1;"),
    ],
  },
  nothingLeftUndone: {
    bad: undoneWords.map((word) => inLibrary("a.sql", `-- ${word}: later`)),
    good: [inLibrary("a.ts", "// Nothing to do.")],
  },
  noStarExport: {
    bad: [inLibrary("a.ts", 'export * from "./b.ts";'), inLibrary("a.ts", 'export * as b from "./b.ts";')],
    good: [inLibrary("a.ts", 'export { b } from "./b.ts";')],
  },
  erasableSyntax: {
    bad: [
      "enum A { B }",
      "namespace A { export const b = 1; }",
      "@sealed class A {}",
      "class A { @field b = 1; }",
    ].map((text) => inLibrary("a.ts", text)),
    good: ['declare module "vitest" { interface A {} }', 'const a = "enum A {}"; // namespace A'].map(
      (text) => inLibrary("a.ts", text),
    ),
  },
  codesDocumented: {
    bad: [
      inLibrary("a.ts", '// Q_A\nthrow new QuadrilleError("Q_A", "…");'),
      inLibrary("a.ts", '/** Throws `Q_B`. */\nthrow new QuadrilleError(\n  "Q_A",\n);'),
    ],
    good: [
      inLibrary("a.ts", '/** Throws `Q_A`. */\nthrow new QuadrilleError("Q_A", "…");'),
      inLibrary("a.test.ts", 'throw new QuadrilleError("Q_A", "…");'),
    ],
  },
  thrownTextOnly: {
    bad: [
      "error instanceof Error ? error.message : String(1);",
      "one instanceof Error && one.message !== '' ? one.message : 'no answer';",
      "String(reason);",
      "new Error(String(thrown));",
    ].map((text) => inLibrary("a.ts", text)),
    good: [
      inLibrary("a.ts", "thrownText(error); String(row); isQuadrilleError(error) ? error.message : 1;"),
      inLibrary("errors.ts", "String(thrown);"),
      inLibrary("a.test.ts", "String(error);"),
    ],
  },
  narrowComments: {
    bad: ["// ", "/** ", "/**\n * "].map((start) => inLibrary("a.ts", `${start}${"long ".repeat(25)}*/`)),
    good: [inLibrary("a.ts", "// short"), inLibrary("a.ts", `const a = "${"long ".repeat(25)}";`)],
  },
  docstringsSayMore: {
    bad: [
      inLibrary("a.ts", "/** An entity from its row. */\nexport function entityFromRow(): void {}"),
      inLibrary("a.ts", "interface A {\n  /** Leaves. */\n  leave(): void;\n}"),
      inLibrary("a.ts", "/**\n * The options of the audit.\n */\nexport interface AuditOptions {}"),
    ],
    good: [
      inLibrary("a.ts", "/** Frees its lanes. */\nfunction leave(): void {}"),
      inLibrary("a.ts", "/** The page `errors.md`. */\nexport function page(): void {}"),
      inLibrary("a.test.ts", "/** A saga. */\nconst saga = 1;"),
    ],
  },
  constantsInCamelCase: {
    bad: ["const STATES_MAX = 1;", "export const LIMITS = {};"].map((text) => inLibrary("a.ts", text)),
    good: ["const statesMax = 1;", "const OrderPlaced = 1;", "const A = 1; STATES_MAX;"].map((text) =>
      inLibrary("a.ts", text),
    ),
  },
  messagesUnread: {
    bad: [inLibrary("check/findings/patch.ts", 'finding.message.split(" ")[0];')],
    good: [
      inLibrary("check/findings/patch.ts", "finding.repair.kind; `${finding.message}.`;"),
      inLibrary("check/check.test.ts", 'finding.message.includes("P1");'),
    ],
  },
  stepsAreAnswers: {
    bad: ["step.reaction.disposition;", "const { emit } = outcome;", "f(({ gaveUp }) => gaveUp);"].map(
      (text) => inLibrary("check/explore/join-steps.ts", text),
    ),
    good: [
      inLibrary("check/explore/steps.ts", 'const never = { disposition: "never" }; answer.emits;'),
      inLibrary("check/explore/view.ts", "outcome.emit;"),
    ],
  },
  ambientOnly: {
    bad: [
      "Date.now();",
      "new Date();",
      "const now = Date.now;",
      "Math.random();",
      "globalThis.crypto.randomUUID();",
      "setTimeout(() => {}, 1);",
      "setInterval(() => {}, 1);",
      'import { randomUUID } from "node:crypto";',
      'import { setTimeout as sleep } from "node:timers/promises";',
    ].map((text) => inLibrary("engine/a.ts", text)),
    good: [
      inLibrary("ambient/a.ts", "Date.now();"),
      inLibrary("engine/a.test.ts", "Date.now();"),
      source("packages/quadrille/test/a.ts", "Date.now();"),
      source("bench/src/a.ts", "Date.now();"),
      inLibrary("engine/a.ts", "new Date(milliseconds); clock.now(); timer.setTimeout(f); // Date.now()"),
      inLibrary("engine/a.ts", 'import { createHash } from "node:crypto";'),
    ],
  },
};

describe.each(Object.entries(rules))("the rule %s", (name, rule) => {
  const sample = samples[name as keyof typeof rules];

  it("finds what breaks it, and lets be what does not", () => {
    expect(
      sample.bad.filter((each) => rule(each).length === 0).map((each) => each.text || each.path),
    ).toEqual([]);
    expect(sample.good.flatMap((each) => rule(each))).toEqual([]);
  });

  it("holds in every source", () => {
    expect(sources.flatMap((each) => rule(each))).toEqual([]);
  });
});

describe("the layers", () => {
  const bad: readonly (readonly [string, Source[]])[] = [
    ["the contract imports the engine", [importer("contract/a.ts", "../engine/b.ts")]],
    ["the contract imports the transition", [importer("contract/a.ts", "../transition/b.ts")]],
    ["the transition imports the store", [importer("transition/a.ts", "../store/b.ts")]],
    ["the checker imports Node", [importer("check/a.ts", "node:fs")]],
    ["the checker imports a driver", [importer("check/a.ts", "pg")]],
    ["the engine imports PostgreSQL's store", [importer("engine/a.ts", "../store/postgres/b.ts")]],
    ["an inner folder imports the one around it", [importer("engine/lane/a.ts", "../engine.ts")]],
    ["a lower inner folder imports a higher one", [importer("check/model/a.ts", "../explore/b.ts")]],
    ["a folder has no floor", [inLibrary("attic/a.ts", "")]],
    ["the engine imports an entry", [importer("engine/a.ts", "../postgres.ts")]],
    [
      "the command imports what stands behind an entry",
      [source("packages/cli/src/read/a.ts", 'import { x } from "../../../quadrille/src/errors.ts";')],
    ],
    [
      "what the command reads imports what it prints",
      [source("packages/cli/src/read/a.ts", 'import { x } from "../print/b.ts";')],
    ],
    [
      "a type is imported in the wrong direction",
      [inLibrary("contract/a.ts", 'type A = import("../engine/b.ts").B;')],
    ],
    [
      "the audit of the pizza place imports the composition",
      [source("apps/pizza-place/src/audit/a.ts", 'import { x } from "../composition/books.ts";')],
    ],
    [
      "a service imports another one's code",
      [source("apps/pizza-place/src/kitchen/a.ts", 'import { x } from "../order/menu.ts";')],
    ],
    [
      "the planner imports its command line",
      [source("packages/planner/src/planner/a.ts", 'import { x } from "../cli/files.ts";')],
    ],
    [
      "what the desk's commands share imports one",
      [source("packages/desk/src/cli/session.ts", 'import { x } from "./commands/mail.ts";')],
    ],
    ["the library imports the bench", [importer("index.ts", "../../../bench/src/report.ts")]],
    ["the library imports an app", [importer("index.ts", "../../../apps/pizza-place/src/choreography.ts")]],
    ["a test of the library imports an app", [importer("engine/a.test.ts", "pizza-place")]],
  ];

  it.each(bad)("are seen broken when %s", (_, sample) => {
    expect(layerProblems(sample)).toHaveLength(1);
  });

  it("let the engine use a store, a command use everything, a test what it likes", () => {
    const sample = [
      importer("engine/a.ts", "../store/store.ts"),
      importer("engine/a.ts", "./lane/lane.ts"),
      source("packages/cli/src/main.ts", 'import { x } from "./read/b.ts"; import { y } from "quadrille";'),
      importer("check/a.test.ts", "node:fs"),
      source("apps/pizza-place/src/kitchen/a.ts", 'import { x } from "../events/order.ts";'),
    ];
    expect(layerProblems(sample)).toEqual([]);
  });

  it("hold in every source", () => {
    expect(layerProblems(sources)).toEqual([]);
    expect(emptyFloors(sources)).toEqual([]);
  });

  it("stand on one page, whose paths and whose companion's exist", () => {
    const page = readFileSync(join(root, "docs/ARCHITECTURE.md"), "utf8");
    expect(page.split("\n").length).toBeLessThanOrEqual(81);
    const companion = readFileSync(join(root, "docs/engine.md"), "utf8");
    const paths = [...companion.matchAll(/`((?:[a-z-]+\/)+[a-z-]+\.ts)`/g)].map(([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(root, library, path)))).toEqual([]);
  });

  it("are those of the page ARCHITECTURE, in its order", () => {
    const page = readFileSync(join(root, "docs/ARCHITECTURE.md"), "utf8");
    const [, table = ""] = /## Folders\n([\s\S]*)/.exec(page) ?? [];
    const rows = table.split("\n").filter((line) => line.startsWith("| `"));
    const named = rows.flatMap((row) => row.split("|")[1]?.match(/[a-z/-]+(\.ts)?(?=\/?`)/g) ?? []);
    expect(named.map((name) => name.replace(/\/$/, ""))).toEqual([...floors, ...commandFloors]);
  });
});

describe("an exported type of the library", () => {
  const declared = (all: readonly Source[]): readonly string[] =>
    all
      .filter(({ path }) => path.startsWith(library) && !path.includes(".test."))
      .flatMap(({ text }) => [...text.matchAll(/^export (?:interface|type|class) ([A-Z]\w*)/gm)])
      .map(([, name = ""]) => name);
  const twice = (names: readonly string[]): readonly string[] =>
    names.filter((name, index) => names.indexOf(name) < index);

  it("is seen to have the name of another", () => {
    const both = ["a.ts", "b.ts"].map((path) => inLibrary(path, "export interface Answer {}"));
    expect(twice(declared(both))).toEqual(["Answer"]);
  });

  it("has a name of its own", () => {
    expect(declared(sources).length).toBeGreaterThan(300);
    expect(twice(declared(sources))).toEqual([]);
  });
});

describe("imports", () => {
  it("are seen to go in a circle, types included", () => {
    const circle = [
      importer("a.ts", "./b.ts"),
      inLibrary("b.ts", 'export type { C } from "./c.ts";'),
      importer("c.ts", "./a.ts"),
    ];
    expect(cycleProblems(circle)).toEqual([
      `cycle: ${["a.ts", "b.ts", "c.ts", "a.ts"].map((path) => library + path).join(" → ")}`,
    ]);
    expect(cycleProblems(circle.slice(0, 2))).toEqual([]);
  });

  it("never go in a circle", () => {
    expect(cycleProblems(sources)).toEqual([]);
  });
});

describe("type names", () => {
  it("are seen to stand twice in a workspace, and not in two or in tests", () => {
    const twice = [inLibrary("a.ts", "interface Place {}"), inLibrary("b.ts", "export type Place = 1;")];
    expect(typeNameProblems(twice)).toHaveLength(1);
    const apart = [
      inLibrary("a.ts", "interface Place {}"),
      inLibrary("a.test.ts", "class Place {}"),
      source("packages/cli/src/b.ts", "type Place = 1;"),
    ];
    expect(typeNameProblems(apart)).toEqual([]);
  });

  it("have one meaning in each workspace", () => {
    expect(typeNameProblems(sources)).toEqual([]);
  });
});

describe("plain English", () => {
  const found = (text: string): readonly string[] => plainWordProblems({ path: "docs/a.md", text });

  it.each(plainWords)("does without: $word", ({ bad, good = [], use }) => {
    for (const text of bad)
      expect(found(`A line.\n${text}`)).toEqual([expect.stringMatching(/^docs\/a.md:2 /)]);
    expect(found(bad[0] ?? "")[0]).toContain(`write ${use}`);
    expect(good.flatMap(found)).toEqual([]);
  });

  it("stands in the sources", () => {
    expect(sources.flatMap(plainWordProblems)).toEqual([]);
  });

  it("stands on the pages", () => {
    const pages = readPages(root, ["apps", "bench", "docs", "packages"]);
    expect(pages.length).toBeGreaterThan(100);
    expect(pages.flatMap(plainWordProblems)).toEqual([]);
  });
});

describe("the lock file", () => {
  const text = readFileSync(join(root, "package-lock.json"), "utf8");

  it("names no registry, so that any may serve the installation", () => {
    expect(text.match(/"resolved": "https?:[^"]*"/g) ?? []).toEqual([]);
  });

  it("has the optional packages of every platform, which a registry without them would leave out", () => {
    const { packages } = JSON.parse(text) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([place, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });
});

it("reads the sources it speaks of", () => {
  expect(sources.map(({ path }) => path)).toContain("packages/quadrille/src/contract/participant.ts");
  expect(sources.every(({ path }) => !path.includes("node_modules"))).toBe(true);
});
