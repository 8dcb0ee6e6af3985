// The README's promises about itself: its code is the example that compiles and runs, and its links lead
// somewhere.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freshDatabase } from "./postgres.ts";
import { runCli } from "../packages/cli/test/run-cli.ts";

const root = new URL("../", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");
const scripts = (JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { scripts: object })
  .scripts;

describe("the README", () => {
  it("shows the example as it stands in its file", () => {
    const [, ...lines] = readFileSync(new URL("docs/examples/first-saga.ts", root), "utf8").split("\n");
    const shown = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(shown).toBe(lines.join("\n"));
    expect(lines.length).toBeLessThan(40);
  });

  it("shows an example that runs to the end it names", () => {
    const printed = execFileSync(
      process.execPath,
      ["--conditions=quadrille-source", fileURLToPath(new URL("docs/examples/first-saga.ts", root))],
      { encoding: "utf8" },
    );
    expect(printed).toContain("end: 'sold'");
    expect(printed).toContain("{ Order: 'CONFIRMED', Stock: 'RESERVED' }");
  });

  it("shows an example that ends by itself on PostgreSQL, too", async () => {
    const fresh = await freshDatabase();
    const folder = mkdtempSync(fileURLToPath(new URL(".readme-", root)));
    try {
      const example = readFileSync(new URL("docs/examples/first-saga.ts", root), "utf8");
      const onServer = example
        .replace("memoryDatabase, ", "")
        .replace("= memoryDatabase()", `= await postgresDatabase({ url: "${fresh.url}" })`);
      writeFileSync(
        join(folder, "saga.ts"),
        `import { postgresDatabase } from "quadrille/postgres";\n${onServer}`,
      );
      // A process that does not end is stopped, and fails.
      const printed = execFileSync(
        process.execPath,
        ["--conditions=quadrille-source", join(folder, "saga.ts")],
        { encoding: "utf8", timeout: 120_000 },
      );
      expect(printed).toContain("end: 'sold'");
    } finally {
      rmSync(folder, { recursive: true });
      await fresh.drop();
    }
  });

  it("shows an example in which the checker finds nothing, and which the checker does not start", async () => {
    const { code, out } = await runCli(["check", "docs/examples/first-saga.ts"]);
    expect(code).toBe(0);
    expect(out).toContain("Ends: sold in 1 way, refused in 1 way, nothing in 1 way.");
    expect(out).not.toContain("sagaId");
  });

  it("links only to what is there", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(new URL(link, root)))).toEqual([]);
  });

  it("names only scripts that exist", () => {
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? "");
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});
