// An old Node is refused in one sentence, by every program that a person starts: no syntax error, and no
// stack.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const old =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})";
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

function run(args: readonly string[]): Promise<{ readonly code: unknown; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", old, ...args], { cwd: root }, (error, _, err) => {
      resolve({ code: error?.code, err });
    });
  });
}

describe.concurrent("an old Node", () => {
  it.each(["start", "example", "quadrille", "desk", "order", "audit", "bench", "planner"])(
    "is refused by npm run %s",
    async (name) => {
      const { code, err } = await run((scripts[name] ?? "").split(" ").slice(1));
      expect(code).toBe(2);
      expect(err).toMatch(/^This needs Node 22\.18 or newer, and runs on Node 20\.20\.2\.[^\n]*\n$/);
    },
  );

  it.each([
    ["quadrille", "packages/cli/src/main.ts"],
    ["quadrille-desk", "packages/desk/src/cli/main.ts"],
    ["quadrille-planner", "packages/planner/src/cli/main.ts"],
  ])("is refused by the installed %s", async (name, main) => {
    const { code, err } = await run(["--conditions=quadrille-source", main, "--help"]);
    expect(code).toBe(2);
    expect(err).toMatch(
      new RegExp(`^${name} needs Node 22\\.18 or newer, and this is Node 20\\.20\\.2\\. Install[^\\n]*\\n$`),
    );
  });
});
