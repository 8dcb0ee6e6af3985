// For tests: data folders in which PGlite has already made an empty database. To make one takes it several
// times as much computing as to open one, so one is made after each `npm ci`, and copied.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pgliteClient } from "../packages/quadrille/src/store/postgres/pglite-database.ts";

const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules/.cache/quadrille");

/** Makes a data folder as the first start of a program leaves it before it makes tables. */
export async function initialisedFolder(folder: string): Promise<void> {
  const template = join(cache, `pglite-${pgliteVersion()}`);
  if (!existsSync(template)) await makeTemplate(template);
  cpSync(template, join(folder, "data"), { recursive: true });
}

async function makeTemplate(template: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "making-"));
  const client = await pgliteClient(folder);
  await client[Symbol.asyncDispose]();
  try {
    renameSync(join(folder, "data"), template);
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What one version has made, another one may not open. */
function pgliteVersion(): string {
  const library = createRequire(join(root, "packages/quadrille/package.json"));
  const entry = library.resolve("@electric-sql/pglite");
  const manifest = readFileSync(join(dirname(entry), "../package.json"), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
