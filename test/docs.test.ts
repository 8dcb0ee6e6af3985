// The pages made from the code are as the code is now, their examples are what they say, and links lead
// somewhere.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { apiEntries } from "../docs/generate/api-pages.ts";
import { contractText } from "../docs/generate/contract-text.ts";
import { allPages, findingsFolder } from "../docs/generate/pages.ts";
import { readTables } from "../docs/generate/sql-tables.ts";
import { moduleText } from "../docs/generate/well-formed-pages.ts";
import { findingCatalog } from "../packages/quadrille/src/check/model/finding.ts";
import { choreography, type Choreography } from "../packages/quadrille/src/contract/choreography.ts";
import { from } from "../packages/quadrille/src/contract/elsewhere.ts";
import { to } from "../packages/quadrille/src/contract/outcome.ts";
import { parseChoreography } from "../packages/quadrille/src/contract/json/parse-json.ts";
import { participant } from "../packages/quadrille/src/contract/participant.ts";
import {
  after,
  defer,
  gaveUp,
  ignore,
  lock,
  never,
  on,
} from "../packages/quadrille/src/contract/reaction.ts";
import { activity, all, command, event } from "../packages/quadrille/src/contract/trigger.ts";
import { wellFormed } from "../packages/quadrille/src/contract/rules/well-formed.ts";
import { wellFormedRules } from "../packages/quadrille/src/contract/rules/well-formed-rules.ts";
import { errorCodes } from "../packages/quadrille/src/errors.ts";
import { findingExamples } from "../packages/quadrille/test/finding-examples.ts";
import { dinner } from "../packages/quadrille/test/well-formed-dinner.ts";
import { wellFormedExamples } from "../packages/quadrille/test/well-formed-examples.ts";
import { typedFiles } from "./typed-page.ts";

const root = join(import.meta.dirname, "..");
const docs = join(root, "docs");
const read = (path: string): string | undefined =>
  existsSync(join(docs, path)) ? readFileSync(join(docs, path), "utf8") : undefined;
const pages = allPages();

it("the guide installs the files that npm packs of these versions", () => {
  const guide = read("guide/getting-started.md") ?? "";
  for (const folder of ["packages/quadrille", "packages/cli"]) {
    const { name, version } = z
      .object({ name: z.string(), version: z.string() })
      .parse(JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")));
    expect(guide).toContain(`--workspace ${folder}`);
    expect(guide).toContain(`./${name}-${version}.tgz`);
  }
});

it("a page that opens a database awaits it, so that the line runs where it is pasted", () => {
  const hand = globSync(["README.md", "{apps,packages}/*/README.md", "docs/**/*.md"], { cwd: root });
  const calls = hand
    .filter((file) => !file.startsWith("docs/reference/api/"))
    .flatMap((file) => [
      ...readFileSync(join(root, file), "utf8").matchAll(/.*(?<!await )\b(?:postgres|pglite)Database\(.*/g),
    ]);
  expect(calls.map(([line]) => line)).toEqual([]);
});

it("ADR 4 names every package that packages and apps depend on, and no other", () => {
  const table = [...(read("adr/0004-dependencies.md") ?? "").matchAll(/^\|([^|]+)\|/gm)];
  const named = table.flatMap(([, first = ""]) =>
    Array.from(first.matchAll(/`([^`]+)`/g), ([, name]) => name),
  );
  const kinds = ["dependencies", "peerDependencies", "devDependencies"] as const;
  const used = globSync(["{packages,apps}/*/package.json", "bench/package.json"], { cwd: root }).flatMap(
    (file) => {
      const parts = z
        .record(z.string(), z.unknown())
        .parse(JSON.parse(readFileSync(join(root, file), "utf8")));
      return kinds.flatMap((kind) => Object.keys(parts[kind] ?? {}));
    },
  );
  const others = used.filter((name) => !/^(@types\/|quadrille)/.test(name));
  expect(new Set(named)).toEqual(new Set(others));
});

it.each([...typedFiles()].filter(([name]) => name.endsWith(".ts")))(
  "the guide's first page has the whole of %s, in the order of typing",
  (name, text) => {
    expect(text).toBe(read(`examples/getting-started/${name}`));
  },
);

describe("the generated pages", () => {
  it.each([...pages])("%s is up to date; `npm run docs` makes it so", (path, text) => {
    expect(read(path)).toBe(text);
  });

  it("are one for each code, and none for a code that no longer exists", () => {
    const codes = [...Object.keys(findingCatalog), ...Object.keys(wellFormedRules)];
    const files = globSync("*.md", { cwd: join(docs, findingsFolder) });
    expect(files.toSorted()).toEqual([...codes.map((code) => `${code}.md`), "README.md"].toSorted());
    for (const code of Object.keys(errorCodes))
      expect(pages.get("reference/errors.md")).toContain(`## ${code}\n`);
  });

  it("show the schemas of payloads as they are", () => {
    expect(pages.get(`${findingsFolder}/W26.md`)).toContain(
      'event("Cooked", z.object({ name: z.string() }))',
    );
  });

  it("would be out of date if a code lost a sentence", () => {
    expect(pages.get(`${findingsFolder}/P1.md`)).toContain(findingCatalog.P1.fix);
    expect(pages.get("reference/errors.md")).toContain(errorCodes.Q_OVERLOADED);
  });
});

describe("the reference of the API", () => {
  const exported = apiEntries().flatMap(({ name, exports }) =>
    exports.map((one) => ({ ...one, entry: name })),
  );

  it("has a declaration and a docstring of everything that an entry exports", () => {
    const bare = exported.filter(({ doc, text }) => doc === "" || text === "");
    expect(bare.map(({ entry, name, file }) => `${entry} ${name} (${file})`)).toEqual([]);
  });

  it("has what an author needs", () => {
    const names = exported.map(({ entry, name }) => `${entry} ${name}`);
    for (const name of [
      "participant",
      "startEngine",
      "Handler",
      "Store",
      "Transport",
      "CarriedRow",
      "wellFormed",
    ])
      expect(names).toContain(`quadrille ${name}`);
    for (const name of [
      "given",
      "scriptedServices",
      "storeConformance",
      "transportConformance",
      "virtualAmbient",
    ])
      expect(names).toContain(`quadrille/testing ${name}`);
  });
});

describe("the examples", () => {
  const forms = Object.entries(findingExamples).flatMap(([code, { shows, clean }]) => [
    [code, shows] as const,
    [`the twin of ${code}`, clean] as const,
  ]);
  it.each(forms)("%s is a contract that can be read from a file", (_, form) => {
    expect(parseChoreography(JSON.parse(JSON.stringify(form)))).toMatchObject({ ok: true });
  });

  const values = Object.entries(wellFormedExamples).flatMap(([code, list]) =>
    list.flatMap(({ says, broken, clean = dinner }) => [
      [code, says, broken] as const,
      [code, `the twin of: ${says}`, clean] as const,
    ]),
  );
  it.each(values)(
    "%s, %s: the text on the page makes the contract that was judged",
    (_code, _says, value) => {
      const made = (): Choreography => run(moduleText(contractText(value)));
      const unnamed = wellFormed(value).find(({ code }) => code === "W21");
      if (unnamed === undefined) expect(wellFormed(made())).toEqual(wellFormed(value));
      // Such a name is refused where the participant is declared; only a contract from elsewhere can have it.
      else expect(made).toThrow(`${unnamed.message} (W21)`);
    },
  );
});

/** Runs the text of a module; its names are those of the library. */
function run(text: string): Choreography {
  const names = {
    activity,
    after,
    all,
    choreography,
    command,
    defer,
    event,
    from,
    gaveUp,
    ignore,
    lock,
    never,
    on,
    participant,
    to,
    z,
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is made by this repository's own generator
  const module = new Function(...Object.keys(names), text.replace(/export const \w+ =/, "return"));
  return (module as (...values: readonly unknown[]) => Choreography)(...Object.values(names));
}

describe("the tables", () => {
  const made = "create table ${schema}.x (a text not null, b integer check (b in (1, 2)), primary key (a));";
  const comment = (what: string): string => `comment on ${what} is 'It''s; so.';`;
  const parts = ["table ${schema}.x", "column ${schema}.x.a", "column ${schema}.x.b"];

  it("are read with their keys and comments", () => {
    expect(readTables([made, ...parts.map(comment)].join("\n"))).toEqual([
      {
        schema: "",
        name: "x",
        comment: "It's; so.",
        columns: [
          { name: "a", type: "text", required: true, rest: "", comment: "It's; so." },
          { name: "b", type: "integer", required: false, rest: "check (b in (1, 2))", comment: "It's; so." },
        ],
        indexes: [{ name: "", on: "(a)", comment: "the primary key" }],
      },
    ]);
  });

  it("have the columns that later migrations add", () => {
    const later = "alter table ${schema}.x add column c bigint not null default 0, add column d text;";
    const all = [...parts, "column ${schema}.x.c", "column ${schema}.x.d"].map(comment);
    expect(readTables([made, later, ...all].join("\n"))[0]?.columns.slice(2)).toEqual([
      { name: "c", type: "bigint", required: true, rest: "default 0", comment: "It's; so." },
      { name: "d", type: "text", required: false, rest: "", comment: "It's; so." },
    ]);
    expect(() => readTables([made, later, ...parts.map(comment)].join("\n"))).toThrow("${schema}.x.c");
  });

  it("are refused where a migration changes a table in a way that the page would not show", () => {
    const dropped = "alter table ${schema}.x drop column b;";
    expect(() => readTables([made, dropped, ...parts.map(comment)].join("\n"))).toThrow("drop column b");
  });

  it.each(parts)("are refused without a comment on the %s", (part) => {
    const others = parts.filter((one) => one !== part).map(comment);
    expect(() => readTables([made, ...others].join("\n"))).toThrow(`There is no comment on the ${part}`);
  });
});

describe("links between pages", () => {
  const files = globSync(["*.md", "docs/**/*.md", "packages/*/*.md", "apps/*/*.md"], {
    cwd: root,
  }).toSorted();
  it.each(files)("of %s lead somewhere", (file) => {
    const text = readFileSync(join(root, file), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map((match) => match[1] ?? "");
    expect(links.filter((link) => !existsSync(join(root, dirname(file), link)))).toEqual([]);
  });
});
