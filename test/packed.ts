// Installs packages of this workspace as from the registry: built, packed, and unpacked in another project.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");

/** What the tests read of a package's manifest. */
export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
}

/** The manifest of a package folder. */
export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** The import names of a package's code entries. */
export function entriesOf({ name, exports }: Manifest): readonly string[] {
  return Object.keys(exports)
    .filter((entry) => !entry.endsWith(".json"))
    .map((entry) => `${name}${entry.slice(1)}`);
}

/**
 * Makes a project in `project` with a `main.ts` that counts what each of the entries exports. The project has
 * TypeScript's types for Node and zod; packages are put into it by {@link installPacked}.
 */
export function makeProject(project: string, entries: readonly string[]): void {
  mkdirSync(project, { recursive: true });
  for (const name of ["@types/node", "zod"]) link(name, project);
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
}

/**
 * Installs a package, and those that it depends on; no optional peers. It is built in a folder beside the
 * project, so that a build in the workspace is left alone.
 */
export function installPacked(packageFolder: string, project: string): void {
  const { name, dependencies } = manifestOf(packageFolder);
  const installed = join(project, "node_modules", name);
  mkdirSync(installed, { recursive: true });
  const tarball = packed(packageFolder, `${project}-${name}`);
  execFileSync("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  for (const needed of Object.keys(dependencies)) link(needed, project, packageFolder);
}

/** What the compiler says about a project. */
export function typecheck(project: string): string {
  try {
    return run(join(root, "node_modules/.bin/tsc"), ["-p", "."], project);
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

/** Runs a program to its end; gives what it prints, throws where it fails. */
export function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, [...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Puts a package that is installed here into the project. */
export function link(name: string, project: string, packageFolder: string = root): void {
  const place = join(project, "node_modules", name);
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  const own = join(packageFolder, "node_modules", name);
  symlinkSync(existsSync(join(own, "package.json")) ? own : join(root, "node_modules", name), place);
}

function packed(packageFolder: string, target: string): string {
  run(process.execPath, [join(packageFolder, "build.ts"), join(target, "dist")], packageFolder);
  for (const part of ["src", "package.json"])
    cpSync(join(packageFolder, part), join(target, part), { recursive: true });
  const file = run("npm", ["pack", "--ignore-scripts", "--silent"], target).trim();
  return join(target, file);
}
