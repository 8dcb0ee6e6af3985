// Businesses as their first drafts (naive) and as they came out of the checker (final), by file name
// without `.json`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChoreographyJson } from "../src/contract/json-form.ts";
import { parseChoreography } from "../src/contract/json/parse-json.ts";

const folder = join(import.meta.dirname, "realistic");

/** The contracts of a kind, in the order of their names. */
export function realistic(kind: "naive" | "final"): readonly (readonly [string, ChoreographyJson])[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(`.${kind}.json`));
  return files.toSorted().map((file) => {
    const parsed = parseChoreography(JSON.parse(readFileSync(join(folder, file), "utf8")));
    if (!parsed.ok) throw new Error(`${file}: ${parsed.problems[0]?.message}`);
    return [file.replace(`.${kind}.json`, ""), parsed.choreography];
  });
}
