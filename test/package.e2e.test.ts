// What an engineer gets from the registry: packed packages, installed in a project that knows nothing of this
// workspace.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf, installPacked, link, makeProject, manifestOf, run, typecheck } from "./packed.ts";
import { missingIn } from "./printed-lines.ts";
import { typedCommands, typedFiles, typedMistakes } from "./typed-page.ts";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "quadrille-package-"));
const library = join(root, "packages/quadrille");
const manifest = manifestOf(library);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program prints, without its last line break. */
function printed(project: string, name: string, text: string): string {
  writeFileSync(join(project, name), text);
  return run(process.execPath, ["--liftoff-only", name], project).trim();
}

describe("the packed quadrille in a foreign project, and nothing else", () => {
  const project = join(folder, "light");
  beforeAll(() => {
    makeProject(project, entriesOf(manifest));
    installPacked(library, project);
  });

  it("depends on types alone; databases and the command are for those to install who want them", () => {
    expect(Object.keys(manifest.dependencies)).toEqual(["@standard-schema/spec"]);
    expect(manifest.peerDependenciesMeta).toEqual({
      "@electric-sql/pglite": { optional: true },
      pg: { optional: true },
      "quadrille-cli": { optional: true },
    });
    expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(
      Object.keys(manifest.peerDependenciesMeta ?? {}),
    );
  });

  it("gives each entry to Node without a condition or a build", () => {
    const counts = JSON.parse(run(process.execPath, ["main.ts"], project)) as readonly number[];
    expect(counts).toHaveLength(entriesOf(manifest).length);
    expect(counts.every((count) => count > 0)).toBe(true);
  });

  it("brings its types: right code compiles, wrong code does not, and a state that there is not is named", () => {
    writeFileSync(
      join(project, "wrong.ts"),
      `import { event } from "quadrille";\nexport const made: number = event("Made");\n`,
    );
    writeFileSync(
      join(project, "gone.ts"),
      `import { command, on, participant, to } from "quadrille";
export const one = participant("One", {
  entity: "One", initial: "A",
  states: { A: [on(command("go"), to("GONE"))], B: [] },
});\n`,
    );
    const output = typecheck(project);
    expect(output).toContain("wrong.ts(2,14): error TS2322");
    expect(output).toMatch(
      /gone\.ts\(4,13\): error TS2322[^]*is not assignable to type '"There is no state GONE"'\.$/m,
    );
    expect(output.match(/error TS/g)).toHaveLength(2);
  });

  it.each([
    ["postgres", 'postgresDatabase({ url: "postgres://me@localhost/db" })', "pg"],
    ["pglite", "pgliteDatabase()", "@electric-sql/pglite"],
  ])("says in one sentence which package quadrille/%s needs", (entry, call, missing) => {
    const text = `import { ${call.split("(")[0]} } from "quadrille/${entry}";
      await ${call}.catch((error: Error & { code?: string }) => console.log(error.code, error.message));`;
    expect(printed(project, "missing.ts", text)).toBe(
      `Q_PACKAGE_MISSING quadrille/${entry} needs the package ${missing}: npm install ${missing}`,
    );
  });

  it("says in one sentence where the command is", () => {
    const bin = join(project, "node_modules/quadrille", manifest.bin["quadrille"] ?? "");
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "check"], { cwd: project });
    expect([status, String(stdout), String(stderr)]).toEqual([
      2,
      "",
      "The command is a package of its own: npm install --save-dev quadrille-cli\n",
    ]);
  });
});

describe("quadrille with its peers and its command", () => {
  const project = join(folder, "full");
  const bin = join(project, "node_modules/quadrille", manifest.bin["quadrille"] ?? "");
  beforeAll(() => {
    makeProject(project, ["quadrille"]);
    cpSync(join(folder, "light/node_modules/quadrille"), join(project, "node_modules/quadrille"), {
      recursive: true,
    });
    link("@standard-schema/spec", project);
    installPacked(join(root, "packages/cli"), project);
    for (const peer of ["pg", "@electric-sql/pglite"]) link(peer, project);
  });

  it("loads no package for an importer of quadrille, of the checker or of the test kit", () => {
    const text = `import { registerHooks } from "node:module";
      const loaded: string[] = [];
      registerHooks({ resolve: (name, context, next) => {
        const found = next(name, context);
        loaded.push(found.url);
        return found;
      } });
      for (const entry of ["", "/check", "/draw", "/operations", "/testing"]) await import("quadrille" + entry);
      console.log(JSON.stringify(loaded));`;
    const loaded = JSON.parse(printed(project, "loads.ts", text)) as readonly string[];
    expect(loaded.some((url) => url.endsWith("/quadrille/dist/index.js"))).toBe(true);
    const others = loaded.filter((url) => !url.startsWith("node:") && !url.includes("/quadrille/dist/"));
    expect(others).toEqual([]);
  });

  it("holds the command", () => {
    expect(run(process.execPath, [bin, "--help"], project)).toContain("Usage: quadrille");
  });

  it("does what the guide's first page says, typed in an empty folder", () => {
    const hotel = join(project, "hotel");
    mkdirSync(hotel);
    for (const [name, text] of typedFiles()) writeFileSync(join(hotel, name), text);
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const type = (command: string): { readonly code: number | null; readonly out: string } => {
      const own = command.replace(/^npx quadrille /, `node ${bin} `).replace(/^npx tsc$/, `node ${tsc}`);
      const [program, ...args] = own.split(" ");
      expect(program).toBe("node");
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: hotel, encoding: "utf8" });
      return { code: status, out: stdout + stderr };
    };
    const commands = typedCommands();
    expect(commands.map(({ command }) => command)).toEqual([
      "npx quadrille check contract.ts",
      "node main.ts",
    ]);
    for (const { command, prints } of commands) {
      const { code, out } = type(command);
      expect({ code, missing: missingIn(out, prints) }, out).toEqual({ code: 0, missing: [] });
    }
    expect(type("npx tsc")).toEqual({ code: 0, out: "" });
    const mistakes = typedMistakes();
    expect(mistakes.map(({ command }) => command)).toEqual(["npx quadrille check contract.ts", "npx tsc"]);
    for (const { command, from, to, prints } of mistakes) {
      const [name = "", text = ""] = [...typedFiles()].find(([, one]) => one.includes(from)) ?? [];
      writeFileSync(join(hotel, name), text.replace(from, to));
      const { code, out } = type(command);
      expect({ failed: code !== 0, missing: missingIn(out, prints) }, out).toEqual({
        failed: true,
        missing: [],
      });
      writeFileSync(join(hotel, name), text);
    }
  });

  it("compiles exported contracts with their declarations, as `tsc --init` has it", () => {
    const declared = join(project, "declared");
    cpSync(join(root, "docs/examples"), declared, { recursive: true });
    rmSync(join(declared, "first-plan.ts")); // of another package
    const own = { declaration: true, rewriteRelativeImportExtensions: true, rootDir: ".", outDir: "out" };
    const compilerOptions = { module: "nodenext", target: "esnext", strict: true, types: ["node"], ...own };
    writeFileSync(join(declared, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
    expect(typecheck(declared)).toBe("");
  });

  it("runs the guide's two choreographies, and checks them as a system", () => {
    cpSync(join(root, "docs/examples/guide/loyalty-points.ts"), join(project, "loyalty-points.ts"));
    expect(run(process.execPath, ["loyalty-points.ts"], project)).toBe(
      "Loyalty points: earned\ncaused by OrderApproved of Orders\n",
    );
    const checked = run(process.execPath, [bin, "check", "loyalty-points.ts"], project);
    expect(checked.match(/Checked within this bound/g)).toHaveLength(2);
  });

  it("opens PGlite", () => {
    const text = `import { pgliteDatabase } from "quadrille/pglite";
      await using database = await pgliteDatabase();
      console.log(database.label);`;
    expect(printed(project, "pglite.ts", text)).toBe("PGlite in memory");
  });
});

describe("the packed quadrille-desk in a foreign project", () => {
  const project = join(folder, "desk");
  const desk = join(root, "packages/desk");
  const main = join(project, "node_modules/quadrille-desk", manifestOf(desk).bin["quadrille-desk"] ?? "");
  beforeAll(() => {
    makeProject(project, entriesOf(manifestOf(desk)));
    installPacked(desk, project);
  });

  it("gives its entry to Node, and its types", () => {
    expect(JSON.parse(run(process.execPath, ["main.ts"], project))).toEqual([expect.any(Number)]);
    writeFileSync(
      join(project, "wrong.ts"),
      `import { readCatalogue } from "quadrille-desk";\nexport const all: number = readCatalogue();\n`,
    );
    const output = typecheck(project);
    expect(output).toContain("wrong.ts(2,14): error TS2322");
    expect(output.match(/error TS/g)).toHaveLength(1);
  });

  it("has its data files and templates with it", () => {
    for (const file of ["alert.json", "stakeholders.json"])
      cpSync(join(root, "docs/desk/examples", file), join(project, file));
    const command = (...args: readonly string[]): string =>
      run(process.execPath, [main, ...args, "--now", "2026-11-27T18:12:00Z"], project);
    expect(command("--help")).toContain("quadrille-desk");
    expect(command("import", "stakeholders.json")).toContain("Added 7");
    expect(command("mail", "alert", "alert.json")).toContain("Subject: URGENT: Tickets Not Printed");
    expect(command("frameworks", "show", "bluf")).toContain("Bottom Line Up Front");
    expect(command("playbook", "start", "pppp")).toContain("Proactive");
    expect(command("minutes", "new", "Weekly", "--place", "here", "--attendee", "on-call")).toContain(
      "Made ",
    );
  });
});
