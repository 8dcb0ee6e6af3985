// What an engineer gets from the registry: a packed package, installed in a project that knows nothing of this workspace.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf, installPacked, manifestOf, run, typecheck } from "./packed.ts";

const root = join(import.meta.dirname, "..");

/** A line that does not compile against the package's types, and the compiler's code for it. */
const wrong: Readonly<Record<string, { readonly line: string; readonly code: string }>> = {
  quadrille: {
    line: `import { event } from "quadrille";\nexport const made: number = event("Made");\n`,
    code: "error TS2322",
  },
  "quadrille-desk": {
    line: `import { readCatalogue } from "quadrille-desk";\nexport const all: number = readCatalogue();\n`,
    code: "error TS2322",
  },
};

describe.each([
  ["quadrille", "packages/quadrille"],
  ["quadrille-desk", "packages/desk"],
])("the packed %s in a foreign project", (name, place) => {
  const packageFolder = join(root, place);
  const manifest = manifestOf(packageFolder);
  const folder = mkdtempSync(join(tmpdir(), "quadrille-package-"));
  const project = join(folder, "project");

  beforeAll(() => {
    installPacked(packageFolder, project);
    writeFileSync(join(project, "wrong.ts"), wrong[name]?.line ?? "");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("gives each entry to Node without a condition or a build", () => {
    const counts = JSON.parse(run(process.execPath, ["main.ts"], project)) as readonly number[];
    expect(counts).toHaveLength(entriesOf(manifest).length);
    expect(counts[0]).toBeGreaterThan(0);
  });

  it("brings its types: right code compiles, wrong code does not", () => {
    const output = typecheck(project);
    expect(output).toContain(`wrong.ts(2,14): ${wrong[name]?.code}`);
    expect(output.match(/error TS/g)).toHaveLength(1);
  });

  // publint fails where the manifest names a command that is not there; here it is run.
  it("holds the command", () => {
    const main = join(project, "node_modules", name, manifest.bin[name] ?? "");
    expect(run(process.execPath, [main, "--help"], project)).toContain(name);
  });

  if (name === "quadrille") {
    it("runs the guide's first saga, and checks it", () => {
      for (const file of ["contract.ts", "services.ts", "main.ts"])
        cpSync(join(root, "docs/examples/getting-started", file), join(project, "stay", file));
      const main = join(project, "node_modules/quadrille", manifest.bin["quadrille"] ?? "");
      expect(run(process.execPath, ["stay/main.ts"], project)).toContain("single for 90000 cents: unpaid");
      expect(run(process.execPath, [main, "check", "stay/contract.ts"], project)).toContain("12 states");
    });
  }

  if (name !== "quadrille-desk") return;
  it("has its data files and templates with it", () => {
    const main = join(project, "node_modules", name, manifest.bin[name] ?? "");
    for (const file of ["alert.json", "stakeholders.json"])
      cpSync(join(root, "docs/desk/examples", file), join(project, file));
    const desk = (...args: readonly string[]): string =>
      run(process.execPath, [main, ...args, "--now", "2026-11-27T18:12:00Z"], project);
    expect(desk("import", "stakeholders.json")).toContain("Added 7");
    expect(desk("mail", "alert", "alert.json")).toContain("Subject: URGENT: Tickets Not Printed");
    expect(desk("frameworks", "show", "bluf")).toContain("Bottom Line Up Front");
    expect(desk("playbook", "start", "pppp")).toContain("Proactive");
    expect(desk("minutes", "new", "Weekly", "--place", "here", "--attendee", "on-call")).toContain("Made ");
  });
});
