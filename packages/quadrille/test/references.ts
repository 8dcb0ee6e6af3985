// The nine reference choreographies, as data, by file name without `.json`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChoreographyJson } from "../src/contract/json-form.ts";

const folder = join(import.meta.dirname, "choreographies");

/** The reference choreographies, in the order of their names. */
export const references: ReadonlyMap<string, ChoreographyJson> = new Map(
  readdirSync(folder)
    .toSorted()
    .map((file) => [
      file.replace(/\.json$/, ""),
      JSON.parse(readFileSync(join(folder, file), "utf8")) as ChoreographyJson,
    ]),
);
