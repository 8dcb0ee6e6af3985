// What an engineer gets from the registry: the packed library, installed in a project that knows nothing of this workspace.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const library = join(root, "packages/quadrille");

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(library, "package.json"), "utf8")) as Manifest;

describe("the packed library in a foreign project", () => {
  const folder = mkdtempSync(join(tmpdir(), "quadrille-package-"));
  const project = join(folder, "project");
  const entries = Object.keys(manifest.exports)
    .filter((entry) => !entry.endsWith(".json"))
    .map((entry) => `quadrille${entry.slice(1)}`);

  beforeAll(() => {
    const installed = join(project, "node_modules/quadrille");
    mkdirSync(installed, { recursive: true });
    execFileSync("tar", ["-xzf", packed(join(folder, "package")), "-C", installed, "--strip-components=1"]);
    for (const name of [...Object.keys(manifest.dependencies), "@types/node"]) linkDependency(project, name);
    const compilerOptions = {
      module: "nodenext",
      target: "es2024",
      strict: true,
      noEmit: true,
      types: ["node"],
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "foreign", type: "module" }));
    const imports = entries.map((entry, index) => `import * as entry${index} from "${entry}";`);
    const names = entries.map((_, index) => `Object.keys(entry${index}).length`);
    writeFileSync(
      join(project, "main.ts"),
      `${imports.join("\n")}\nconsole.log(JSON.stringify([${names.join(", ")}]));\n`,
    );
    writeFileSync(
      join(project, "wrong.ts"),
      `import { event } from "quadrille";\nexport const made: number = event("Made");\n`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("gives each entry to Node without a condition or a build", () => {
    const counts = JSON.parse(run(process.execPath, ["main.ts"], project)) as readonly number[];
    expect(counts).toHaveLength(entries.length);
    expect(counts[0]).toBeGreaterThan(0);
  });

  it("brings its types: right code compiles, wrong code does not", () => {
    const output = typecheck(project);
    expect(output).toContain("wrong.ts(2,14): error TS2322");
    expect(output.match(/error TS/g)).toHaveLength(1);
  });

  // publint fails where the manifest names a command that is not there; here it is run.
  it.skipIf(!existsSync(join(library, "src/cli/main.ts")))("holds the command", () => {
    const main = join(project, "node_modules/quadrille", manifest.bin["quadrille"] ?? "");
    expect(run(process.execPath, [main, "--help"], project)).toContain("quadrille");
  });
});

/** Builds and packs the library in a folder of its own, so that a build in the workspace is left alone; gives the tarball. */
function packed(target: string): string {
  run(process.execPath, [join(library, "build.ts"), join(target, "dist")], library);
  cpSync(join(library, "src"), join(target, "src"), { recursive: true });
  cpSync(join(library, "package.json"), join(target, "package.json"));
  const file = run("npm", ["pack", "--ignore-scripts", "--silent"], target).trim();
  return join(target, file);
}

function linkDependency(project: string, name: string): void {
  const place = join(project, "node_modules", name);
  mkdirSync(dirname(place), { recursive: true });
  const own = join(library, "node_modules", name);
  try {
    readFileSync(join(own, "package.json"));
    symlinkSync(own, place);
  } catch {
    symlinkSync(join(root, "node_modules", name), place);
  }
}

function typecheck(project: string): string {
  try {
    return run(join(root, "node_modules/.bin/tsc"), ["-p", "."], project);
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, [...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
