// `npm run docs`: writes the pages that are made from the code, and removes those of codes that no longer
// exist.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { allPages, findingsFolder } from "./generate/pages.ts";

const pages = allPages();
for (const [path, text] of pages) {
  const file = join(import.meta.dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
const old = readdirSync(join(import.meta.dirname, findingsFolder))
  .map((name) => `${findingsFolder}/${name}`)
  .filter((path) => !pages.has(path));
for (const path of old) rmSync(join(import.meta.dirname, path));
console.log(`${pages.size} pages written${old.length === 0 ? "" : `, ${old.length} removed`}.`);
