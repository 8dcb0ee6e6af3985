// The file and line of a finding: JSON files have lines, a module is named as a whole.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { lineNumbers, lineOf } from "./json-text.ts";

/** Where a finding stands, as an editor opens it. */
export interface FilePlace {
  readonly file: string;
  /** Unknown in a module, whose values have no lines. */
  readonly line: number | undefined;
}

/** Finds the file and line of a JSON pointer. */
export type Locate = (pointer: string) => FilePlace;

/** Reads the files that a choreography was composed of, and finds places in them. */
export async function locator(files: readonly string[], cwd: string): Promise<Locate> {
  const json = files.filter((file) => file.endsWith(".json"));
  const read = await Promise.all(
    json.map(async (file) => ({ file, lines: lineNumbers(await readFile(resolve(cwd, file), "utf8")) })),
  );
  return (pointer) => {
    // What one file does not have, another may: the one with the nearest place around it is meant.
    const depth = (lines: ReadonlyMap<string, number>): number => {
      for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/")))
        if (lines.has(at)) return at.length;
      return 0;
    };
    const [nearest] = read.toSorted((a, b) => depth(b.lines) - depth(a.lines));
    if (nearest === undefined) return { file: files[0] ?? "", line: undefined };
    return { file: nearest.file, line: lineOf(nearest.lines, pointer) };
  };
}
